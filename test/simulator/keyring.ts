import type { AccessKey } from './contract';
import { Rejection } from './refusal';

/** Full rights; plainly no real key. */
export const DEFAULT_KEY: AccessKey = {
	accessKeyId: 'LTAI5tSimulatorKey',
	accessKeySecret: 'simulator-secret-not-a-real-one',
};

export interface StoredKey extends AccessKey {
	/** Milliseconds since 1970; of keys that AssumeRole gave out. */
	expiresAt?: number;
}

/** The keys the server knows, those of assumed roles included. */
export class Keyring {
	private readonly assumed: StoredKey[] = [];

	constructor(
		private readonly fixed: AccessKey[],
		private readonly now: () => number,
	) {}

	/** @throws Refusal when no key has that ID */
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
	 * Checks the token that came with the key.
	 * @throws Refusal when it is missing, another one, or expired
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
 * @param action a RAM action such as `cams:AddCustomAudienceUser`
 * @throws Refusal naming the action when the key lacks it
 */
export function checkPermission(key: AccessKey, action: string): void {
	const allowed = (key.allow ?? ['*']).some((rule) =>
		rule.endsWith('*') ? action.startsWith(rule.slice(0, -1)) : rule === action,
	);
	if (!allowed) throw denied(action, key.denyCode);
}

/** The 403 of a missing permission, with AccessDeniedDetail as RAM gives it. */
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
