import type { INodeParameters } from 'n8n-workflow';
import { AD_ACCOUNT, AUDIENCE, PAGE } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const POWERLESS = { accessKeyId: 'LTAI5tPowerless', accessKeySecret: 'powerless', allow: [] };

const simulator = useSimulator({ keys: [DEFAULT_KEY, POWERLESS] });

const run = async (name: string, parameters: INodeParameters, more: Partial<NodeRun> = {}) =>
	await runNode({ simulator, operation: name, set: parameters, ...more });

/** Each with its first call. */
const OPERATIONS: Array<[name: string, parameters: INodeParameters, action: string]> = [
	['adAccount:getMany', PAGE, 'ListPageAdAccount'],
	['customAudience:getMany', PAGE, 'ListCustomAudience'],
	['customAudience:create', { ...AD_ACCOUNT, name: 'Autumn' }, 'ListCustomAudience'],
	['subscriptionToken:getMany', AUDIENCE, 'ListMessengerSubscriptionToken'],
	['subscriptionToken:sync', AUDIENCE, 'SyncMessengerSubscriptionToken'],
];

describe.each(OPERATIONS)('%s', (name, parameters, action) => {
	it('ends the run with code, request ID, hint and item when a call is rejected', async () => {
		const more = { credential: { ...POWERLESS, endpoint: simulator.url } };
		const { error } = await run(name, parameters, more);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: `The key lacks the RAM permission 'cams:${action}'`,
			description: expect.stringMatching(
				`'cams:${action}'.*Request ID [0-9A-F-]{36}. Code NoPermission$`,
			),
			context: { itemIndex: 0, code: 'NoPermission', requestId: expect.any(String) },
		});
	});

	it('tries again if the service is busy', async () => {
		simulator.misbehave([1, 2], { kind: 'throttle' }, action);
		expect((await run(name, parameters)).error).toBeUndefined();
		expect(simulator.requests.filter((call) => call.action === action)).toHaveLength(3);
	});

	it("a rejected item doesn't affect the others in both Continue modes", async () => {
		const items = [{ page: KNOWN.pageId }, { page: '' }, { page: KNOWN.pageId }];
		const perItem = { ...parameters, pageId: '={{ $json.page }}' };
		const sentence =
			"'Page ID' is empty: its expression returned nothing. Check it in the node for this item";
		const continued = await run(name, perItem, { items, onError: 'continue' });
		expect(continued.error).toBeUndefined();
		const failed = continued.items.filter(({ json }) => 'error' in json);
		expect(failed).toEqual([{ json: { error: sentence }, pairedItem: { item: 1 } }]);
		expect(continued.output.length).toBeGreaterThan(2);

		const split = await run(name, perItem, { items, onError: 'output' });
		expect(split.output).toHaveLength(continued.output.length - 1);
		expect(split.errorOutput).toMatchObject([
			{ page: '', error: sentence, details: { code: 'parameter' } },
		]);
	});

	it('returns code and request ID of a rejected call in the error output', async () => {
		const more = {
			credential: { ...POWERLESS, endpoint: simulator.url },
			onError: 'output' as const,
		};
		const { errorOutput } = await run(name, parameters, more);
		expect(errorOutput[0]?.details).toEqual({
			code: 'NoPermission',
			requestId: expect.any(String),
		});
	});

	it.each(['custSpaceId', 'pageId'])(
		'rejects an empty %s before it sends a request',
		async (field) => {
			const { error } = await run(name, { ...parameters, [field]: "={{ '' }}" });
			expect(error).toMatchObject({ name: 'NodeOperationError', context: { itemIndex: 0 } });
			expect(error?.message).toMatch(/is empty: its expression returned nothing$/);
			expect(simulator.requests).toEqual([]);
		},
	);
});

it('ends the run if the node has no such operation', async () => {
	const { error } = await run('customAudience:remove', {});
	expect(error).toMatchObject({
		message: "There is no operation 'remove' for 'customAudience'",
		description: 'Choose both again in the node',
	});
});

it.each<[string, INodeParameters]>([
	['adAccount:getMany', PAGE],
	['customAudience:getMany', PAGE],
	['customAudience:getResult', AUDIENCE],
	['subscriptionToken:getMany', AUDIENCE],
])('%s, which changes nothing, reports an error in its place', async (name, parameters) => {
	const perItem = { ...parameters, pageId: '={{ $json.page }}' };
	const items = [{ page: '' }, { page: KNOWN.pageId }];
	const { output } = await run(name, perItem, { items, onError: 'continue' });
	expect(output.slice(0, 2).map((item) => 'error' in item)).toEqual([true, false]);
});

it.each(['customAudience:create', 'subscriptionToken:sync'])(
	'%s reports an error if nothing was changed, so that Retry On Fail runs it again',
	async (name) => {
		const { output, hints } = await run(
			name,
			{ ...AD_ACCOUNT, name: 'Autumn', pageId: "={{ '' }}" },
			{ onError: 'continue' },
		);
		expect(output.map((item) => Object.keys(item))).toEqual([['error']]);
		expect(hints).toEqual([]);
	},
);

it.each([
	["what the key's permissions forbid", POWERLESS],
	['what needs a key that was refused', { ...POWERLESS, accessKeyId: 'LTAI5tNobody' }],
])("isn't called again for %s", async (_, key) => {
	const more = {
		credential: { ...key, endpoint: simulator.url },
		items: Array.from({ length: 20 }, () => ({})),
		onError: 'continue' as const,
	};
	const { output } = await run('customAudience:getMany', PAGE, more);
	expect(output).toHaveLength(20);
	expect(simulator.requests).toHaveLength(1);
});

it('ends as canceled between two attempts', async () => {
	simulator.misbehave(() => true, { kind: 'throttle' }, 'ListCustomAudience');
	const controller = new AbortController();
	const sleep = async () => {
		controller.abort();
		await new Promise<void>(() => {});
	};
	const clock = { ...stillClock(), sleep };
	const cancelSignal = controller.signal;
	const { output } = await run('customAudience:getMany', PAGE, { clock, cancelSignal });
	expect(output).toEqual([]);
	expect(simulator.requests).toHaveLength(1);
});

it('ends as canceled when the run is stopped', async () => {
	simulator.misbehave(1, { kind: 'silence' }, 'ListCustomAudience');
	const controller = new AbortController();
	const running = run('customAudience:getMany', PAGE, { cancelSignal: controller.signal });
	while (simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	controller.abort();
	const { output } = await running;
	expect(output).toEqual([]);
});
