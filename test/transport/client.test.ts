import { openClient } from '../../nodes/AlibabaCloudChatApp/transport/client';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { until, users } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';

const simulator = useSimulator();
const PAGE = { CustSpaceId: KNOWN.custSpaceId, PageId: KNOWN.pageId };

// The simulator checks the signature by itself.
test('a call is signed as the API wants it, and tells the version that it is for', async () => {
	const clock = { ...connectionTo(simulator).clock, nonce: () => 'nonce-1' };
	const send = await openClient(connectionTo(simulator, { clock }));
	const call = { action: 'ListPageAdAccount', version: '2020-06-06', query: PAGE };
	await expect(send(call, DEFAULT_KEY)).resolves.toMatchObject({ status: 200 });
	expect(simulator.requests).toMatchObject([
		{ method: 'POST', code: 'OK', bodyBytes: 0, query: PAGE },
	]);
	expect(simulator.requests[0]?.url).toMatch(/^\/\?/);
	expect(simulator.requests[0]?.headers).toMatchObject({
		accept: 'application/json',
		'x-acs-action': 'ListPageAdAccount',
		'x-acs-version': '2020-06-06',
		'x-acs-signature-nonce': 'nonce-1',
	});
	expect(simulator.requests[0]?.headers).not.toHaveProperty('content-type');
});

test('a form goes in the body, and is called one', async () => {
	const send = await openClient(connectionTo(simulator));
	const { adAccountId: AdAccountId, customAudienceId: CustomAudienceId } = KNOWN;
	const query = { ...PAGE, AdAccountId, CustomAudienceId, BatchLastFlag: 'true' };
	const call = { action: 'AddCustomAudienceUser', version: '2020-06-06', query, form: users(2) };
	await expect(send(call, DEFAULT_KEY)).resolves.toMatchObject({ status: 200 });
	expect(simulator.attempts).toMatchObject([{ code: 'OK', query, users: [{}, {}] }]);
	expect(simulator.attempts[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});

test("each call is signed with its own key, at the connection's time", async () => {
	const now = Date.now() - 20 * 60_000;
	const clock = { ...connectionTo(simulator).clock, now: () => now };
	const send = await openClient(connectionTo(simulator, { clock }));
	const call = { action: 'ListPageAdAccount', version: '2020-06-06', query: PAGE };
	await Promise.all([
		send(call, DEFAULT_KEY),
		send(call, { ...DEFAULT_KEY, accessKeyId: 'LTAI5tAnother' }),
	]);
	expect(simulator.requests.map(({ code }) => code).sort()).toEqual([
		'InvalidAccessKeyId.NotFound',
		'InvalidTimeStamp.Expired',
	]);
});

test('a call that a run canceled is not sent, and one under way is given up', async () => {
	const controller = new AbortController();
	const connection = connectionTo(simulator, { cancelSignal: controller.signal });
	const send = await openClient(connection);
	const call = { action: 'ListPageAdAccount', version: '2020-06-06', query: PAGE };
	simulator.misbehave(1, { kind: 'silence' }, call.action);
	const underWay = expect(send(call, DEFAULT_KEY)).rejects.toThrow('stopped');
	await until(() => simulator.requests.length === 1);
	controller.abort(new Error('stopped'));
	await underWay;
	await expect(send(call, DEFAULT_KEY)).rejects.toThrow('stopped');
	expect(simulator.requests).toHaveLength(1);
});
