import { createHash } from 'node:crypto';

/** A key that signs calls: an AccessKey pair, with its token if it is a temporary (STS) one. */
export interface AccessKey {
	accessKeyId: string;
	accessKeySecret: string;
	securityToken?: string;
}

/** A call to one of Alibaba Cloud's RPC APIs, before it is signed. */
export interface RpcRequest {
	method: 'GET' | 'POST';
	/** Scheme, host, and port, e.g. `https://cams.ap-southeast-1.aliyuncs.com`. */
	origin: string;
	pathname: string;
	query: Record<string, string>;
	/** Headers besides those of the signature, with lowercase names. */
	headers?: Record<string, string>;
	/** The bytes to send, if there are any; `content-type` belongs in `headers`. */
	body?: string | Buffer;
	action: string;
	version: string;
}

/** What makes a signature unique. */
export interface SigningMoment {
	/** Milliseconds since 1970. */
	now: number;
	/** A value that no other request has. */
	nonce: string;
}

/** The URL and the headers as they were signed. */
export interface SignedRequest {
	url: string;
	headers: Record<string, string>;
}

const ALGORITHM = 'ACS3-HMAC-SHA256';

/**
 * Signs one RPC request with Alibaba Cloud's own signer; the URL and headers returned are exactly what was signed.
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export async function signRequest(
	request: RpcRequest,
	key: AccessKey,
	moment: SigningMoment,
): Promise<SignedRequest> {
	// Loaded with the first call: n8n loads every node when it starts, and this takes time and memory.
	const { default: signer } = await import('@alicloud/openapi-util');
	const { protocol, host } = new URL(request.origin);
	// The signer encodes values but not names, so names are passed encoded.
	const query = Object.fromEntries(
		Object.entries(request.query).map(([name, value]) => [signer.getEncodeParam(name), value]),
	);
	// The signer's own hash needs a copy of the body, which takes longer than the hash.
	const payloadHash = createHash('sha256')
		.update(request.body ?? '')
		.digest('hex');
	const headers: Record<string, string> = {
		...request.headers,
		host,
		'x-acs-action': request.action,
		'x-acs-version': request.version,
		'x-acs-date': new Date(moment.now).toISOString().replace(/\.\d+/, ''),
		'x-acs-signature-nonce': moment.nonce,
		'x-acs-content-sha256': payloadHash,
	};
	if (key.securityToken) {
		headers['x-acs-accesskey-id'] = key.accessKeyId;
		headers['x-acs-security-token'] = key.securityToken;
	}
	headers.authorization = signer.getAuthorization(
		{ ...request, protocol, port: 0, query, headers, body: undefined as never },
		ALGORITHM,
		payloadHash,
		key.accessKeyId,
		key.accessKeySecret,
	);
	return { url: `${request.origin}${request.pathname}${queryString(query, signer)}`, headers };
}

function queryString(
	query: Record<string, string>,
	signer: { getEncodeParam(param: string): string },
): string {
	const pairs = Object.entries(query).map(
		([name, value]) => `${name}=${signer.getEncodeParam(value)}`,
	);
	return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
