import type { AlibabaCloudOpenApiCredential } from './credential';
import { camsOrigin } from './endpoint';
import { UnusableValue } from './unusableValue';

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
