import { Authenticator, Keyring } from '../simulator/authentication';
import { parseForm } from '../simulator/parameters';
import type { AccessKey } from '../simulator/simulator';

interface Sent {
	method?: string;
	url: string;
	headers?: object;
	body?: unknown;
}

/**
 * What a server reads of a request that is sent as it is.
 * @throws Rejection if the signature, calculated again from that, is different
 */
export function received(sent: Sent, key: AccessKey, now: () => number = Date.now) {
	const { origin, pathname } = new URL(sent.url);
	const [, search = ''] = sent.url.slice(origin.length).split('?');
	const query = parseForm(search);
	const headers = { ...sent.headers } as Record<string, string>;
	const text = String(sent.body ?? '');
	new Authenticator(new Keyring([key], now), now).authenticate({
		method: sent.method ?? 'GET',
		path: pathname,
		query,
		headers,
		body: Buffer.from(text),
	});
	return {
		action: headers['x-acs-action'],
		version: headers['x-acs-version'],
		query: Object.fromEntries(query),
		text,
	};
}
