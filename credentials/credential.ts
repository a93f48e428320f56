import { type INodeProperties, UserError } from 'n8n-workflow';
import type { AccessKey } from './signing';

// Missing in an n8n that is too old, where this file has to load all the same: the node says so when it runs.
const Base = (UserError as typeof UserError | undefined) ?? Error;

/** A value of a credential or a parameter that can't be used: what is wrong with it, and what to do. */
export class UnusableValue extends Base {
	readonly told: { code: string; what: string; fix: string };

	/** Both without their last full stop. */
	constructor(what: string, fix: string) {
		super(`${what}. ${fix}`);
		this.told = { code: 'parameter', what, fix };
	}
}

/** For what only the kind 'RAM Role' asks. */
export const showForRole = { show: { authType: ['ramRole'] } };

/** Which role is assumed, and under which name. */
export const roleFields: INodeProperties[] = [
	{
		displayName: 'Role ARN',
		name: 'roleArn',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. acs:ram::1234567890123456:role/n8n',
		displayOptions: showForRole,
		description: 'In the RAM console under Identities, Roles: open the role and copy its ARN',
	},
	{
		displayName: 'Role Session Name',
		name: 'roleSessionName',
		type: 'string',
		default: 'n8n',
		displayOptions: showForRole,
		description:
			'The name these calls carry in ActionTrail. Choose your own to tell several n8n instances apart.',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		default: '',
		displayOptions: showForRole,
		description:
			"Only if the role's trust policy asks for one: the value of sts:ExternalId there, in the RAM console under the role's Trust Policy",
	},
];

/** Singapore, where the service is known to answer. */
export const DEFAULT_REGION = 'ap-southeast-1';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The origin that calls go to, from the credential's endpoint: a host, or a URL with scheme and port.
 * @param endpoint empty for the service's public endpoint in the region
 * @param label the field's name in the credential
 * @returns scheme, host and port, e.g. `https://cams.ap-southeast-1.aliyuncs.com`
 * @throws UnusableValue with a sentence for people when it is no host or URL, or plain http to another machine
 */
export function resolveOrigin(
	endpoint: string,
	defaultHost: string,
	label: 'Endpoint' | 'STS Endpoint' = 'Endpoint',
): string {
	const enter = `Enter e.g. ${defaultHost}, or leave it empty`;
	const text = endpoint.trim() || defaultHost;
	const address = text.includes('://') ? text : `https://${text}`;
	if (!URL.canParse(address)) {
		throw new UnusableValue(`The credential's '${label}' is neither a host name nor a URL`, enter);
	}
	const url = new URL(address);
	if (url.username || url.password || url.search || url.hash || url.pathname !== '/') {
		throw new UnusableValue(
			`The credential's '${label}' holds more than scheme, host and port`,
			enter,
		);
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
		throw new UnusableValue(
			`The credential's '${label}' must use https, since contacts and keys travel over it`,
			'Plain http is for this machine (127.0.0.1) alone',
		);
	}
	return url.origin;
}

/** Where Chat App Message Service answers for a credential. @throws UnusableValue as `resolveOrigin` */
export function camsOrigin(credential: AlibabaCloudOpenApiCredential): string {
	return resolveOrigin(credential.endpoint ?? '', `cams.${regionOf(credential)}.aliyuncs.com`);
}

/** Where STS answers for a credential. @throws UnusableValue as `resolveOrigin` */
export function stsOrigin(credential: AlibabaCloudOpenApiCredential): string {
	const defaultHost = `sts.${regionOf(credential)}.aliyuncs.com`;
	return resolveOrigin(credential.stsEndpoint ?? '', defaultHost, 'STS Endpoint');
}

function regionOf({ regionId }: AlibabaCloudOpenApiCredential): string {
	const region = regionId?.trim() || DEFAULT_REGION;
	// It becomes part of a host name.
	if (!/^[a-z0-9-]+$/i.test(region)) {
		throw new UnusableValue(
			`The credential's 'Region' is not a region ID`,
			`Enter e.g. ${DEFAULT_REGION}`,
		);
	}
	return region;
}

/** As the HTTP Request node hands over its options 'Proxy' and 'Ignore SSL Issues', in n8n's two shapes of a request. */
export interface TransportOptions {
	proxy?: unknown;
	rejectUnauthorized?: boolean;
	skipSslCertificateValidation?: boolean;
	strictSSL?: boolean;
	agentOptions?: { rejectUnauthorized?: boolean };
}

// The hosts of Alibaba Cloud's own APIs: a product, alone or in a region. Whatever has another label before or between
// them may be a customer's: a bucket, a function, a model, a database.
const PRODUCT = /^[a-z][a-z0-9]*(?:-[a-z0-9]+){0,4}$/;
const REGION =
	/^(?:vpc-proxy|(?:cn|ap|us|eu|me|na|sa|af|rus)(?:-[a-z]+)+(?:-\d+)?(?:-[a-z]+-\d+)?)$/;
// Storage is no RPC API, and its log is its customer's.
const STORAGE = /(?:^|-)(?:oss|s3)(?:-|$)/;

/**
 * Sees to it that a signature goes to Alibaba Cloud alone: made for another host, or sent by another way, it would hand
 * the call, and a temporary token with it, to whoever set the node up.
 * @throws UnusableValue
 */
export function checkDestination(
	url: URL,
	options: TransportOptions,
	credential: AlibabaCloudOpenApiCredential,
): void {
	if (!isApi(url) && url.origin !== camsOrigin(credential)) {
		throw new UnusableValue(
			`'${url.origin}' is not signed for: only Alibaba Cloud's own API hosts, as https://ecs.aliyuncs.com or https://ecs.cn-hangzhou.aliyuncs.com, and the credential's own 'Endpoint' are`,
			"Check 'URL' in the node",
		);
	}
	if (options.proxy) {
		throw new UnusableValue(
			"A signed call is not sent through a proxy that the node's options name",
			"Remove 'Proxy' there. The proxy of the n8n instance is used all the same",
		);
	}
	const checks = [
		options.rejectUnauthorized,
		options.strictSSL,
		options.agentOptions?.rejectUnauthorized,
	];
	if (checks.includes(false) || options.skipSslCertificateValidation) {
		throw new UnusableValue(
			'A signed call is not sent to a server whose certificate is not looked at',
			"Switch 'Ignore SSL Issues' off in the node's options",
		);
	}
}

function isApi({ protocol, hostname, port }: URL): boolean {
	if (protocol !== 'https:' || port !== '' || !hostname.endsWith('.aliyuncs.com')) return false;
	const [product = '', region, ...more] = hostname.slice(0, -'.aliyuncs.com'.length).split('.');
	if (more.length > 0 || (region !== undefined && !REGION.test(region))) return false;
	return PRODUCT.test(product) && !STORAGE.test(product);
}

/** The credential's fields as n8n hands them over; those saved before there were kinds have no `authType`. */
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
 * The key that stands in the credential; with the kind 'RAM Role' it is the one that may assume the role.
 * Values are trimmed: they are pasted, and a line break at the end would look like a wrong secret.
 * @throws UnusableValue that names the field that is empty
 */
export function accessKeyOf(credential: AlibabaCloudOpenApiCredential): AccessKey {
	const accessKeyId = filled('AccessKey ID', credential.accessKeyId);
	const accessKeySecret = filled('AccessKey Secret', credential.accessKeySecret);
	if (credential.authType === 'ramRole') return { accessKeyId, accessKeySecret };
	if (credential.authType === 'stsToken') {
		const securityToken = filled('Security Token', credential.securityToken);
		return { accessKeyId, accessKeySecret, securityToken };
	}
	// A token that is there is used: a temporary key is worth nothing without it.
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
		throw new UnusableValue(`The credential's '${label}' is empty`, 'Enter it there');
	return text;
}
