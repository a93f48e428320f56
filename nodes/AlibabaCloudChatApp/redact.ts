const HIDDEN = '[hidden]';
// Characters that change how the rest is shown.
const INVISIBLE = /[\p{Cc}\p{Cf}]+/gu;

const EMAIL_IN_NAME = /[^\s@＠"'[\](){}<>,;/]+[@＠][^\s@＠"'[\](){}<>,;/]+/gu;
// After a letter or an underscore, digits are the number of a field, as in `custom_field_360012345678`. A date isn't hidden.
const NUMBER_IN_NAME =
	/(?<![\p{L}\p{N}_])(?!(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d))\+?\d(?:[^\p{L}\p{N}]{0,3}\d){6,}/gu;
// MD5 and SHA-256; some systems name their fields by 40 digits.
const HASH_IN_NAME = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{64})(?![0-9a-f])/gi;
/** Characters of a name that are shown. */
const MAX_NAME = 200;

/**
 * A name from the data, such as a key or a path, as messages and outputs show it. Items may be keyed by a contact, as in
 * `{ "mary@example.com": { … } }`: what may be an email, a number, or its hash is hidden, URL-encoded or not.
 */
export function shownName(name: string): string {
	const plain = name.replace(INVISIBLE, '');
	const decoded = decodeTwice(plain).replace(INVISIBLE, '');
	const hidden = withoutContacts(decoded);
	const shown = hidden === decoded ? plain : hidden;
	return shown.length > MAX_NAME ? `${shown.slice(0, MAX_NAME)}…` : shown;
}

function withoutContacts(text: string): string {
	return text
		.replace(EMAIL_IN_NAME, HIDDEN)
		.replace(HASH_IN_NAME, HIDDEN)
		.replace(NUMBER_IN_NAME, HIDDEN);
}

/** The string with what is URL-encoded in it, once or twice, decoded. */
function decodeTwice(text: string): string {
	const decode = (from: string) =>
		from.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
			Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
		);
	return decode(decode(text));
}

// In a response, more is hidden than in a name: any long number, however it is written, and any hash.
const NUMBER = /\d(?:[^\p{L}\p{N}]{0,3}\d){6,}/gu;
const HASH = /[0-9a-f]{32,}/gi;
// A quoted local part may contain spaces.
const QUOTED_LOCAL_PART = /"[^"@]*"(?=[@＠])/g;
const WORD_OF_EMAIL = /[@＠]|\\u0040|&#(?:64|x40);|&commat;/i;
// Whatever is named as a token, signature, or secret.
const NAMED_SECRET = /(?:token|signature|secret|password|authorization)\\?["']?\s*[:=]\s*\S+/gi;
// The gateway quotes its own calculation of a signature, with every parameter and header of the call.
const CALCULATION = /(?:server )?(?:StringToSign|CanonicalRequest)\b/i;
/** Characters that are shown. */
const MAX_SHOWN = 300;
/** Characters that are read, so that no response keeps n8n busy. */
const MAX_READ = 2000;

/**
 * Text from a server without what may be a person's email, number, or hash, or one of `secrets`, URL-encoded or not:
 * one line of at most 300 characters.
 */
export function redact(text: string, secrets: string[] = []): string {
	const named = hideAll(decodeTwice(beginningOf(text)), secrets).replace(NAMED_SECRET, HIDDEN);
	const words = named.replace(QUOTED_LOCAL_PART, '').split(/\s+/);
	const plain = words.map((word) => (mayIdentify(word) ? HIDDEN : word)).join(' ');
	const shown = plain.replace(HASH, HIDDEN).replace(NUMBER, HIDDEN).replace(INVISIBLE, '').trim();
	return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
}

/** What was sent in a call, and must not be shown in a message about it. */
export interface Sent {
	/** Of the key that signed the call. */
	secrets: string[];
	/** The emails, numbers, and hashes in the call. */
	personal?: () => Iterable<string>;
}

/** Whether text repeats something that was sent, as sent or URL-encoded, in upper or lower case. */
function repeats(text: string, { secrets, personal }: Sent): boolean {
	const read = beginningOf(text);
	const texts = [read, decodeTwice(read)].map((each) => each.toLowerCase());
	const contain = (value: string) =>
		value !== '' && texts.some((each) => each.includes(value.toLowerCase()));
	if (secrets.some(contain)) return true;
	// A batch has thousands of contacts, and most strings can't contain one.
	if (!texts.some((each) => MAY_BE_PERSONAL.test(each))) return false;
	for (const value of personal?.() ?? []) if (contain(value)) return true;
	return false;
}

const MAY_BE_PERSONAL = /@|\d{7}|[0-9a-f]{32}/;

/** The part of the text that is read at all: its beginning, without the gateway's calculation of a signature. */
function beginningOf(text: string): string {
	const part = firstPart(text);
	const calculation = part.search(CALCULATION);
	return calculation < 0 ? part : part.slice(0, calculation);
}

// A word that is cut in two could be an email without its @.
function firstPart(text: string): string {
	if (text.length <= MAX_READ) return text;
	const part = text.slice(0, MAX_READ);
	const end = Math.max(part.lastIndexOf(' '), part.lastIndexOf('\n'));
	return part.slice(0, Math.max(0, end));
}

/** Whether a word is an email, or a URL with parameters. */
function mayIdentify(word: string): boolean {
	const query = word.indexOf('?');
	return WORD_OF_EMAIL.test(word) || (query >= 0 && word.includes('=', query));
}

function hideAll(text: string, secrets: string[]): string {
	let shown = text;
	for (const secret of secrets) {
		if (secret === '') continue;
		const pattern = decodeTwice(secret).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
		shown = shown.replace(new RegExp(pattern, 'gi'), HIDDEN);
	}
	return shown;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ID = /^(?=.*\d)[\w-]{6,64}$/;
const CODE = /^[\w.:-]{1,100}$/;

/** What a service's message says, as far as it may be shown; empty when there is none. */
export function shownMessage(value: unknown, sent: Sent): string {
	if (typeof value !== 'string') return '';
	return repeats(value, sent)
		? '[not shown, because it repeats what was sent]'
		: redact(value, sent.secrets);
}

/** A request ID that looks like one and repeats nothing that was sent; empty when there is none. */
export function shownRequestId(value: unknown, sent: Sent): string {
	if (typeof value !== 'string' || value === '') return '';
	const isId = UUID.test(value) || (ID.test(value) && redact(value) === value);
	return isId && !repeats(value, sent) ? value : HIDDEN;
}

/** A code that looks like one and repeats nothing that was sent. */
export function shownCode(code: string, sent: Sent): string {
	return CODE.test(code) && redact(code) === code && !repeats(code, sent) ? code : HIDDEN;
}

/** The code in a response; empty for what can't be one. */
export function codeIn(value: unknown): string {
	if (typeof value !== 'string' && typeof value !== 'number') return '';
	const code = String(value);
	return CODE.test(code) ? code : '';
}
