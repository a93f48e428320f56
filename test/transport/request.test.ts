import { createRequest } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';

const simulator = useSimulator();
const ids = (space = 'cams-simulator1') => ({ CustSpaceId: space, PageId: '100000000000001' });
const AD_ACCOUNTS = 'ListPageAdAccount';
const error = (status: number, code: string) => ({ kind: 'error', status, code }) as const;

const open = (maxTries = 3, clock = stillClock()) =>
	createRequest(connectionTo(simulator, { clock }), maxTries);

test('a call that can go better is made again, as often as it may', async () => {
	simulator.misbehave([1, 2], { kind: 'throttle' }, AD_ACCOUNTS);
	const clock = stillClock();
	await expect(open(3, clock)(AD_ACCOUNTS, ids())).resolves.toMatchObject({
		accepted: true,
		requestId: expect.stringMatching(/./),
		body: { Code: 'OK' },
	});
	expect(clock.waits).toHaveLength(2);
	simulator.reset();
	simulator.misbehave([1, 2, 3], error(503, 'ServiceUnavailable'), AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids())).rejects.toMatchObject({
		action: AD_ACCOUNTS,
		kind: 'temporary',
		code: 'ServiceUnavailable',
	});
	expect(simulator.requests).toHaveLength(3);
});

test('the version that is asked for is that of the API', async () => {
	await open()(AD_ACCOUNTS, ids());
	expect(simulator.requests[0]?.headers['x-acs-version']).toBe('2020-06-06');
});

test.each([
	['SignatureDoesNotMatch', 400, 'key', [1, 1, 1, 1]],
	['NoPermission', 403, 'permission', [1, 2, 3, 3]],
	['InvalidParameter', 400, 'rejected', [1, 2, 3, 4]],
] as const)(
	'%s ends what it holds for without another call',
	async (code, status, kind, counts) => {
		for (const action of [AD_ACCOUNTS, 'ListCustomAudience']) {
			simulator.misbehave(() => true, error(status, code), action);
		}
		const request = open();
		const Page = '{"Index":1,"Size":50}';
		const calls: Array<[action: string, query: Record<string, string>]> = [
			[AD_ACCOUNTS, ids()],
			[AD_ACCOUNTS, ids('cams-simulator2')],
			['ListCustomAudience', { ...ids(), Page }],
			[AD_ACCOUNTS, ids()],
		];
		for (const [index, [action, query]] of calls.entries()) {
			await expect(request(action, query)).rejects.toMatchObject({
				action,
				kind,
				code,
			});
			expect(simulator.requests).toHaveLength(counts[index] ?? NaN);
		}
	},
);

const FIX = 'Look first whether it was made';

test.each([
	['a reset connection', { kind: 'reset' }],
	['a page of a gateway', { kind: 'html', status: 502 }],
	['half an answer', { kind: 'cutOff' }],
] as const)('what must not be done twice is not done again after %s', async (_name, fault) => {
	simulator.misbehave(1, fault, AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids(), FIX)).rejects.toMatchObject({
		kind: 'rejected',
		fix: FIX,
		answerLost: true,
		what: expect.stringMatching(/./),
	});
	expect(simulator.requests).toHaveLength(1);
	simulator.reset();
	simulator.misbehave(1, fault, AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids())).resolves.toMatchObject({ accepted: true });
});

test('what must not be done twice is done again when it was not done', async () => {
	simulator.misbehave(1, { kind: 'throttle' }, AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids(), FIX)).resolves.toMatchObject({ accepted: true });
	simulator.misbehave(3, error(400, 'InvalidParameter'), AD_ACCOUNTS);
	const refused: unknown = await open()(AD_ACCOUNTS, ids(), FIX).catch((e) => e);
	expect(refused).toMatchObject({ code: 'InvalidParameter', answerLost: false });
	expect(refused).not.toMatchObject({ fix: FIX });
});

test('a canceled run ends its waits and makes no more calls', async () => {
	simulator.misbehave(() => true, { kind: 'throttle' }, AD_ACCOUNTS);
	const controller = new AbortController();
	const clock = {
		...stillClock(),
		sleep: async () => {
			controller.abort(new Error('stopped'));
			await new Promise<never>(() => {});
		},
	};
	const cancelSignal = controller.signal;
	const request = createRequest(connectionTo(simulator, { clock, cancelSignal }), 3);
	await expect(request(AD_ACCOUNTS, ids())).rejects.toThrow('stopped');
	expect(simulator.requests).toHaveLength(1);
});
