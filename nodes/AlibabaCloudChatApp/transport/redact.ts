const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CODE = /^[\w.:-]{1,100}$/;
// What may stand for a person in an answer: an address, a number, a hash.
const PERSONAL =
	/(?:\\?"[^"]*"|[^\s"<>]+)(?:[@＠]|\\u0040|&#(?:64|x40);)[^\s"<>]+|[0-9a-f]{32,}|\+?\d(?:[\s().+/-]{0,3}\d){6,}/gi;
// The gateway quotes its own calculation of a signature, with every parameter and header of the call.
const CALCULATION = /\s*(?:server )?(?:StringToSign|CanonicalRequest)\b[^]*/i;
// A URL with its parameters, and whatever is named as a token, signature or secret.
const REQUEST =
	/\S*\?\S*=\S*|[\w-]*(?:token|signature|secret|password|authorization)["']?\s*[:=]\s*\S+/gi;
const LONGEST = 300;
/** A server's text beyond this is not looked at, so that no answer can keep n8n busy. */
const LONGEST_READ = 2000;

/**
 * A text from the server without what could be a person's address, number or hash, or one of `secrets`, in a line of
 * at most 300 characters: a message may quote the contact it complains of, URL-encoded too.
 */
export function redact(text: string, secrets: string[] = []): string {
	const plain = decodeTwice(firstPart(text)).replace(CALCULATION, '');
	const named = hideAll(plain, secrets).replace(REQUEST, '[hidden]');
	const shown = named.replace(PERSONAL, '[hidden]').replace(/\s+/g, ' ').trim();
	return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** A request ID as it came when it looks like one, otherwise redacted like any text; empty when it is no text. */
export function redactRequestId(value: unknown): string {
	if (typeof value !== 'string') return '';
	return UUID.test(value) ? value : redact(value);
}

/** An API's code as it came when it looks like one and quotes nobody; undefined for anything else. */
export function readCode(value: unknown, secrets: string[]): string | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const code = String(value);
	return CODE.test(code) && redact(code, secrets) === code ? code : undefined;
}

// A word that is cut in two could be an address without its sign.
function firstPart(text: string): string {
	return text.length <= LONGEST_READ ? text : text.slice(0, LONGEST_READ).replace(/\S*$/, '');
}

function decodeTwice(text: string): string {
	const decode = (from: string) =>
		from.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return decode(decode(text));
}

function hideAll(text: string, secrets: string[]): string {
	let shown = text;
	for (const secret of secrets) {
		if (secret === '') continue;
		const pattern = decodeTwice(secret).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
		shown = shown.replace(new RegExp(pattern, 'gi'), '[hidden]');
	}
	return shown;
}
