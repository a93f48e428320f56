import { call } from './signedClient';
import { IDS, send, signed, users, type CallToSign } from './signedClient';
import { startSimulator } from './simulator';
import { useSimulator } from './useSimulator';

const simulator = useSimulator({ maxBodyBytes: 1_000_000 });

describe('rejects the request', () => {
	const upload = (value: unknown): CallToSign => ({ form: { Users: JSON.stringify(value) } });
	const extra = (fields: Record<string, string>): CallToSign => ({ query: { ...IDS, ...fields } });
	test.each<[string, CallToSign, string, string | RegExp]>([
		[
			'no CustSpaceId',
			{ query: { PageId: 'p' } },
			'MissingCustSpaceId',
			'CustSpaceId is mandatory for this action.',
		],
		['an empty PageId', extra({ PageId: '' }), 'MissingPageId', /PageId/],
		['no Users', { form: {} }, 'MissingUsers', 'Users is mandatory for this action.'],
		[
			'Users in a body that is no form',
			{ headers: { 'content-type': 'application/json' } },
			'MissingUsers',
			/Users/,
		],
		['Users twice', extra(users(1)), 'InvalidParameter', /Users is given twice/],
		['Users that are not JSON', { form: { Users: '[{' } }, 'InvalidParameter', /not JSON/],
		['Users that are no array', upload({ Email: 'a@b.de' }), 'InvalidParameter', /not an array/],
		['no user in Users', upload([]), 'InvalidParameter', /empty/],
		['10,001 users', { form: users(10_001) }, 'InvalidParameter', /10001 users/],
		['a user that is a string', upload(['a@b.de']), 'InvalidParameter', /entry 0 is not an object/],
		[
			'a user with neither field',
			upload([{ Email: 'a@b.de' }, {}]),
			'InvalidParameter',
			/entry 1 has neither/,
		],
		[
			'a user with another field',
			upload([{ email: 'a@b.de' }]),
			'InvalidParameter',
			/entry 0 has a field/,
		],
		['an empty email', upload([{ Email: '', Phone: '1' }]), 'InvalidParameter', /empty Email/],
		['a phone that is a number', upload([{ Phone: 1 }]), 'InvalidParameter', /Phone/],
		[
			'a flag that is no boolean',
			extra({ BatchLastFlag: 'True' }),
			'InvalidParameter',
			/BatchLastFlag/,
		],
		['an empty flag', extra({ BatchLastFlag: '' }), 'InvalidParameter', /BatchLastFlag/],
		[
			'a negative total',
			extra({ EstimatedNumTotal: '-1' }),
			'InvalidParameter',
			/EstimatedNumTotal/,
		],
		[
			'a total with a fraction',
			extra({ EstimatedNumTotal: '1.5' }),
			'InvalidParameter',
			/EstimatedNumTotal/,
		],
		[
			'an unknown parameter',
			extra({ BatchLast: 'true' }),
			'InvalidParameter',
			/no parameter BatchLast/,
		],
	])('with %s', async (_, wish, code, message) => {
		const { status, body } = await call(simulator, wish);
		expect({ status, code: body.Code }).toEqual({ status: 400, code });
		expect(body.Message).toMatch(message);
		expect(body.Message).not.toMatch('a@b.de');
		expect(simulator.uploads).toEqual([]);
	});

	test('with a request line over 16 KB, by an HTML page', async () => {
		const answer = await send(simulator, signed({ query: { ...IDS, ...users(500) }, form: {} }));
		expect(answer).toMatchObject({ status: 414, headers: { 'content-type': 'text/html' } });
		expect(answer.text).toMatch('Request-URI Too Large');
		const million = await send(
			simulator,
			signed({ query: { ...IDS, ...users(10_000) }, form: {} }),
		);
		expect(million.status).toBe(414);
	});

	test('with a body over the limit, by an HTML page', async () => {
		const fits = signed({ form: { Users: `[{"Email":"${'a'.repeat(999_900)}"}]` } });
		expect((await send(simulator, fits)).status).toBe(200);
		const answer = await send(simulator, signed({ form: { Users: 'a'.repeat(1_000_000) } }));
		expect(answer.status).toBe(413);
		expect(simulator.requests[1]).toMatchObject({ status: 413, code: '', bodyBytes: 1_000_006 });
	});

	test('with another method or path', async () => {
		const remove = await send(simulator, signed({ method: 'DELETE' }));
		expect(remove.status).toBe(404);
		const elsewhere = signed();
		elsewhere.path = `/users${elsewhere.path}`;
		expect((await send(simulator, elsewhere)).status).toBe(404);
	});
});

describe('with strict IDs', () => {
	test.each(Object.keys(IDS))('rejects an unknown %s with a business code', async (name) => {
		const strict = await startSimulator({ strictIds: true });
		await expect(call(strict)).resolves.toMatchObject({ body: { Success: true } });
		const query = { ...IDS, [name]: 'unknown' };
		const rejection = { Success: false, Code: 'ParameterIllegal', Message: `${name} is illegal.` };
		await expect(call(strict, { query })).resolves.toMatchObject({ status: 200, body: rejection });
		expect(strict.uploads[0]?.batches).toHaveLength(1);
		await strict.close();
	});
});

describe('a gateway that ignores the body', () => {
	const gateway = useSimulator({ ignoreBody: true, maxUrlBytes: 2000 });

	test("doesn't find the users in it", async () => {
		const { status, body } = await call(gateway, { form: users(1) });
		expect([status, body.Code]).toEqual([400, 'MissingUsers']);
		expect(gateway.uploads).toEqual([]);
	});

	test('reads those in the query', async () => {
		const { body } = await call(gateway, { query: { ...IDS, ...users(2) }, form: {} });
		expect(body.Code).toBe('OK');
		expect(gateway.requests[0]?.users).toEqual([
			{ Email: 'user0@example.com' },
			{ Email: 'user1@example.com' },
		]);
		expect(gateway.uploads[0]?.users).toHaveLength(2);
	});

	test('has the given URL limit', async () => {
		const length = (count: number) =>
			signed({ query: { ...IDS, ...users(count) }, form: {} }).path.length;
		let most = 1;
		while (length(most + 1) <= 2000) most++;
		const status = async (count: number) =>
			(await send(gateway, signed({ query: { ...IDS, ...users(count) }, form: {} }))).status;
		expect([await status(most), await status(most + 1)]).toEqual([200, 414]);
	});
});
