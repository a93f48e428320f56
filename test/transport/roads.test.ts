import { connectApi } from '../../nodes/AlibabaCloudChatApp/transport/api';
import type { RpcCall } from '../../nodes/AlibabaCloudChatApp/transport/client';
import type { HttpCall, SendHttp } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { stillClock } from '../engine/stillClock';

const KEY = {
	accessKeyId: 'id',
	accessKeySecret: 'the-secret-of-it',
	securityToken: 'CAIS-the-token',
};
const USERS = JSON.stringify([{ Email: 'ada@example.com', Phone: '15550100101' }]);
const PERSONAL = /ada|example\.com|0101|Users|BatchLastFlag|the-secret|CAIS-|127\.0\.0\.1/;

const ROADS: Array<[name: string, call: Pick<RpcCall, 'query' | 'form'>]> = [
	['the body', { query: { BatchLastFlag: 'true' }, form: { Users: USERS } }],
	['the query', { query: { BatchLastFlag: 'true', Users: USERS } }],
];

/** What a server, or what n8n says of a broken connection, may quote. */
const ANSWERS: Array<[name: string, send: (call: HttpCall, all: string) => ReturnType<SendHttp>]> =
	[
		['a reset with the URL', async (_, all) => await broken('ECONNRESET', all)],
		['a refused connection with the URL', async (_, all) => await broken('ECONNREFUSED', all)],
		['a certificate with the URL', async (_, all) => await broken('CERT_HAS_EXPIRED', all)],
		['a code that is the URL', async (_, all) => await broken(all, all)],
		['no code', async (_, all) => await broken(undefined, all)],
		[
			'an echo in JSON',
			async (_, all) => answer(400, { Code: 'Echo', Message: all, RequestId: all }),
		],
		['an echo as the code', async (_, all) => answer(200, { Code: all, Success: false })],
		['an echo as a page', async (_, all) => ({ status: 502, headers: {}, text: all })],
		[
			'an echo as an acceptance',
			async (_, all) => answer(200, { Code: 'OK', Success: true, RequestId: all }),
		],
		[
			'an echo beside an acceptance',
			async (_, all) => answer(200, { Success: true, Message: all }),
		],
		[
			'an echo as a header',
			async (_, all) => ({ status: 307, headers: { location: all, 'retry-after': all }, text: '' }),
		],
	];

async function broken(code: string | undefined, all: string): Promise<never> {
	throw Object.assign(new Error(`connect to ${all}`, { cause: new Error(all) }), { code });
}

function answer(status: number, body: object) {
	return { status, headers: {}, text: JSON.stringify(body) };
}

describe.each(ROADS)('a call with its users in %s', (_, road) => {
	const call: RpcCall = {
		action: 'AddCustomAudienceUser',
		version: '2020-06-06',
		...road,
		personal: () => ['ada@example.com', '15550100101'],
	};

	it.each(ANSWERS)(
		'tells nothing of them, of its URL or of its key after %s',
		async (_name, send) => {
			const result = await connectApi({
				key: KEY,
				origin: 'https://127.0.0.1',
				sendHttp: async (sent) =>
					await send(sent, `POST ${sent.url} ${sent.body} ${JSON.stringify(sent.headers)}`),
				clock: stillClock(),
				timeout: 1000,
			})(call);
			const { body, ...shown } = result as unknown as Record<string, unknown>;
			expect(JSON.stringify(shown)).not.toMatch(PERSONAL);
		},
	);

	it('goes as it was asked to', async () => {
		const sent: HttpCall[] = [];
		await connectApi({
			key: KEY,
			origin: 'https://127.0.0.1',
			sendHttp: async (one) => {
				sent.push(one);
				return answer(200, { Code: 'OK', Success: true });
			},
			clock: stillClock(),
			timeout: 1000,
		})(call);
		const { searchParams } = new URL(sent[0]?.url ?? '');
		expect(searchParams.get('Users')).toBe(road.query.Users ?? null);
		expect(sent[0]?.body?.toString()).toBe(road.form && `Users=${encodeURIComponent(USERS)}`);
	});
});

test('the key that signed is the key that is kept out, though another one is there by then', async () => {
	const keys = ['first', 'second'].map((name) => ({
		...KEY,
		accessKeySecret: `${name}-secret-of-it`,
	}));
	const key = {
		current: async () => keys.shift() ?? KEY,
		renewed: async () => KEY,
	};
	const result = await connectApi({
		key,
		origin: 'https://127.0.0.1',
		sendHttp: async () => answer(400, { Code: 'Echo', Message: 'Signed with first-secret-of-it' }),
		clock: stillClock(),
		timeout: 1000,
	})({ action: 'ListInstance', version: '2020-06-06', query: {} });
	expect(JSON.stringify(result)).not.toContain('first-secret');
	expect(keys).toHaveLength(1);
});

test('a token is kept out though an answer repeats nothing else, and where the call was accepted', async () => {
	const token = 'CAIS1-the-token-of-it';
	const ask = async (body: object) =>
		await connectApi({
			key: { ...KEY, securityToken: token },
			origin: 'https://127.0.0.1',
			sendHttp: async () => answer(200, body),
			clock: stillClock(),
			timeout: 1000,
		})({ action: 'ListInstance', version: '2020-06-06', query: {} });
	const refused = await ask({ Code: 'Echo', Message: `No session is known by ${token}` });
	expect(JSON.stringify(refused)).not.toContain(token);
	const accepted = await ask({ Code: 'OK', Success: true, RequestId: token });
	expect(accepted).toMatchObject({ accepted: true, requestId: '[hidden]' });
});
