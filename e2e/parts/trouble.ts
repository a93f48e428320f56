import assert from 'node:assert/strict';
import { contacts } from '../contacts';
import { bring, oneEach, triggered } from '../n8n/collecting';
import { byStatus, readRows, TABLE, tablePath } from '../n8n/dataTable';
import type { Rest } from '../n8n/rest';
import type { Server } from '../n8n/server';
import type { Part } from '../run';

const PATH = 'trouble';
const FLOW = { path: PATH, onError: 'continueErrorOutput', options: { output: 'users' } };

/** The result for a contact that the Data Table can't store: it fails with a message, and nothing is sent. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const data = await stage.credentialData();
	const open = async (env: Record<string, string>, name: string): Promise<Server> => {
		const server = await stage.startServer(stage.userFolder(), { DB_TYPE: 'sqlite', ...env }, name);
		await server.rest.setUpOwner();
		const credential = await server.rest.createCredential('Alibaba Cloud account', data);
		const flow = triggered(credential, FLOW);
		// What leaves by the error output is what the webhook answers.
		flow.nodes.push({
			...flow.nodes[1]!,
			id: 'e',
			name: 'Left',
			type: 'n8n-nodes-base.noOp',
			parameters: {},
		});
		(flow.connections as Record<string, unknown>)['Add Users'] = {
			main: [[], [{ node: 'Left', type: 'main', index: 0 }]],
		};
		await server.rest.activate(await server.rest.createWorkflow(flow));
		return server;
	};
	const resultOf = async ({ rest }: { rest: Rest }, number: number) => {
		const [answer] = await bring(rest, PATH, oneEach(contacts(1, number)));
		return answer?.body ?? '';
	};
	simulator.reset();

	const settings: Array<[what: string, name: string, value: string]> = [
		['the space of all tables is used up', 'N8N_DATA_TABLES_MAX_SIZE_BYTES', '1'],
		['Data Tables are switched off', 'N8N_DISABLED_MODULES', 'data-table,insights,mcp,chat-hub'],
		['the node is excluded', 'NODES_EXCLUDE', '["n8n-nodes-base.dataTable"]'],
	];
	for (const [what, name, value] of settings) {
		await report.step(what, async () => {
			const server = await open({ [name]: value }, name);
			const body = await resultOf(server, 1);
			report.figure(body.slice(0, 400));
			assert.match(body, new RegExp(name));
			await server.stop();
		});
	}

	await report.step('a column, then the table is renamed; then it is deleted', async () => {
		// The sub-workflow has its own policy, so an instance's default doesn't matter.
		const policy = { N8N_WORKFLOW_CALLER_POLICY_DEFAULT_OPTION: 'none' };
		const server = await open(policy, 'renamed');
		const { rest } = server;
		await resultOf(server, 1);
		const table = await tablePath(rest);
		const columns = await rest.get<Array<{ id: string; name: string }>>(`${table}/columns`);
		const phone = columns.find(({ name }) => name === 'phone');
		await rest.patch(`${table}/columns/${phone?.id}/rename`, { name: 'mobile' });
		const lacking = await resultOf(server, 2);
		report.figure(lacking.slice(0, 400));
		assert.match(lacking, /phone \(string\)/);
		await rest.patch(`${table}/columns/${phone?.id}/rename`, { name: 'phone' });
		await rest.patch(table, { name: `${TABLE}_old` });
		const renamed = await resultOf(server, 3);
		report.figure(renamed.slice(0, 400));
		assert.match(renamed, /was renamed to/);
		await rest.patch(table, { name: TABLE });
		await rest.delete(table);
		const again = await resultOf(server, 4);
		report.figure(again.slice(0, 400));
		assert.deepEqual(byStatus(await readRows(rest)), { waiting: 1 });
		await server.stop();
		// n8n's debug log contains the parameters of each step that fails.
		for (const { email } of contacts(4)) assert.ok(!server.readLog().includes(email), email);
	});
	assert.deepEqual(simulator.uploads, []);
};
