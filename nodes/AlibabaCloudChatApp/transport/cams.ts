import type { Connection, RpcCall, SendCall } from './client';
import { currentKey, openClient } from './client';
import { refusalOfAnswer, type Refusal } from './errors';
import type { HttpAnswer } from './http';
import { KeyRefused } from './keyRefused';
import { refusalOfNoAnswer } from './noAnswer';
import { redactRequestId } from './redact';

export const CAMS_VERSION = '2020-06-06';

export interface Accepted {
	accepted: true;
	requestId: string;
	body: Record<string, unknown>;
}

export type CallResult = Accepted | { accepted: false; refusal: Refusal };

/** Makes one call, once, and tells what became of it; throws only when the execution is cancelled. */
export type CallApi = (call: RpcCall) => Promise<CallResult>;

/** The API as a function: `Code`/`Success`, statuses, bodies that aren't JSON and silence are all told as results. */
export function connectApi(connection: Connection): CallApi {
	let client: Promise<SendCall> | undefined;
	return async (call) => {
		let answer: HttpAnswer;
		let secrets: string[];
		try {
			const send = await (client ??= openClient(connection));
			const { accessKeySecret, securityToken = '' } = await currentKey(connection);
			secrets = [accessKeySecret, securityToken];
			answer = await send(call);
		} catch (error) {
			connection.cancelSignal?.throwIfAborted();
			if (error instanceof KeyRefused) return { accepted: false, refusal: error.refusal };
			return {
				accepted: false,
				refusal: both(refusalOfNoAnswer(error, { ...call, timeout: connection.timeout })),
			};
		}
		const body = jsonObject(answer.text);
		if (answer.status === 200 && body && isAccepted(body)) {
			return { accepted: true, requestId: redactRequestId(body.RequestId), body };
		}
		return {
			accepted: false,
			refusal: refusalOfAnswer(answer, body, { action: call.action, secrets }),
		};
	};
}

// STS answers have neither `Code` nor `Success` when they are good; CAMS answers have both.
function isAccepted(body: Record<string, unknown>): boolean {
	return body.Success === true
		? body.Code === 'OK'
		: !('Success' in body) && !('Code' in body) && 'Credentials' in body;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return value !== null && typeof value === 'object' && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		// Not the API's JSON: the caller tells it as such, without quoting it.
		return undefined;
	}
}

function both(refusal: Refusal): Refusal {
	return { ...refusal, what: refusal.message, fix: refusal.hint };
}
