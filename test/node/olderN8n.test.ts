import { ExecuteContext } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';
import { toItems } from '../../nodes/AlibabaCloudChatApp/actions/output';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

type NodeFile = typeof import('../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js');
type CredentialFile = typeof import('../../credentials/AlibabaCloudOpenApi.credentials');

const simulator = useSimulator();

const run = async () =>
	await runNode({
		simulator,
		items: [{ email: 'ann@example.com' }],
		set: { underMinimum: 'warn' },
		clock: stillClock(),
	});

/** n8n's engine without something that an earlier one lacks. */
async function without<T>(name: keyof ExecuteContext, work: () => Promise<T>): Promise<T> {
	const owner = [ExecuteContext.prototype, Object.getPrototypeOf(ExecuteContext.prototype)].find(
		(prototype: object) => Object.hasOwn(prototype, name),
	) as Record<string, unknown>;
	const method = owner[name];
	delete owner[name];
	try {
		return await work();
	} finally {
		owner[name] = method;
	}
}

test("an n8n that can't detect a tool call sends as usual", async () => {
	const { output } = await without('isToolExecution', run);
	expect(output).toMatchObject([{ submitted: 1, complete: true }]);
});

test("an AI agent's tool call returns a short summary", async () => {
	const isTool = jest.spyOn(ExecuteContext.prototype, 'isToolExecution').mockReturnValue(true);
	const { output } = await run().finally(() => isTool.mockRestore());
	expect(output).toMatchObject([{ submitted: 1, complete: true, warnings: [expect.anything()] }]);
	expect(output[0]).toHaveProperty('customAudienceId');
	for (const key of ['batches', 'fields', 'reach', 'pageId']) {
		expect(output[0]).not.toHaveProperty(key);
	}
});

test("an AI agent's tool call returns contacts with all their fields", async () => {
	const isTool = jest.spyOn(ExecuteContext.prototype, 'isToolExecution').mockReturnValue(true);
	const contact = { email: 'ann@example.com', reach: 'high', fields: 'two', pageId: '7' };
	const set = { output: 'users', underMinimum: 'warn' };
	const { output } = await runNode({ simulator, items: [contact], set }).finally(() =>
		isTool.mockRestore(),
	);
	expect(output).toMatchObject([{ ...contact, customAudience: { status: 'submitted' } }]);
});

test('an n8n that lacks what the node needs is reported as too old, before any call', async () => {
	const { error, calls } = await without('addExecutionHints', run);
	expect(error).toMatchObject({
		message: 'This version of n8n is too old for this node',
		description: expect.stringContaining('1.123.81'),
	});
	expect(calls).toEqual([]);
});

test('an even older n8n can still load the node and its credential', () => {
	jest.doMock('n8n-workflow', () => ({
		...jest.requireActual<object>('n8n-workflow'),
		UserError: undefined,
		NodeConnectionTypes: undefined,
	}));
	jest.isolateModules(() => {
		const { AlibabaCloudChatApp } = jest.requireActual<NodeFile>(
			'../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js',
		);
		const { AlibabaCloudOpenApi } = jest.requireActual<CredentialFile>(
			'../../credentials/AlibabaCloudOpenApi.credentials',
		);
		expect(new AlibabaCloudChatApp().description).toMatchObject({ inputs: ['main'] });
		expect(new AlibabaCloudOpenApi().name).toBe('alibabaCloudOpenApi');
	});
	jest.dontMock('n8n-workflow');
});

test("an item for the error output also has its own error, which doesn't change its JSON", () => {
	const [item] = toItems({
		rows: [],
		errors: [{ error: 'Not sent', details: { status: 'invalid' }, from: 0 }],
	}) as [INodeExecutionData];
	expect(item.error).toEqual({ message: 'Not sent' });
	expect({ ...item }).toEqual({
		json: { error: 'Not sent', details: { status: 'invalid' } },
		pairedItem: { item: 0 },
	});
});
