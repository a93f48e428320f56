import { randomUUID } from 'node:crypto';

/** Why a request is rejected: HTTP status, Alibaba Cloud's Code and Message, and further fields of the response. */
export class Rejection extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly fields: Record<string, unknown> = {},
	) {
		super(message);
	}
}

/** Rejects a request without a parameter, worded like Alibaba Cloud's gateway. */
export function missing(name: string): Rejection {
	return new Rejection(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/** Rejects a parameter's value; `why` must not quote it, since it may be a contact. */
export function invalid(name: string, why: string): Rejection {
	return new Rejection(400, 'InvalidParameter', `The parameter ${name} is not valid: ${why}.`);
}

/** A complete response. */
export interface ApiResponse {
	status: number;
	headers: Record<string, string>;
	body: string;
	/** The body's Code, or empty. */
	code: string;
	requestId: string;
}

const JSON_TYPE = { 'content-type': 'application/json;charset=utf-8' };

/** A request ID as Alibaba Cloud assigns it. */
export function newRequestId(): string {
	return randomUUID().toUpperCase();
}

/** A JSON response; its code is the body's Code. */
export function json(
	status: number,
	fields: Record<string, unknown>,
	requestId: string,
): ApiResponse {
	const code = typeof fields.Code === 'string' ? fields.Code : '';
	const body = JSON.stringify({ RequestId: requestId, ...fields });
	return {
		status,
		headers: { ...JSON_TYPE, 'x-acs-request-id': requestId },
		body,
		code,
		requestId,
	};
}

/** An HTML page, as proxies and gateways send it. */
export function errorPage(status: number, text: string): ApiResponse {
	const body = `<html>\r\n<head><title>${text}</title></head>\r\n<body>\r\n<center><h1>${text}</h1></center>\r\n</body>\r\n</html>\r\n`;
	return htmlPage(status, body);
}

/** A page of the given HTML. */
export function htmlPage(status: number, body: string): ApiResponse {
	return { status, headers: { 'content-type': 'text/html' }, body, code: '', requestId: '' };
}

/** The response to a rejected request; the business layer rejects with status 200. */
export function rejected(rejection: Rejection, host: string): ApiResponse {
	const { status, code, message, fields } = rejection;
	const requestId = newRequestId();
	if (status === 200) {
		return json(200, { Code: code, Message: message, Success: false, ...fields }, requestId);
	}
	const Recommend = `https://api.alibabacloud.com/troubleshoot?q=${code}&product=Cams&requestId=${requestId}`;
	return json(
		status,
		{ HostId: host, Code: code, Message: message, Recommend, ...fields },
		requestId,
	);
}
