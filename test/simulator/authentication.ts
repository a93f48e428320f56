import type { Pair } from './form';
import type { Keyring, StoredKey } from './keyring';
import { Rejection } from './refusal';
import { ALGORITHM, canonicalRequest, sha256, sign, stringToSign } from './signature';

export interface IncomingCall {
	method: string;
	path: string;
	query: Pair[];
	headers: Record<string, string>;
	body: Buffer;
}

const AUTHORIZATION = new RegExp(
	`^${ALGORITHM} Credential=([^,\\s]+), ?SignedHeaders=([^,\\s]+), ?Signature=([0-9a-f]{64})$`,
);
const WINDOW_MS = 15 * 60 * 1000;
const NEEDED = [
	'x-acs-action',
	'x-acs-version',
	'x-acs-date',
	'x-acs-signature-nonce',
	'x-acs-content-sha256',
];

/** Tells who signed a request, and refuses what is unsigned, altered, old or repeated. */
export class Authenticator {
	private readonly nonces = new Map<string, number>();

	constructor(
		private readonly keyring: Keyring,
		private readonly now: () => number,
	) {}

	/**
	 * @returns the key that signed the call
	 * @throws Refusal with Alibaba Cloud's code for what is wrong
	 */
	authenticate(call: IncomingCall): StoredKey {
		const parts = AUTHORIZATION.exec(call.headers.authorization ?? '');
		if (!parts) throw incomplete('the Authorization header');
		const [, accessKeyId = '', signed = '', signature = ''] = parts;
		for (const name of NEEDED) if (!call.headers[name]) throw incomplete(name);
		const key = this.keyring.find(accessKeyId);
		this.checkDate(call.headers['x-acs-date'] ?? '');
		checkSignature(call, signed.split(';'), signature, key.accessKeySecret);
		this.keyring.checkToken(key, call.headers['x-acs-security-token']);
		this.useNonce(`${accessKeyId} ${call.headers['x-acs-signature-nonce']}`);
		return key;
	}

	clear(): void {
		this.nonces.clear();
	}

	private checkDate(date: string): void {
		const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) ? Date.parse(date) : NaN;
		if (Number.isNaN(at)) {
			const message = 'Specified time stamp or date value is not well formatted.';
			throw new Rejection(400, 'InvalidTimeStamp.Format', message);
		}
		if (Math.abs(this.now() - at) > WINDOW_MS) {
			const message = 'Specified time stamp or date value is expired.';
			throw new Rejection(400, 'InvalidTimeStamp.Expired', message);
		}
	}

	/** Asked last, so that a call that is refused for something else doesn't use its nonce up. */
	private useNonce(nonce: string): void {
		const now = this.now();
		const used = this.nonces.get(nonce);
		if (used !== undefined && now - used <= 2 * WINDOW_MS) {
			throw new Rejection(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
		}
		this.nonces.set(nonce, now);
	}
}

function checkSignature(
	call: IncomingCall,
	signedHeaders: string[],
	given: string,
	secret: string,
): void {
	for (const name of Object.keys(call.headers)) {
		const mustBeSigned = name === 'host' || name.startsWith('x-acs-');
		if (mustBeSigned && !signedHeaders.includes(name))
			throw incomplete(`${name} among SignedHeaders`);
	}
	const bodyHash = sha256(call.body);
	const canonical = canonicalRequest({ ...call, signedHeaders, bodyHash });
	const text = stringToSign(canonical);
	if (bodyHash === call.headers['x-acs-content-sha256'] && sign(text, secret) === given) return;
	// The gateway quotes its own calculation, so a client that repeats this message leaks tokens and parameters.
	const calculation = `server StringToSign is [${text}] server CanonicalRequest is [${canonical}]`;
	const message = `Specified signature does not match our calculation. ${calculation}`;
	throw new Rejection(400, 'SignatureDoesNotMatch', message);
}

function incomplete(what: string): Rejection {
	const message = `The request signature does not conform to Alibaba Cloud standards: ${what} is missing or malformed.`;
	return new Rejection(400, 'IncompleteSignature', message);
}
