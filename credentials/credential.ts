import { type INodeProperties, UserError } from 'n8n-workflow';
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

/** For fields of RAM Role authentication only. */
export const showForRole = { show: { authType: ['ramRole'] } };

/** The role to assume, and the name of its sessions. */
export const roleFields: INodeProperties[] = [
	{
		displayName: 'Role ARN',
		name: 'roleArn',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. acs:ram::1234567890123456:role/n8n',
		displayOptions: showForRole,
		description:
			'ARN of the role to assume: open the role in the RAM console under Identities, Roles, and copy it',
	},
	{
		displayName: 'Role Session Name',
		name: 'roleSessionName',
		type: 'string',
		default: 'n8n',
		displayOptions: showForRole,
		description:
			'Name of these requests in ActionTrail. Use a different one for each n8n instance.',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		default: '',
		displayOptions: showForRole,
		description:
			"Value of sts:ExternalId in the role's trust policy. Leave it empty if the policy doesn't require one.",
	},
];

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
	const text = endpoint.trim() || defaultHost;
	const address = text.includes('://') ? text : `https://${text}`;
	if (!URL.canParse(address)) {
		throw new UnusableValue(`'${label}' in the credential isn't a host name or URL`, enter);
	}
	const url = new URL(address);
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

/** The HTTP Request node's options 'Proxy' and 'Ignore SSL Issues', in n8n's two shapes of a request. */
export interface TransportOptions {
	proxy?: unknown;
	rejectUnauthorized?: boolean;
	skipSslCertificateValidation?: boolean;
	strictSSL?: boolean;
	agentOptions?: { rejectUnauthorized?: boolean };
}

// The hosts of Alibaba Cloud's own APIs: a product, alone or in a region. A host with another label before or between
// them may be a customer's: a bucket, a function, a model, a database.
const PRODUCT = /^[a-z][a-z0-9]*(?:-[a-z0-9]+){0,4}$/;
const REGION =
	/^(?:vpc-proxy|(?:cn|ap|us|eu|me|na|sa|af|rus)(?:-[a-z]+)+(?:-\d+)?(?:-[a-z]+-\d+)?)$/;
// Storage isn't an RPC API, and its log is its customer's.
const STORAGE = /(?:^|-)(?:oss|s3)(?:-|$)/;

/**
 * Makes sure that only Alibaba Cloud gets a signature: one for another host, or sent through another proxy, would give
 * the call and a temporary token to whoever configured the node.
 * @throws UnusableValue
 */
export function checkDestination(
	url: URL,
	options: TransportOptions,
	credential: AlibabaCloudOpenApiCredential,
): void {
	if (!isApi(url) && url.origin !== camsOrigin(credential)) {
		throw new UnusableValue(
			`Requests to '${url.origin}' aren't signed: that host is neither one of Alibaba Cloud's API hosts, such as https://ecs.cn-hangzhou.aliyuncs.com, nor the credential's 'Endpoint'`,
			"Check 'URL' in the node",
		);
	}
	if (options.proxy) {
		throw new UnusableValue(
			"Signed requests aren't sent through a proxy from the node's options",
			"Remove 'Proxy' there. The n8n instance's proxy is still used",
		);
	}
	const checks = [
		options.rejectUnauthorized,
		options.strictSSL,
		options.agentOptions?.rejectUnauthorized,
	];
	if (checks.includes(false) || options.skipSslCertificateValidation) {
		throw new UnusableValue(
			"Signed requests aren't sent to a server whose certificate isn't checked",
			"Turn 'Ignore SSL Issues' off in the node's options",
		);
	}
}

function isApi({ protocol, hostname, port }: URL): boolean {
	if (protocol !== 'https:' || port !== '' || !hostname.endsWith('.aliyuncs.com')) return false;
	const [product = '', region, ...more] = hostname.slice(0, -'.aliyuncs.com'.length).split('.');
	if (more.length > 0 || (region !== undefined && !REGION.test(region))) return false;
	return PRODUCT.test(product) && !STORAGE.test(product);
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
	const accessKeyId = filled('AccessKey ID', credential.accessKeyId);
	const accessKeySecret = filled('AccessKey Secret', credential.accessKeySecret);
	if (credential.authType === 'ramRole') return { accessKeyId, accessKeySecret };
	if (credential.authType === 'stsToken') {
		const securityToken = filled('Security Token', credential.securityToken);
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
export function filled(label: string, value: string | undefined): string {
	const text = value?.trim() ?? '';
	if (text === '')
		throw new UnusableValue(`'${label}' in the credential is empty`, 'Enter it there');
	return text;
}
