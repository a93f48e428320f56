import type OpenApiClient from '@alicloud/openapi-client';
import { type AccessKey, signRequest } from '../../../credentials/signing';
import { type Clock, Deadline, wait } from '../async';
import { shownRequestId } from '../redact';
import { ApiError, errorOfNetwork, errorOfResponse } from './apiError';
import { type HttpResponse, parseObject, type SendHttp } from './http';

/** Everything that a call needs besides its own parameters; `connect.ts` creates it from the credential. */
export interface Connection {
	/** A source for a key that changes, e.g. an assumed role's: asked once for each call. */
	key: AccessKey | KeySource;
	/** Scheme, host, and port. */
	origin: string;
	sendHttp: SendHttp;
	clock: Clock;
	/** Aborted when the execution is canceled in n8n. */
	cancelSignal?: AbortSignal;
	/** Milliseconds that one call may take. */
	timeout: number;
}

/** A key that changes while the node runs. */
export interface KeySource {
	/** @throws ApiError if there is no key */
	current(): Promise<AccessKey>;
	/**
	 * A key other than the rejected one.
	 * @throws ApiError if there is none
	 */
	renewed(rejected: AccessKey): Promise<AccessKey>;
}

/** A call to an RPC API. */
export interface RpcCall {
	action: string;
	version: string;
	/** Parameters in the URL. */
	query: Record<string, string>;
	/** Parameters in the body, as an encoded form; absent for a call whose parameters are all in the query. */
	body?: Buffer;
	/** The emails, phone numbers, and hashes in the call: a response's message is shown only if it repeats none of them. */
	personal?: () => Iterable<string>;
}

/** The result of an accepted call. */
export interface Accepted {
	accepted: true;
	/** Empty when there is none. */
	requestId: string;
	/** The response's JSON object. */
	body: Record<string, unknown>;
}

/** The result of a call: accepted, or why not. */
export type CallResult = Accepted | { accepted: false; error: ApiError };

/** Makes one call and doesn't retry it, except with a renewed key. @throws only the cancel signal's reason */
export type CallOnce = (call: RpcCall) => Promise<CallResult>;

/** Whether the JSON object of a response with HTTP status 200 means that the call was accepted. */
type IsAcceptance = (body: Record<string, unknown>) => boolean;

const isAcceptance: IsAcceptance = ({ Success, Code }) => Success === true && Code === 'OK';

/** Returns what makes the signed calls of one connection; every failure is returned as an ApiError. */
export function createCallOnce(connection: Connection, accepts = isAcceptance): CallOnce {
	const { timeout, cancelSignal } = connection;

	async function callWith(key: AccessKey, call: RpcCall): Promise<CallResult> {
		const sdk = await (loading ??= loadSdk());
		const sending = new sdk.N8nClient(connection, key).callApi(...sdkCall(sdk, call));
		const response = (await sending) as unknown as HttpResponse;
		const body = parseObject(response.text);
		const secrets = [key.accessKeySecret, key.securityToken ?? ''];
		const sent = { secrets, personal: call.personal };
		if (response.status === 200 && body && accepts(body)) {
			return { accepted: true, requestId: shownRequestId(body.RequestId, sent), body };
		}
		const request = {
			...sent,
			timeout,
			action: call.action,
			isByRole: isKeySource(connection.key),
		};
		return { accepted: false, error: errorOfResponse(response, body, request) };
	}

	return async function callOnce(call) {
		try {
			const key = await currentKey(connection);
			const result = await callWith(key, call);
			if (result.accepted || !isKeySource(connection.key) || !isKeyRejected(result.error)) {
				return result;
			}
			return await callWith(await connection.key.renewed(key), call);
		} catch (error) {
			cancelSignal?.throwIfAborted();
			if (error instanceof ApiError) return { accepted: false, error };
			return { accepted: false, error: errorOfNetwork(error, { action: call.action, timeout }) };
		}
	};
}

/** The key to sign a call with. @throws ApiError */
export async function currentKey({ key }: Pick<Connection, 'key'>): Promise<AccessKey> {
	return isKeySource(key) ? await key.current() : key;
}

function isKeySource(key: Connection['key']): key is KeySource {
	return 'current' in key;
}

/** Whether the key itself is rejected, so that another one may be accepted. */
function isKeyRejected({ kind, code }: ApiError): boolean {
	return kind === 'key' && /^InvalidAccessKey|SecurityToken/i.test(code);
}

/** A call as the SDK's client takes it. */
function sdkCall(
	{ Params, OpenApiRequest, RuntimeOptions }: Awaited<ReturnType<typeof loadSdk>>,
	{ action, version, query, body }: RpcCall,
) {
	const params = new Params({
		action,
		version,
		method: 'POST',
		pathname: '/',
		style: 'RPC',
		authType: 'AK',
		reqBodyType: 'formData',
		bodyType: 'string',
	});
	return [params, new OpenApiRequest({ query, body }), new RuntimeOptions({})] as const;
}

let loading: ReturnType<typeof loadSdk> | undefined;

/**
 * Alibaba Cloud's own client, which here sends with n8n's HTTP helper and returns any response, whatever its status: its own
 * transport ignores proxies and loses the status of responses that aren't JSON.
 * It is loaded with the first call, since it takes 100 ms and 22 MB.
 */
async function loadSdk() {
	const { default: Client, Config, ...sdk } = await import('@alicloud/openapi-client');
	const { RuntimeOptions } = await import('@alicloud/tea-util');
	const config = new Config({});

	class N8nClient extends Client {
		constructor(
			private readonly connection: Connection,
			private readonly key: AccessKey,
		) {
			super(config);
		}

		async doRequest(...[params, request]: Parameters<OpenApiClient['doRequest']>) {
			const { origin, clock, sendHttp } = this.connection;
			const { pathname, action, version } = params as Required<typeof params>;
			const method = 'POST';
			const body = request.body as Buffer | undefined;
			const contentType = body && { 'content-type': 'application/x-www-form-urlencoded' };
			const { url, headers } = await signRequest(
				{
					method,
					origin,
					pathname,
					query: request.query ?? {},
					headers: { accept: 'application/json', ...contentType },
					body,
					action,
					version,
				},
				this.key,
				{ now: clock.now(), nonce: clock.nonce() },
			);
			const deadline = new Deadline(this.connection);
			const { signal } = deadline;
			const response = await deadline.enforce(sendHttp({ method, url, headers, body, signal }));
			return response as unknown as Awaited<ReturnType<OpenApiClient['doRequest']>>;
		}
	}

	return { ...sdk, N8nClient, RuntimeOptions };
}

/** How calls are retried. */
export interface RetryOptions {
	/** Attempts per call, at least 1. */
	maxAttempts: number;
	clock: Clock;
	cancelSignal?: AbortSignal;
}

/** The result of a call's last attempt. */
export type RetriedResult = CallResult & {
	/** An attempt may have been carried out though its response never came. */
	responseLost: boolean;
};

/** Milliseconds. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** A server that asks for more than ten minutes isn't waited for: an upload ends 90 minutes after its first batch. */
const LONGEST_RETRY_AFTER = 600_000;

/**
 * A function that makes calls, one after the other, and retries each while that can help.
 * Waits are exponential with full jitter and follow Retry-After. After a throttled call, all later ones wait for a
 * cooldown, which is halved by each call that is accepted at once.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createRetrier({ clock, cancelSignal, maxAttempts }: RetryOptions) {
	let cooldown = 0;

	return async function withRetry(call: () => Promise<CallResult>): Promise<RetriedResult> {
		let responseLost = false;
		if (cooldown > 0) await wait(cooldown, clock, cancelSignal);
		for (let attempts = 1; ; attempts++) {
			cancelSignal?.throwIfAborted();
			const result = await call();
			if (result.accepted) {
				if (attempts === 1) cooldown = cooldown < FIRST_WAIT ? 0 : cooldown / 2;
				return { ...result, responseLost };
			}
			responseLost ||= result.error.responseLost;
			if (result.error.kind === 'throttled')
				cooldown = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, cooldown * 2));
			const delay = attempts < maxAttempts ? delayAfter(result.error, attempts, clock) : undefined;
			if (delay === undefined) return { ...result, responseLost };
			await wait(delay, clock, cancelSignal);
		}
	};
}

/** Milliseconds before the next attempt; undefined if another one can't help. */
function delayAfter(
	{ kind, retryAfter }: ApiError,
	attempts: number,
	clock: Pick<Clock, 'now' | 'random'>,
): number | undefined {
	const requested = retryAfter?.(clock.now()) ?? 0;
	const canHelp = kind === 'throttled' || kind === 'temporary';
	if (!canHelp || requested > LONGEST_RETRY_AFTER) return undefined;
	const backoff = clock.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1));
	return Math.max(requested, backoff);
}
