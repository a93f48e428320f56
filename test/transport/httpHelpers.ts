import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { IHttpRequestOptions } from 'n8n-workflow';

/** n8n's HTTP helper on Node's own client. Like n8n's, it follows redirects and throws at errors by default. */
export const httpHelper = {
	async httpRequest(options: IHttpRequestOptions): Promise<unknown> {
		const answer = await ask(options);
		const { statusCode = 0, headers } = answer;
		if (headers.location && !options.disableFollowRedirect) {
			return await httpHelper.httpRequest({ ...options, url: headers.location });
		}
		if (statusCode >= 400 && !options.ignoreHttpStatusErrors) {
			throw new Error(`Request failed with status code ${statusCode}`);
		}
		const body = options.encoding === 'stream' ? answer : await text(answer);
		return options.returnFullResponse ? { statusCode, headers, body } : body;
	},
};

/** n8n's older helper, in the terms of the new one. */
export const legacyHelper = {
	async request(options: object): Promise<unknown> {
		const { uri, resolveWithFullResponse, simple, followRedirect, useStream, ...same } =
			options as Record<string, unknown>;
		return await httpHelper.httpRequest({
			...same,
			url: String(uri),
			returnFullResponse: resolveWithFullResponse === true,
			ignoreHttpStatusErrors: simple === false,
			disableFollowRedirect: followRedirect === false,
			...(useStream === true && { encoding: 'stream' }),
		});
	},
};

async function ask({ url, method, headers, body, abortSignal }: IHttpRequestOptions) {
	return await new Promise<IncomingMessage>((resolve, reject) => {
		const settings = { method, headers: headers as Record<string, string> };
		const signal = abortSignal as AbortSignal | undefined;
		request(url, { ...settings, ...(signal && { signal }) }, resolve)
			.on('error', reject)
			.end(body);
	});
}
