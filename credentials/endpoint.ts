import type { AlibabaCloudOpenApiCredential } from './credential';
import { UnusableValue } from './unusableValue';

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
