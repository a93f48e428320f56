import { randomUUID } from 'node:crypto';
import type { Rejection } from './refusal';

export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string;
	/** The body's Code, empty when it has none. */
	code: string;
	requestId: string;
}

const JSON_TYPE = { 'content-type': 'application/json;charset=utf-8' };

/** A request ID of the kind Alibaba Cloud gives. */
export function newRequestId(): string {
	return randomUUID().toUpperCase();
}

/** A JSON answer; its Code is what the body says. */
export function json(status: number, fields: Record<string, unknown>, requestId: string): Answer {
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
export function html(status: number, text: string): Answer {
	const body = `<html>\r\n<head><title>${text}</title></head>\r\n<body>\r\n<center><h1>${text}</h1></center>\r\n</body>\r\n</html>\r\n`;
	return page(status, body);
}

/** A page of the given HTML. */
export function page(status: number, body: string): Answer {
	return { status, headers: { 'content-type': 'text/html' }, body, code: '', requestId: '' };
}

/** The answer to a refused request; status 200 is the way of a business refusal. */
export function rejected(refusal: Rejection, host: string): Answer {
	const { status, code, message, fields } = refusal;
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
