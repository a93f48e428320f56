import { call } from './ask';
import { IDS, send, signed, users } from './signedClient';
import { useSimulator } from './useSimulator';

const simulator = useSimulator({ ignoreBody: true, maxUrlBytes: 2000 });

test('a gateway that ignores the body misses the users in it', async () => {
	const { status, body } = await call(simulator, { form: users(1) });
	expect([status, body.Code]).toEqual([400, 'MissingUsers']);
	expect(simulator.uploads).toEqual([]);
});

test('and reads those in the query', async () => {
	const { body } = await call(simulator, { query: { ...IDS, ...users(2) }, form: {} });
	expect(body.Code).toBe('OK');
	expect(simulator.requests[0]?.users).toEqual([
		{ Email: 'user0@example.com' },
		{ Email: 'user1@example.com' },
	]);
	expect(simulator.uploads[0]?.users).toHaveLength(2);
});

test('its limit to a URL is the one it was given', async () => {
	const length = (count: number) =>
		signed({ query: { ...IDS, ...users(count) }, form: {} }).path.length;
	let most = 1;
	while (length(most + 1) <= 2000) most++;
	const status = async (count: number) =>
		(await send(simulator, signed({ query: { ...IDS, ...users(count) }, form: {} }))).status;
	expect([await status(most), await status(most + 1)]).toEqual([200, 414]);
});
