import { createHash, createHmac } from 'node:crypto';
import type { Pair } from './parameters';

export const ALGORITHM = 'ACS3-HMAC-SHA256';

export interface SignedRequest {
	method: string;
	path: string;
	query: Pair[];
	/** By lower-case name. */
	headers: Record<string, string>;
	/** Lower-case names, as the Authorization header lists them. */
	signedHeaders: string[];
	/** SHA-256 of the body, lower-case hex. */
	bodyHash: string;
}

/** SHA-256 as lower-case hex. */
export function sha256(data: string | Buffer): string {
	return createHash('sha256').update(data).digest('hex');
}

/**
 * Builds the text that a V3 signature covers.
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function canonicalRequest(request: SignedRequest): string {
	const names = request.signedHeaders;
	const headers = names.map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`).join('');
	return [
		request.method,
		request.path,
		canonicalQuery(request.query),
		headers,
		names.join(';'),
		request.bodyHash,
	].join('\n');
}

/** The text whose HMAC is the signature. */
export function stringToSign(canonical: string): string {
	return `${ALGORITHM}\n${sha256(canonical)}`;
}

/** The signature as lower-case hex. */
export function sign(text: string, secret: string): string {
	return createHmac('sha256', secret).update(text).digest('hex');
}

function canonicalQuery(query: Pair[]): string {
	const encoded = query.map(([name, value]): Pair => [encode(name), encode(value)]);
	encoded.sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
	return encoded.map(([name, value]) => `${name}=${value}`).join('&');
}

function order(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986: escapes all but unreserved characters, including five that encodeURIComponent leaves as they are. */
function encode(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
