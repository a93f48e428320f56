import { UserError } from 'n8n-workflow';

/** Singapore, where the service is known to answer. */
export const DEFAULT_REGION = 'ap-southeast-1';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The origin that calls go to, from the credential's endpoint: a host, or a URL with scheme and port.
 * @param endpoint empty for the service's public endpoint in the region
 * @returns scheme, host and port, e.g. `https://cams.ap-southeast-1.aliyuncs.com`
 * @throws UserError with a sentence for people when it is no host or URL, or plain http to another machine
 */
export function resolveOrigin(endpoint: string, defaultHost: string): string {
	const text = endpoint.trim() || defaultHost;
	const address = text.includes('://') ? text : `https://${text}`;
	if (!URL.canParse(address)) {
		throw new UserError(
			"The credential's 'Endpoint' is neither a host name nor a URL. Enter e.g. cams.ap-southeast-1.aliyuncs.com, or leave it empty",
		);
	}
	const url = new URL(address);
	if (url.username || url.password || url.search || url.hash || url.pathname !== '/') {
		throw new UserError(
			"The credential's 'Endpoint' holds more than scheme, host and port. Enter e.g. cams.ap-southeast-1.aliyuncs.com, or leave it empty",
		);
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
		throw new UserError(
			"The credential's 'Endpoint' must use https, since contacts travel over it. Plain http is for this machine (127.0.0.1) alone",
		);
	}
	return url.origin;
}

/** The credential's fields as n8n hands them over. */
export interface AlibabaCloudApiCredential {
	accessKeyId: string;
	accessKeySecret: string;
	securityToken?: string;
	regionId?: string;
	endpoint?: string;
}

/** Where Chat App Message Service answers for a credential. @throws UserError as `resolveOrigin` */
export function camsOrigin({ endpoint, regionId }: AlibabaCloudApiCredential): string {
	return resolveOrigin(endpoint ?? '', `cams.${regionId?.trim() || DEFAULT_REGION}.aliyuncs.com`);
}
