import type { AccessKey } from '../../../credentials/signing';
import { currentKey, openClient, type Connection, type RpcCall, type SendCall } from './client';
import type { HttpAnswer } from './http';
import { refusalOfNetworkError } from './networkError';
import { parseObject } from './json';
import { CallRefused, refusalOfAnswer, type Refusal } from './refusal';
import { shownRequestId } from './shown';

export const CAMS_VERSION = '2020-06-06';

export interface Accepted {
	accepted: true;
	requestId: string;
	body: Record<string, unknown>;
}

export type CallResult = Accepted | { accepted: false; refusal: Refusal };

/** Makes one call, once, and tells what became of it; throws only when the execution is canceled. */
export type CallApi = (call: RpcCall) => Promise<CallResult>;

/** Whether the JSON of an answer with HTTP status 200 says that the call was accepted. */
type IsAcceptance = (body: Record<string, unknown>) => boolean;

const isAcceptance: IsAcceptance = ({ Success, Code }) => Success === true && Code === 'OK';

/** The API as a function: `Code`/`Success`, statuses, bodies that aren't JSON and silence are all told as results. */
export function connectApi(connection: Connection, accepts = isAcceptance): CallApi {
	let client: Promise<SendCall> | undefined;
	const callWith = async (key: AccessKey, call: RpcCall): Promise<CallResult> => {
		const send = await (client ??= openClient(connection));
		return read(await send(call, key), { accepts, connection, call, key });
	};
	return async (call) => {
		try {
			const key = await currentKey(connection);
			const result = await callWith(key, call);
			if (result.accepted || !('renewed' in connection.key) || !isDead(result.refusal)) {
				return result;
			}
			return await callWith(await connection.key.renewed(key), call);
		} catch (error) {
			connection.cancelSignal?.throwIfAborted();
			if (error instanceof CallRefused) return { accepted: false, refusal: error.refusal };
			const refusal = refusalOfNetworkError(error, { ...call, timeout: connection.timeout });
			return { accepted: false, refusal };
		}
	};
}

/** Whether the key itself is refused, so that another one may be accepted. */
function isDead({ kind, code }: Refusal): boolean {
	return kind === 'key' && /^InvalidAccessKey|SecurityToken/i.test(code);
}

function read(
	answer: HttpAnswer,
	asked: { accepts: IsAcceptance; connection: Connection; call: RpcCall; key: AccessKey },
): CallResult {
	const { accepts, connection, call, key } = asked;
	const body = parseObject(answer.text);
	const secrets = [key.accessKeySecret, key.securityToken ?? ''];
	const sent = { secrets, personal: call.personal };
	if (answer.status === 200 && body && accepts(body)) {
		return { accepted: true, requestId: shownRequestId(body.RequestId, sent), body };
	}
	const { action } = call;
	const ofRole = 'renewed' in connection.key;
	const refusal = refusalOfAnswer(answer, body, { ...sent, action, ofRole });
	return { accepted: false, refusal };
}
