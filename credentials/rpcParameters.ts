import type { N8nRequest } from './httpRequest';
import { UnusableValue } from './unusableValue';

const FORM = 'application/x-www-form-urlencoded';

/** The parameters of an RPC call, flat as the API takes them: `Tag.1.Key` for nested ones. */
export interface Parameters {
	query: Record<string, string>;
	/** The value of a parameter, which is then left out of the call. */
	take(name: string): string | undefined;
	/** The text to send, if there is any. */
	body(): string | undefined;
	contentType: string;
}

/**
 * Reads the parameters of a request out of its URL, query and body.
 * An object in the body becomes a form, whatever n8n would have made of it: RPC APIs read nothing else.
 * @throws UnusableValue when the body is a file or in several parts
 */
export async function readParameters(
	options: N8nRequest,
	url: URL,
	contentType = FORM,
): Promise<Parameters> {
	const { default: openApiUtil } = await import('@alicloud/openapi-util');
	// Through JSON, since the SDK overlooks objects that came out of an expression's sandbox, and dates.
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
		// A text goes out as it came, unless something was taken out of it.
		body: () => (changed ? (form && openApiUtil.toForm(form)) || undefined : (body as string)),
		contentType: isText ? contentType : FORM,
	};
}

function readBody({ body, form, formData }: N8nRequest): string | object {
	if (formData !== undefined) throw notReadable();
	const parts = [body, form].filter((part) => part !== undefined && part !== null && part !== '');
	const texts = parts.map((part) => (Buffer.isBuffer(part) ? part.toString() : part));
	const [first] = texts;
	if (texts.length === 1 && typeof first === 'string') return first;
	if (!texts.every(isPlain)) throw notReadable();
	return Object.assign({}, ...texts.map(entries)) as object;
}

function isPlain(value: unknown): value is object {
	if (value instanceof URLSearchParams) return true;
	const tag = Object.prototype.toString.call(value);
	return tag === '[object Object]' && !('pipe' in (value as object));
}

function entries(value: object): object {
	return value instanceof URLSearchParams ? Object.fromEntries(value) : value;
}

function isForm(contentType: string): boolean {
	return contentType.toLowerCase().startsWith(FORM);
}

function notReadable(): UnusableValue {
	return new UnusableValue(
		"Alibaba Cloud's RPC APIs take a form, no file and no body in several parts",
		"Set 'Body Content Type' in the node to 'Form Urlencoded'",
	);
}
