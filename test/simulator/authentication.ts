import { Rejection } from './response';
import type { Pair } from './parameters';
import { ALGORITHM, canonicalRequest, sha256, sign, stringToSign } from './signature';

/** A key that the simulator knows; without `allow`, it has all permissions. */
export interface AccessKey {
	accessKeyId: string;
	accessKeySecret: string;
	/** Makes it an STS key: requests without this token are rejected. */
	securityToken?: string;
	/** The token has expired; without a token: the key is disabled. */
	expired?: boolean;
	/** RAM actions such as `cams:AddCustomAudienceUser`, `cams:List*` or `*`. */
	allow?: string[];
	denyCode?: 'NoPermission' | 'Forbidden.RAM';
}

/** Has all permissions; clearly not a real key. */
export const DEFAULT_KEY: AccessKey = {
	accessKeyId: 'LTAI5tSimulatorKey',
	accessKeySecret: 'simulator-secret-not-a-real-one',
};

export interface StoredKey extends AccessKey {
	/** Milliseconds since 1970; for keys from AssumeRole. */
	expiresAt?: number;
}

/** The keys that the server knows, including those of assumed roles. */
export class Keyring {
	private readonly assumed: StoredKey[] = [];

	constructor(
		private readonly fixed: AccessKey[],
		private readonly now: () => number,
	) {}

	/** @throws Rejection if no key has that ID */
	find(accessKeyId: string): StoredKey {
		const key = [...this.fixed, ...this.assumed].find((one) => one.accessKeyId === accessKeyId);
		if (!key) {
			throw new Rejection(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
		}
		return key;
	}

	add(key: StoredKey): void {
		this.assumed.push(key);
	}

	clear(): void {
		this.assumed.length = 0;
	}

	/**
	 * Checks the token that came with a key.
	 * @throws Rejection if it is missing, wrong, or expired
	 * @see https://www.alibabacloud.com/help/doc-detail/42775.htm
	 */
	checkToken(key: StoredKey, token: string | undefined): void {
		if (key.securityToken === undefined) {
			if (key.expired) {
				throw new Rejection(
					400,
					'InvalidAccessKeyId.Inactive',
					'Specified access key is disabled.',
				);
			}
			if (token) throw malformed();
			return;
		}
		if (!token) {
			throw new Rejection(
				400,
				'MissingSecurityToken',
				'SecurityToken is mandatory for this action.',
			);
		}
		if (token !== key.securityToken) throw malformed();
		if (key.expired || (key.expiresAt ?? Infinity) <= this.now()) {
			throw new Rejection(
				400,
				'InvalidSecurityToken.Expired',
				'Specified SecurityToken is expired.',
			);
		}
	}
}

/**
 * Checks that a key may do something.
 * @param action a RAM action such as `cams:AddCustomAudienceUser`
 * @throws Rejection that names the action if the key lacks it
 */
export function checkPermission(key: AccessKey, action: string): void {
	const allowed = (key.allow ?? ['*']).some((rule) =>
		rule.endsWith('*') ? action.startsWith(rule.slice(0, -1)) : rule === action,
	);
	if (!allowed) throw denied(action, key.denyCode);
}

/** The 403 of a missing permission, with RAM's AccessDeniedDetail. */
export function denied(action: string, code: AccessKey['denyCode'] = 'NoPermission'): Rejection {
	const message =
		code === 'NoPermission'
			? 'You are not authorized to do this action. You should be authorized by RAM.'
			: "User not authorized to operate on the specified resource, or this API doesn't support RAM.";
	return new Rejection(403, code, message, {
		AccessDeniedDetail: {
			AuthAction: action,
			AuthPrincipalType: 'SubUser',
			AuthPrincipalOwnerId: '1000000000000000',
			AuthPrincipalDisplayName: '200000000000000000',
			NoPermissionType: 'ImplicitDeny',
			PolicyType: 'AccountLevelIdentityBasedPolicy',
			EncodedDiagnosticMessage: 'AQEAAAAAsimulator',
		},
	});
}

function malformed(): Rejection {
	return new Rejection(
		400,
		'InvalidSecurityToken.Malformed',
		'Specified SecurityToken is malformed.',
	);
}

export interface SignedCall {
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

/** Finds who signed a request, and rejects what is unsigned, altered, old, or repeated. */
export class Authenticator {
	private readonly nonces = new Map<string, number>();

	constructor(
		private readonly keyring: Keyring,
		private readonly now: () => number,
	) {}

	/**
	 * Checks a request's signature.
	 * @returns the key that signed it
	 * @throws Rejection with Alibaba Cloud's code
	 */
	authenticate(call: SignedCall): StoredKey {
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

	/** Checked last, so that a request that is rejected for another reason doesn't use up its nonce. */
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
	call: SignedCall,
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
	// The gateway quotes its own calculation: a client that shows this message leaks tokens and parameters.
	const calculation = `server StringToSign is [${text}] server CanonicalRequest is [${canonical}]`;
	const message = `Specified signature does not match our calculation. ${calculation}`;
	throw new Rejection(400, 'SignatureDoesNotMatch', message);
}

function incomplete(what: string): Rejection {
	const message = `The request signature does not conform to Alibaba Cloud standards: ${what} is missing or malformed.`;
	return new Rejection(400, 'IncompleteSignature', message);
}
