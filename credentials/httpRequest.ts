import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import {
	accessKeyOf,
	type AlibabaCloudOpenApiCredential,
	camsOrigin,
	UnusableValue,
} from './credential';
import { signRequest } from './signing';

/** The HTTP Request node's options 'Proxy' and 'Ignore SSL Issues', in n8n's two shapes of a request. */
interface DestinationOptions {
	proxy?: unknown;
	rejectUnauthorized?: boolean;
	skipSslCertificateValidation?: boolean;
	strictSSL?: boolean;
	agentOptions?: { rejectUnauthorized?: boolean };
}

/** n8n's two shapes of a request: that of `httpRequest`, and the older one that the HTTP Request node still uses. */
export type N8nRequest = Omit<IHttpRequestOptions, keyof DestinationOptions> &
	DestinationOptions & {
		uri?: string;
		form?: unknown;
		formData?: unknown;
		followRedirect?: boolean;
		followAllRedirects?: boolean;
	};

// The hosts of Alibaba Cloud's own APIs: a product, alone or in a region. A host with another label before or between
// them may be a customer's: a bucket, a function, a model, a database.
const PRODUCT = /^[a-z][a-z0-9]*(?:-[a-z0-9]+){0,4}$/;
const REGION =
	/^(?:vpc-proxy|(?:cn|ap|us|eu|me|na|sa|af|rus)(?:-[a-z]+)+(?:-\d+)?(?:-[a-z]+-\d+)?)$/;
// Storage isn't an RPC API, and a bucket's owner can read the requests in its log.
const STORAGE = /(?:^|-)(?:oss|s3)(?:-|$)/;

/**
 * Makes sure that only Alibaba Cloud gets a signature: one for another host, or sent through another proxy, would give
 * the call and a temporary token to whoever configured the node.
 * @throws UnusableValue
 */
function checkDestination(
	url: URL,
	options: DestinationOptions,
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

const FORM = 'application/x-www-form-urlencoded';

/** The parameters of an RPC call, flat as the API accepts them: `Tag.1.Key` for nested ones. */
interface RpcParameters {
	query: Record<string, string>;
	/** Removes a parameter from the call and returns its value. */
	take(name: string): string | undefined;
	/** The body to send, if there is any. */
	body(): string | undefined;
	contentType: string;
}

/**
 * Reads the parameters of a request from its URL, query, and body.
 * An object in the body becomes a form, because RPC APIs read nothing else.
 * @throws UnusableValue when the body is a file or in several parts
 */
async function readParameters(
	options: N8nRequest,
	url: URL,
	contentType = FORM,
): Promise<RpcParameters> {
	const { default: openApiUtil } = await import('@alicloud/openapi-util');
	// Through JSON, because the SDK ignores dates and objects from an expression's sandbox.
	const flat = (values: object) =>
		openApiUtil.query(JSON.parse(JSON.stringify(values))) as Record<string, string>;
	const query = { ...Object.fromEntries(url.searchParams), ...flat(options.qs ?? {}) };
	const given = readBody(options);
	// n8n's HTTP client would trim JSON after the signature was made.
	const isJson = typeof given === 'string' && /json/i.test(contentType);
	const body = isJson ? given.trim() : given;
	const isText = typeof body === 'string';
	let form: Record<string, string> | undefined;
	if (!isText) form = flat(body);
	else if (isForm(contentType)) form = Object.fromEntries(new URLSearchParams(body));
	let changed = !isText;

	return {
		query,
		take(name) {
			const value = query[name] ?? form?.[name];
			delete query[name];
			if (form && name in form) {
				delete form[name];
				changed = true;
			}
			return value;
		},
		body() {
			// Text is sent as it is, unless a parameter was removed from it.
			if (!changed) return body as string;
			return form && (openApiUtil.toForm(form) || undefined);
		},
		contentType: isText ? contentType : FORM,
	};
}

function readBody({ body, form, formData }: N8nRequest): string | object {
	if (formData !== undefined) throw notReadable();
	const parts = [body, form].filter((part) => part !== undefined && part !== null && part !== '');
	const bodies = parts.map((part) => (Buffer.isBuffer(part) ? part.toString() : part));
	const [first] = bodies;
	if (bodies.length === 1 && typeof first === 'string') return first;
	if (!bodies.every(isPlain)) throw notReadable();
	return Object.assign({}, ...bodies.map(toObject)) as object;
}

function isPlain(value: unknown): value is object {
	if (value instanceof URLSearchParams) return true;
	const tag = Object.prototype.toString.call(value);
	return tag === '[object Object]' && !('pipe' in (value as object));
}

function toObject(value: object): object {
	return value instanceof URLSearchParams ? Object.fromEntries(value) : value;
}

function isForm(contentType: string): boolean {
	return contentType.toLowerCase().startsWith(FORM);
}

function notReadable(): UnusableValue {
	return new UnusableValue(
		"Alibaba Cloud's RPC APIs accept forms, but not files or multipart bodies",
		"Set 'Body Content Type' in the node to 'Form Urlencoded'",
	);
}

/**
 * Signs a request of n8n's HTTP Request node to one of Alibaba Cloud's RPC APIs.
 * Action and Version come from the headers `x-acs-action` and `x-acs-version`, or from parameters of these names.
 * @returns the request with the URL, headers, and body that were signed, to be sent as they are
 * @throws UnusableValue when its host must not get a signature, or it isn't such a call
 */
export async function signHttpRequest(
	credential: AlibabaCloudOpenApiCredential,
	options: N8nRequest,
): Promise<IHttpRequestOptions> {
	const method = methodOf(options);
	const url = urlOf(options);
	checkDestination(url, options, credential);
	if (credential.authType === 'ramRole') {
		throw new UnusableValue(
			'With RAM Role authentication, a credential only signs the requests of the Alibaba Cloud Chat App node',
			"For the HTTP Request node, choose 'AccessKey' or 'STS Token' in the credential",
		);
	}
	const headers = lowerCaseNames(options.headers);
	const parameters = await readParameters(options, url, headers['content-type']);
	const { action, version } = takeActionAndVersion(parameters, headers);
	const body = parameters.body();
	const signed = await signRequest(
		{
			method,
			origin: url.origin,
			pathname: url.pathname,
			query: parameters.query,
			headers: headersToSend(headers, body && parameters.contentType),
			body,
			action,
			version,
		},
		accessKeyOf(credential),
		{ now: Date.now(), nonce: randomUUID() },
	);
	return toRequestOptions(options, { method, ...signed, body });
}

function methodOf({ method = 'GET' }: N8nRequest): 'GET' | 'POST' {
	const upper = String(method).toUpperCase();
	if (upper === 'GET' || upper === 'POST') return upper;
	throw new UnusableValue(
		`Alibaba Cloud's RPC APIs accept GET and POST, not ${upper}`,
		`Change 'Method' in the node`,
	);
}

function urlOf({ url, uri, baseURL }: N8nRequest): URL {
	const urlText = String(url ?? uri ?? '');
	if (URL.canParse(urlText, baseURL)) return new URL(urlText, baseURL);
	throw new UnusableValue("'URL' isn't a full URL", 'Enter e.g. https://ecs.aliyuncs.com');
}

function takeActionAndVersion(parameters: RpcParameters, headers: Record<string, string>) {
	const fromParameters = { action: parameters.take('Action'), version: parameters.take('Version') };
	const action = headers['x-acs-action'] ?? fromParameters.action;
	const version = headers['x-acs-version'] ?? fromParameters.version;
	if (action && version) return { action, version };
	const missing = action ? 'Version' : 'Action';
	const example = action ? '2014-05-26' : 'DescribeRegions';
	throw new UnusableValue(
		`The call has no ${missing}`,
		`Add a query parameter '${missing}' in the node, e.g. ${example}`,
	);
}

/** The request's own headers, except those that the signature sets, or that n8n derives from the body. */
function headersToSend(headers: Record<string, string>, contentType: string | undefined) {
	const { authorization, host, 'content-length': length, 'content-type': type, ...rest } = headers;
	return { ...rest, ...(contentType && { 'content-type': contentType }) };
}

function lowerCaseNames(headers: IDataObject = {}): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers)
			.filter(([, value]) => value !== undefined && value !== null)
			.map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
}

function toRequestOptions(
	options: N8nRequest,
	signed: { method: 'GET' | 'POST'; url: string; headers: IDataObject; body?: string },
): IHttpRequestOptions {
	const { qs, form, body, auth, baseURL, ...rest } = options;
	return {
		...rest,
		...(options.uri !== undefined && { uri: signed.url }),
		method: signed.method,
		url: signed.url,
		headers: signed.headers,
		...(signed.body !== undefined && { body: signed.body }),
		// A redirect would send the signature to another host.
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
	} as IHttpRequestOptions;
}
