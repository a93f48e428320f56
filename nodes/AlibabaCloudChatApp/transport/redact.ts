/** A text as it is compared, whatever its case, accents, width, script and punctuation. */
export interface PlainForm {
	/** Letters and digits alone. */
	joined: string;
	/** The same without the words that stand for the punctuation of an address. */
	withoutSigns: string;
	words: string[];
	/** Digits alone, of any script. */
	digits: string;
}

const SIGNS = new Set(['at', 'dot', 'punkt', 'punto', 'point', 'period', 'arroba', 'plus']);

// Letters of Cyrillic and Greek that look like Latin ones.
const LOOK = 'аеорсухіјѕԁһқԛԝνοαρτικ';
const LIKE = 'aeopcyxijsdhkqwvoaptik';

/** The plain form of a text. */
export function plainForm(text: string): PlainForm {
	const letters = LATIN.test(text) ? text.toLowerCase() : asLatin(text);
	const words = letters.match(/[\p{L}\p{N}]+/gu) ?? [];
	return {
		joined: words.join(''),
		withoutSigns: words.filter((word) => !SIGNS.has(word)).join(''),
		words,
		digits: letters.replace(/[^0-9]+/g, ''),
	};
}

// Most values are, and a batch holds thousands.
const LATIN = /^[ -~]*$/;

function asLatin(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}]/gu, '')
		.toLowerCase()
		.replace(/[\u0370-\u052f]/g, (letter) => LIKE[LOOK.indexOf(letter)] ?? letter)
		.replace(/(?![0-9])\p{Nd}/gu, latinDigit);
}

/** The digits of a script stand in a row, from zero to nine, and behind them there may be another script's. */
function latinDigit(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	let before = 0;
	while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
	return String(before % 10);
}

/** However a text nests its encodings, no more than this many readings of it are made. */
const MOST_READINGS = 40;
const ROUNDS = 5;

const NAMES: Record<string, string> = {
	commat: '@',
	period: '.',
	plus: '+',
	lowbar: '_',
	hyphen: '-',
	dash: '-',
	nbsp: ' ',
	quot: '"',
	apos: "'",
	amp: '&',
};

/**
 * The texts that a text may stand for: itself, and what is left when URL encoding, entities, escapes, base64, hex,
 * character codes, ROT13 or mirror writing are taken off it, in any order.
 */
export function readingsOf(text: string): string[] {
	const known = new Set<string>();
	let pending = [text];
	for (let round = 0; round < ROUNDS; round++) {
		const next: string[] = [];
		for (const one of pending) {
			if (known.has(one) || known.size >= MOST_READINGS) continue;
			known.add(one);
			next.push(unescaped(one), ...unpacked(one));
		}
		pending = next;
	}
	for (const one of [unescaped(text), text]) known.add(mirrored(one)).add(rot13(one));
	return [...known];
}

/** One layer of URL encoding, entities and escapes less. */
function unescaped(text: string): string {
	const code = (digits: string, radix: number) => character(parseInt(digits, radix));
	return text
		.replace(/(?:[%=][0-9a-f]{2})+/gi, (run) => {
			return Buffer.from(run.replace(/[%=]/g, ''), 'hex').toString('utf8');
		})
		.replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => code(hex, 16))
		.replace(/&#(\d{1,7});?/g, (_, decimal: string) => code(decimal, 10))
		.replace(/&([a-z]{3,8});/gi, (all, name: string) => NAMES[name.toLowerCase()] ?? all)
		.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => code(hex, 16))
		.replace(/(?:\\u\{|U\+)([0-9a-f]{1,6})\}?/gi, (_, hex: string) => code(hex, 16))
		.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => code(hex, 16))
		.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => code(octal, 8));
}

/** What base64, hex and lists of character codes in a text say. */
function unpacked(text: string): string[] {
	const found: string[] = [];
	for (const one of new Set([text, text.replace(/\s/g, '')])) {
		for (const [run] of one.matchAll(/[A-Za-z0-9+/_-]{6,}/g)) {
			// Where it begins isn't known when letters stand before it.
			for (let at = 0; at < 4; at++) found.push(Buffer.from(run.slice(at), 'base64').toString());
		}
	}
	for (const [run] of text.matchAll(/(?:[0-9a-f]{2}[\s:,-]?){4,}/gi)) {
		found.push(Buffer.from(run.replace(/[^0-9a-f]/gi, ''), 'hex').toString());
	}
	for (const [run] of text.matchAll(/(?:\d{2,3}[\s,;]{1,2}){3,}\d{2,3}/g)) {
		found.push(run.split(/\D+/).map(Number).map(character).join(''));
	}
	return found.filter(isReadable);
}

/** Whether most of a text is letters, digits and punctuation, as what was decoded by mistake is not. */
function isReadable(text: string): boolean {
	const odd = text.match(/[^\x20-\x7e\p{L}\p{N}]/gu)?.length ?? 0;
	return text.length >= 3 && odd * 5 <= text.length;
}

function character(code: number): string {
	return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function mirrored(text: string): string {
	return [...text].reverse().join('');
}

function rot13(text: string): string {
	return text.replace(/[a-z]/gi, (letter) => {
		const first = letter <= 'Z' ? 65 : 97;
		return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
	});
}

/** What an answer must not repeat. */
export interface Sent {
	/** Of the key that signed the call. */
	secrets: string[];
	/** The addresses, numbers and hashes that the call holds. */
	personal?: () => Iterable<string>;
}

/** Letters and digits that are looked up before a whole value is searched for. */
const GRAM = 6;
/** A number without its country and area code is as good as the whole. */
const LAST_DIGITS = 7;
/** So much of a secret or a hash is as good as the whole. */
const PART = 12;
/** Parts of addresses as short as this stand in any text. */
const SHORTEST_NAME = 3;
const SHORTEST_PART = 4;

// Words of the API's messages; that a contact's address holds one tells nothing of the contact.
const ORDINARY = new Set(
	`the and for not you your are was were has have with this that from too many more than
	user users email emails mail phone phones phonenumber mobile number numbers value values field fields
	contact contacts customer customers client clients member members person people account accounts admin
	info service services support sales help team office news newsletter message messages messenger
	audience audiences custom page pages channel instance space meta facebook batch list data file total
	request requests requestid parameter parameters format invalid illegal missing mandatory required
	specified acceptable accepted refused denied failed error errors exception internal unknown unavailable
	found exist exists empty null true false code status limit quota flow control throttling system server
	api key token secret signature access permission authorized action resource product unsubscript
	param params name names type types test testing example com org net www http https alibaba aliyun
	notfound ready notready please check again later retry time timeout expired format duplicate`.split(
		/\s+/,
	),
);

/**
 * Whether a text repeats anything of what was sent, in whatever spelling or encoding: an address, its local part or
 * domain, a number or its last digits, a hash, a secret.
 */
export function quotes(text: string, { secrets, personal }: Sent): boolean {
	const index = indexOf(readingsOf(text).map(plainForm));
	if (secrets.some((secret) => index.holdsPart(plainForm(secret).joined))) return true;
	for (const value of personal?.() ?? []) {
		if (isQuoted(value, index)) return true;
	}
	return false;
}

type Index = ReturnType<typeof indexOf>;

function isQuoted(value: string, index: Index): boolean {
	const at = value.lastIndexOf('@');
	if (at < 0) {
		return /^\d+$/.test(value)
			? index.holdsDigits(value)
			: index.holdsPart(plainForm(value).joined);
	}
	const local = value.slice(0, at);
	const { joined: domain } = plainForm(value.slice(at));
	const { joined: name, words } = plainForm(local);
	if (index.holds(name + domain) || index.holds(domain)) return true;
	return holdsName(index, name) || words.some((word) => holdsWord(index, word));
}

function holdsName(index: Index, name: string): boolean {
	if (ORDINARY.has(name) || name.length < SHORTEST_NAME) return false;
	return index.words.has(name) || index.holds(name);
}

function holdsWord(index: Index, word: string): boolean {
	return word.length >= SHORTEST_PART && !ORDINARY.has(word) && index.words.has(word);
}

// A batch has thousands of contacts, so each is looked up before any text is searched.
function indexOf(forms: PlainForm[]) {
	const texts = new Set(forms.flatMap(({ joined, withoutSigns }) => [joined, withoutSigns]));
	const grams = gramsOf(texts, GRAM);
	const digits = gramsOf(new Set(forms.map((form) => form.digits)), LAST_DIGITS);
	const holds = (value: string): boolean => {
		if (!grams.has(value.slice(-GRAM))) return false;
		for (let at = 0; at + GRAM <= value.length; at += GRAM) {
			if (!grams.has(value.slice(at, at + GRAM))) return false;
		}
		for (const text of texts) if (text.includes(value)) return true;
		return false;
	};
	return {
		words: new Set(forms.flatMap(({ words }) => words)),
		holds,
		holdsPart: (value: string) => holds(value.slice(0, PART)) || holds(value.slice(-PART)),
		holdsDigits: (value: string) => digits.has(value.slice(-LAST_DIGITS)),
	};
}

function gramsOf(texts: Set<string>, length: number): Set<string> {
	const grams = new Set<string>();
	for (const text of texts) {
		for (let at = 0; at + length <= text.length; at++) grams.add(text.slice(at, at + length));
	}
	return grams;
}

// What may stand for a person in an answer: a number, written in any way, or a hash. Both are read in one go.
const NUMBER = /\d(?:[^\p{L}\p{N}]{0,3}\d){6,}/gu;
const HASH = /[0-9a-f]{32,}/gi;
// A quoted local part may hold spaces.
const QUOTED_NAME = /"[^"@]*"(?=[@＠])/g;
const WORD_OF_ADDRESS = /[@＠]|\\u0040|&#(?:64|x40);|&commat;/i;
// Whatever is named as a token, signature or secret.
const NAMED = /(?:token|signature|secret|password|authorization)\\?["']?\s*[:=]\s*\S+/gi;
// Marks that change how the rest is shown.
const UNSEEN = /[\p{Cc}\p{Cf}]+/gu;
// The gateway quotes its own calculation of a signature, with every parameter and header of the call.
const CALCULATION = /(?:server )?(?:StringToSign|CanonicalRequest)\b/i;
const LONGEST = 300;
/** A server's text beyond this is not looked at, so that no answer can keep n8n busy. */
const LONGEST_READ = 2000;

/**
 * A text from the server without what could be a person's address, number or hash, or one of `secrets`, in a line of
 * at most 300 characters: a message may quote the contact it complains of, URL-encoded too.
 */
export function redact(text: string, secrets: string[] = []): string {
	const named = hideAll(decodeTwice(withoutCalculation(text)), secrets).replace(NAMED, '[hidden]');
	const words = named.replace(QUOTED_NAME, '').split(/\s+/);
	const plain = words.map((word) => (isTelling(word) ? '[hidden]' : word)).join(' ');
	const shown = plain
		.replace(HASH, '[hidden]')
		.replace(NUMBER, '[hidden]')
		.replace(UNSEEN, '')
		.trim();
	return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** The part of a text that is read at all: its beginning, without the gateway's calculation of a signature. */
export function withoutCalculation(text: string): string {
	const part = firstPart(text);
	const calculation = part.search(CALCULATION);
	return calculation < 0 ? part : part.slice(0, calculation);
}

// A word that is cut in two could be an address without its sign.
function firstPart(text: string): string {
	if (text.length <= LONGEST_READ) return text;
	const part = text.slice(0, LONGEST_READ);
	const end = Math.max(part.lastIndexOf(' '), part.lastIndexOf('\n'));
	return part.slice(0, Math.max(0, end));
}

/** An address, or a URL with its parameters. */
function isTelling(word: string): boolean {
	const query = word.indexOf('?');
	return WORD_OF_ADDRESS.test(word) || (query >= 0 && word.includes('=', query));
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
