import { createHash, randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { OpenApiUtil } from '@alicloud/openapi-core';
import { DEFAULT_KEY, KNOWN, PAGE_IDS, type AccessKey, type Simulator } from './simulator';

/** A request to sign; the defaults are those of a valid AddCustomAudienceUser call. */
export interface CallToSign {
	action?: string;
	version?: string;
	method?: string;
	query?: Record<string, string>;
	/** Sent as a form. */
	form?: Record<string, string>;
	key?: AccessKey;
	/** Set before signing; undefined removes a header. */
	headers?: Record<string, string | undefined>;
}

export interface WireRequest {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: string;
}

export interface WireResponse {
	status: number;
	headers: IncomingHttpHeaders;
	text: string;
}

/** The four IDs of the default world's first audience, as parameters. */
export const IDS = {
	...PAGE_IDS,
	AdAccountId: KNOWN.adAccountId,
	CustomAudienceId: KNOWN.customAudienceId,
};

/** Signs with Alibaba Cloud's own signer, so that the simulator isn't tested against itself. */
export function signed(given: CallToSign = {}): WireRequest {
	const {
		key = DEFAULT_KEY,
		method = 'POST',
		query = IDS,
		action = 'AddCustomAudienceUser',
	} = given;
	const form =
		given.form ?? (action === 'AddCustomAudienceUser' && method === 'POST' ? users(1) : {});
	const body = new URLSearchParams(form).toString();
	const bodyHash = createHash('sha256').update(body).digest('hex');
	const headers: Record<string, string> = {
		host: 'cams.ap-southeast-1.aliyuncs.com',
		'x-acs-action': action,
		'x-acs-version': given.version ?? (action === 'AssumeRole' ? '2015-04-01' : '2020-06-06'),
		'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
		'x-acs-signature-nonce': randomUUID(),
		'x-acs-content-sha256': bodyHash,
	};
	if (body) headers['content-type'] = 'application/x-www-form-urlencoded';
	if (key.securityToken) headers['x-acs-security-token'] = key.securityToken;
	for (const [name, value] of Object.entries(given.headers ?? {})) {
		if (value === undefined) delete headers[name];
		else headers[name] = value;
	}
	const unsigned = { method, pathname: '/', query, headers } as never;
	headers.authorization = OpenApiUtil.getAuthorization(
		unsigned,
		'ACS3-HMAC-SHA256',
		bodyHash,
		key.accessKeyId,
		key.accessKeySecret,
	);
	const search = new URLSearchParams(query).toString();
	return { method, path: search ? `/?${search}` : '/', headers, body };
}

/** Different users, as a form. */
export function users(count: number): { Users: string } {
	const list = Array.from({ length: count }, (_, index) => ({ Email: `user${index}@example.com` }));
	return { Users: JSON.stringify(list) };
}

/**
 * Sends a request unchanged, on a new connection.
 * @throws Error if there is no full response
 */
export function send(
	simulator: Pick<Simulator, 'url' | 'port'>,
	request: WireRequest,
	signal?: AbortSignal,
): Promise<WireResponse> {
	const open = simulator.url.startsWith('https') ? httpsRequest : httpRequest;
	return new Promise((resolve, reject) => {
		const { method, path, headers, body } = request;
		const options = {
			host: '127.0.0.1',
			port: simulator.port,
			method,
			path,
			headers: { ...headers, 'content-length': Buffer.byteLength(body) },
			agent: false as const,
			rejectUnauthorized: false,
			...(signal ? { signal } : {}),
		};
		const outgoing = open(options, (incoming) => {
			const chunks: Buffer[] = [];
			incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
			incoming.on('error', reject);
			incoming.on('end', () =>
				resolve({
					status: incoming.statusCode ?? 0,
					headers: incoming.headers,
					text: Buffer.concat(chunks).toString(),
				}),
			);
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}

/**
 * Waits for a condition.
 * @throws Error if it isn't met in time
 */
export async function until(condition: () => boolean, withinMs = 2000): Promise<void> {
	const deadline = performance.now() + withinMs;
	while (!condition()) {
		if (performance.now() > deadline) throw new Error(`Timed out waiting until ${condition}`);
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
}

/** Every field that a test reads from a response. */
export interface ResponseBody {
	RequestId: string;
	HostId: string;
	Code: string;
	Message: string;
	Success: boolean;
	Recommend: string;
	AccessDeniedDetail: Record<string, string>;
	Data: Record<string, unknown>[];
	Total: number;
	TotalCount: number;
	NextPage?: string;
	CustomAudienceId: string;
	TaskCode: string;
	Credentials: Record<'AccessKeyId' | 'AccessKeySecret' | 'SecurityToken' | 'Expiration', string>;
	AssumedRoleUser: { Arn: string };
}

/** Signs and sends a request, and reads the response as JSON. */
export async function call(
	simulator: Simulator,
	given: CallToSign = {},
): Promise<{ status: number; body: ResponseBody }> {
	const { status, text } = await send(simulator, signed(given));
	return { status, body: JSON.parse(text) as ResponseBody };
}

/** Calls an action with its parameters in the query. */
export async function callAction(
	simulator: Simulator,
	action: string,
	query: Record<string, string>,
): Promise<ResponseBody> {
	return (await call(simulator, { action, query })).body;
}
