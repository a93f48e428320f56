import { UserError } from 'n8n-workflow';
import type { AccessKey } from './signing';

// Missing in an n8n that is too old, where this file must still load: the node reports it when it runs.
const Base = ((UserError as typeof UserError | undefined) ?? Error) as typeof UserError;

/** A value of a credential or a parameter that can't be used: what is wrong with it, and what to do about it. */
export class UnusableValue extends Base {
	readonly code = 'parameter';

	/** Both without their last period. */
	constructor(
		readonly what: string,
		readonly fix: string,
	) {
		super(`${what}. ${fix}`);
	}
}

/** Singapore, where the service is known to be available. */
export const DEFAULT_REGION = 'ap-southeast-1';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The origin of calls, from the credential's endpoint: a host, or a URL with scheme and port.
 * @param endpoint empty for the service's public endpoint in the region
 * @param label the field's name in the credential
 * @returns scheme, host, and port, e.g. `https://cams.ap-southeast-1.aliyuncs.com`
 * @throws UnusableValue when it isn't a host or URL, or is plain http to another machine
 */
function resolveOrigin(
	endpoint: string,
	defaultHost: string,
	label: 'Endpoint' | 'STS Endpoint' = 'Endpoint',
): string {
	const enter = `Enter e.g. ${defaultHost}, or leave it empty`;
	const entered = endpoint.trim() || defaultHost;
	const urlText = entered.includes('://') ? entered : `https://${entered}`;
	if (!URL.canParse(urlText)) {
		throw new UnusableValue(`'${label}' in the credential isn't a host name or URL`, enter);
	}
	const url = new URL(urlText);
	if (hasMoreThanOrigin(url)) {
		throw new UnusableValue(
			`'${label}' in the credential contains more than scheme, host, and port`,
			enter,
		);
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
		throw new UnusableValue(
			`'${label}' in the credential must use https, because contacts and keys are sent there`,
			'Plain http is allowed only for this machine (127.0.0.1)',
		);
	}
	return url.origin;
}

function hasMoreThanOrigin({ username, password, search, hash, pathname }: URL): boolean {
	return username + password + search + hash !== '' || pathname !== '/';
}

/**
 * The endpoint of Chat App Message Service for a credential: scheme, host, and port.
 * @throws UnusableValue if 'Endpoint' isn't a host or URL, or is plain http to another machine
 */
export function camsOrigin(credential: AlibabaCloudOpenApiCredential): string {
	return resolveOrigin(credential.endpoint ?? '', `cams.${regionOf(credential)}.aliyuncs.com`);
}

/**
 * The endpoint of STS for a credential: scheme, host, and port.
 * @throws UnusableValue if 'STS Endpoint' isn't a host or URL, or is plain http to another machine
 */
export function stsOrigin(credential: AlibabaCloudOpenApiCredential): string {
	const defaultHost = `sts.${regionOf(credential)}.aliyuncs.com`;
	return resolveOrigin(credential.stsEndpoint ?? '', defaultHost, 'STS Endpoint');
}

// A name such as 'Singapore' has no hyphen.
const REGION_ID = /^[a-z]+(-[a-z0-9]+)+$/i;

function regionOf({ regionId }: AlibabaCloudOpenApiCredential): string {
	const region = regionId?.trim() || DEFAULT_REGION;
	// It becomes part of a host name.
	if (!REGION_ID.test(region)) {
		throw new UnusableValue(
			"'Region' in the credential isn't a region ID",
			`Enter ${DEFAULT_REGION} for Singapore`,
		);
	}
	return region;
}

/** The credential's fields as n8n passes them. */
export interface AlibabaCloudOpenApiCredential {
	authType?: 'accessKey' | 'stsToken' | 'ramRole';
	accessKeyId: string;
	accessKeySecret: string;
	securityToken?: string;
	regionId?: string;
	endpoint?: string;
	roleArn?: string;
	roleSessionName?: string;
	externalId?: string;
	stsEndpoint?: string;
}

/**
 * The key in the credential; with RAM Role authentication, it is the one that may assume the role.
 * Values are trimmed: they are pasted, and a line break at the end would look like an incorrect secret.
 * @throws UnusableValue that names the empty field
 */
export function accessKeyOf(credential: AlibabaCloudOpenApiCredential): AccessKey {
	const accessKeyId = requiredField('AccessKey ID', credential.accessKeyId);
	const accessKeySecret = requiredField('AccessKey Secret', credential.accessKeySecret);
	if (credential.authType === 'ramRole') return { accessKeyId, accessKeySecret };
	if (credential.authType === 'stsToken') {
		const securityToken = requiredField('Security Token', credential.securityToken);
		return { accessKeyId, accessKeySecret, securityToken };
	}
	// A token is used if there is one: a temporary key is rejected without it.
	const securityToken = credential.securityToken?.trim();
	return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
}

/**
 * A field that must not be empty.
 * @throws UnusableValue that names it
 */
export function requiredField(label: string, value: string | undefined): string {
	const text = value?.trim() ?? '';
	if (text === '')
		throw new UnusableValue(
			`'${label}' in the credential is empty`,
			'Open the credential and enter it',
		);
	return text;
}
