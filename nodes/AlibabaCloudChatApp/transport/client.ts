import type OpenApiClient from '@alicloud/openapi-client';
import type { OpenApiRequest, Params } from '@alicloud/openapi-client';
import { type AccessKey, signRequest } from '../../../credentials/signing';
import { type Clock, withDeadline } from '../async';
import { formBody, type HttpAnswer, type SendHttp } from './http';

/** Everything that a call needs beside its own parameters. */
export interface Connection {
	/** A source for a key that changes, e.g. an assumed role's: asked once for each call. */
	key: AccessKey | KeySource;
	/** Scheme, host and port. */
	origin: string;
	sendHttp: SendHttp;
	clock: Clock;
	/** Aborted when the execution is canceled in n8n. */
	cancelSignal?: AbortSignal;
	/** Milliseconds one call may take. */
	timeout: number;
}

/** A key that changes while the node runs. */
export interface KeySource {
	/** @throws ApiError when there is no key to be had */
	current(): Promise<AccessKey>;
	/**
	 * Another key than one that was refused.
	 * @throws ApiError when there is none to be had
	 */
	renewed(refused: AccessKey): Promise<AccessKey>;
}

export interface RpcCall {
	action: string;
	version: string;
	/** Parameters that go into the URL. */
	query: Record<string, string>;
	/** Parameters that go into the body, as a form; absent for a call whose parameters are all in the query. */
	form?: Record<string, string>;
	/** The addresses, numbers and hashes in it: what an answer says is shown only if it repeats none of them. */
	personal?: () => Iterable<string>;
}

/** The key to sign a call with. @throws ApiError */
export async function currentKey({ key }: Pick<Connection, 'key'>): Promise<AccessKey> {
	return 'current' in key ? await key.current() : key;
}

/** @returns what the server answered, whatever its status; rejects when there is no answer */
export type SendCall = (call: RpcCall, key: AccessKey) => Promise<HttpAnswer>;

/**
 * Alibaba Cloud's own client with n8n's HTTP helper as its way out, as a function that makes one signed call.
 * The SDK is loaded here and not with the file: it costs 100 ms and 22 MB, which a node that isn't run must not take.
 */
export async function openClient(connection: Connection): Promise<SendCall> {
	const sdk = await import('@alicloud/openapi-client');
	const { RuntimeOptions } = await import('@alicloud/tea-util');
	const config = new sdk.Config({});

	// The SDK's transport ignores proxies and loses the status of answers that aren't JSON; the rest of it stays.
	class N8nClient extends sdk.default {
		constructor(private readonly key: AccessKey) {
			super(config);
		}

		async doRequest(...[params, request]: Parameters<OpenApiClient['doRequest']>) {
			const answer = await sendSigned(connection, { params, request, key: this.key });
			return answer as unknown as Awaited<ReturnType<OpenApiClient['doRequest']>>;
		}
	}

	// A client for each call, since two calls at a time may be signed with two keys.
	return async ({ action, version, query, form }, key) =>
		(await new N8nClient(key).callApi(
			new sdk.Params({
				action,
				version,
				method: 'POST',
				pathname: '/',
				style: 'RPC',
				authType: 'AK',
				reqBodyType: 'formData',
				bodyType: 'string',
			}),
			new sdk.OpenApiRequest({ query, body: form }),
			new RuntimeOptions({}),
		)) as unknown as HttpAnswer;
}

async function sendSigned(
	connection: Connection,
	call: { params: Params; request: OpenApiRequest; key: AccessKey },
): Promise<HttpAnswer> {
	const { params, request, key } = call;
	const { pathname, action, version } = params as Required<Params>;
	const form = request.body as Record<string, string> | undefined;
	const body = form && formBody(form);
	const { url, headers } = await signRequest(
		{
			method: 'POST',
			origin: connection.origin,
			pathname,
			query: request.query ?? {},
			headers: {
				accept: 'application/json',
				...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
			},
			body,
			action,
			version,
		},
		key,
		{ now: connection.clock.now(), nonce: connection.clock.nonce() },
	);
	return await withDeadline(
		connection,
		async (signal) => await connection.sendHttp({ method: 'POST', url, headers, body, signal }),
	);
}
