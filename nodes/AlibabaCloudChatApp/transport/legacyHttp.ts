import { answerOf, type FullResponse, type SendHttp } from './http';

/** n8n's older HTTP helper, the only one that a credential's test is given. */
export interface LegacyHelper {
	request(options: object): Promise<unknown>;
}

/**
 * The way out for a credential's test; it answers as `throughN8n` does.
 * @param timeout milliseconds. This helper knows no signal, so a call that was given up ends a second later by itself.
 */
export function throughLegacyN8n(helpers: LegacyHelper, timeout: number): SendHttp {
	return async ({ signal, url, ...call }) => {
		signal.throwIfAborted();
		const response = (await helpers.request({
			...call,
			uri: url,
			timeout: timeout + 1000,
			resolveWithFullResponse: true,
			simple: false,
			followRedirect: false,
			useStream: true,
		})) as FullResponse;
		return await answerOf(response, signal);
	};
}
