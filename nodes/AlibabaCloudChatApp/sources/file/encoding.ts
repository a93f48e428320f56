import { analyse } from 'chardet';
import { beginsWith } from './streams';

/**
 * The encodings that can be chosen, each with its label and who uses it. All of them can be detected, too.
 * @see https://encoding.spec.whatwg.org/#names-and-labels
 */
export const ENCODINGS = {
	'utf-8': ['UTF-8', 'Used by most systems'],
	'utf-16le': ['UTF-16 (Little Endian)', "Excel's Unicode text"],
	'utf-16be': ['UTF-16 (Big Endian)', 'Rarely used'],
	'windows-1256': ['Arabic (Windows-1256)', 'Used by Excel in Arabic'],
	'iso-8859-6': ['Arabic (ISO-8859-6)', 'Used by old Unix systems in Arabic'],
	'windows-1257': ['Baltic (Windows-1257)', 'Used by Excel in the Baltic countries'],
	'windows-1250': ['Central European (Windows-1250)', 'Used by Excel in Poland and Hungary'],
	'iso-8859-2': ['Central European (ISO-8859-2)', 'Used by older websites in Poland and Hungary'],
	ibm852: ['Central European (IBM-852)', 'CSV (MS-DOS) of Excel in Poland and Hungary'],
	big5: ['Chinese, Traditional (Big5)', 'Used by Excel in Taiwan and Hong Kong'],
	gb18030: ['Chinese, Simplified (GBK, GB18030)', 'Used by Excel in mainland China'],
	'windows-1251': ['Cyrillic (Windows-1251)', 'Used by Excel in Russian and Ukrainian'],
	'x-mac-cyrillic': ['Cyrillic (Mac)', 'Used by Excel for Mac in Russian and Ukrainian'],
	'iso-8859-5': ['Cyrillic (ISO-8859-5)', 'Used by old Unix systems in Bulgarian and Serbian'],
	'koi8-r': ['Cyrillic (KOI8-R)', 'Used by old Unix systems in Russian'],
	'koi8-u': ['Cyrillic (KOI8-U)', 'Used by old Unix systems in Ukrainian'],
	ibm866: ['Cyrillic (IBM-866)', 'CSV (MS-DOS) of Excel in Russian'],
	'windows-1253': ['Greek (Windows-1253)', 'Used by Excel in Greek'],
	'iso-8859-7': ['Greek (ISO-8859-7)', 'Used by old Unix systems in Greek'],
	'windows-1255': ['Hebrew (Windows-1255)', 'Used by Excel in Hebrew'],
	shift_jis: ['Japanese (Shift_JIS)', 'Used by Excel in Japan'],
	'euc-jp': ['Japanese (EUC-JP)', 'Used by old Unix systems in Japanese'],
	'euc-kr': ['Korean (EUC-KR, CP949)', 'Used by Excel in Korea'],
	'windows-874': ['Thai (Windows-874)', 'Used by Excel in Thailand'],
	'windows-1254': ['Turkish (Windows-1254)', 'Used by Excel in Turkey'],
	'windows-1258': ['Vietnamese (Windows-1258)', 'Used by Excel in Vietnam'],
	'windows-1252': ['Western European (Windows-1252)', 'Used by Excel in Western Europe'],
	'iso-8859-15': ['Western European (ISO-8859-15)', 'Used by old Unix systems in Western Europe'],
	macintosh: ['Western European (Mac Roman)', 'Used by Excel for Mac in Western Europe'],
	ibm850: ['Western European (IBM-850)', 'CSV (MS-DOS) of Excel in Western Europe'],
} as const;

type KnownEncoding = keyof typeof ENCODINGS;
/** How a file's bytes are read; `auto`: the encoding is detected. */
export type Encoding = 'auto' | KnownEncoding;

/** Other names, and encodings whose letters are all included in another one. */
const ALIASES: Record<string, Encoding> = {
	cp850: 'ibm850',
	cp852: 'ibm852',
	gbk: 'gb18030',
	'iso-8859-8': 'windows-1255',
	'iso-8859-8-i': 'windows-1255',
	'iso-8859-13': 'windows-1257',
	macroman: 'macintosh',
};

/**
 * The encoding that a name such as `GBK` or `latin1` refers to.
 * @returns undefined if it isn't one of the supported encodings
 */
export function encodingNamed(name: string): Encoding | undefined {
	const given = name.trim().toLowerCase();
	const known = ALIASES[given] ?? given;
	if (known === 'auto' || Object.hasOwn(ENCODINGS, known)) return known as Encoding;
	try {
		const { encoding } = new TextDecoder(known);
		return encoding === known ? undefined : encodingNamed(encoding);
	} catch {
		return undefined;
	}
}

/** Decodes bytes piece by piece; called without bytes at the end. */
type Decode = (bytes?: Uint8Array) => string;

const BYTE_ORDER_MARKS = [
	['utf-8', [0xef, 0xbb, 0xbf]],
	['utf-16le', [0xff, 0xfe]],
	['utf-16be', [0xfe, 0xff]],
] as const;

/**
 * A file's bytes as text, in pieces. A byte order mark takes precedence over the encoding that was chosen: spreadsheets
 * write it when they save a file, whatever its encoding was before. Without either, the encoding is detected from the
 * first bytes beyond ASCII, wherever they are.
 * @param pieces as `cutIntoPieces` returns them
 * @returns the text in pieces; an empty one only lets n8n do other work
 */
export async function* decodeBytes(
	pieces: AsyncIterable<Uint8Array>,
	encoding: Encoding,
	countNames: CountNames,
): AsyncGenerator<string> {
	let isFirst = true;
	let decode: Decode | undefined;
	// The last bytes of a piece, which may be only the beginning of a character.
	let held = Buffer.alloc(0);
	for await (const piece of pieces) {
		const declared = isFirst ? declaredEncoding(encoding, piece) : undefined;
		if (declared) decode = decodeAs(declared);
		isFirst = false;
		if (decode) {
			yield decode(piece);
			continue;
		}
		const known = Buffer.concat([held, piece]);
		const whole = known.subarray(0, wholeUpTo(known));
		held = known.subarray(whole.length);
		const latin = whole.toString('latin1');
		if (!BEYOND_ASCII.test(latin)) yield latin;
		else {
			decode = yield* detectDecoder(whole, countNames);
			yield decode(known);
		}
	}
	if (!decode && held.length > 0) {
		decode = yield* detectDecoder(held, countNames);
		yield decode(held);
	}
	if (decode) yield decode();
}

/** The encoding of the byte order mark, or else the chosen one, or UTF-16 if the bytes look like it. */
function declaredEncoding(chosen: Encoding, head: Uint8Array): KnownEncoding | undefined {
	const marked = BYTE_ORDER_MARKS.find(([, bytes]) => beginsWith(head, bytes))?.[0];
	if (marked) return marked;
	return chosen === 'auto' ? utf16In(head) : chosen;
}

/** Which UTF-16 the bytes are in: by their mark, or, without one, by where the zeros are. */
export function utf16In(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
	const marked = BYTE_ORDER_MARKS.find(([, bytes]) => beginsWith(head, bytes))?.[0];
	if (marked !== undefined) return marked === 'utf-8' ? undefined : marked;
	const zeros = [0, 0];
	const looked = Math.min(head.length, 4096) & ~1;
	for (let at = 0; at < looked; at++) {
		if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] as number) + 1;
	}
	const [even = 0, odd = 0] = zeros;
	// Zeros in a quarter of the high bytes are enough: the rest may be Chinese.
	if (odd > looked / 8 && even < odd / 8) return 'utf-16le';
	return even > looked / 8 && odd < even / 8 ? 'utf-16be' : undefined;
}

function decodeAs(encoding: KnownEncoding): Decode {
	const table = TABLES[encoding];
	if (table !== undefined) return (bytes) => (bytes ? decodeBy(table, bytes) : '');
	const decode = new TextDecoder(encoding);
	return (bytes) => decode.decode(bytes, { stream: bytes !== undefined });
}

function* detectDecoder(bytes: Buffer, countNames: CountNames): Generator<string, Decode> {
	if (isUtf8(bytes)) return decodeAs('utf-8');
	return decodeAs(yield* detectEncoding(bytes, countNames));
}

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;

// A character after the last ASCII one may be cut off.
function wholeUpTo(bytes: Uint8Array): number {
	let end = bytes.length;
	while (end > 0 && bytes.length - end < 3 && (bytes[end - 1] as number) >= 0x80) end--;
	return end;
}

// One broken character among many good ones doesn't make it another encoding.
function isUtf8(bytes: Uint8Array): boolean {
	const text = new TextDecoder().decode(bytes);
	const broken = text.match(/\ufffd/g)?.length ?? 0;
	return (text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0) > 2 * broken;
}

/** The text; undefined if the bytes aren't valid in the encoding. The last character may be incomplete. */
function decodeStrictly(encoding: DetectableEncoding, bytes: Uint8Array): string | undefined {
	const table = TABLES[encoding];
	if (table !== undefined) return decodeBy(table, bytes);
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
	} catch {
		return undefined;
	}
}

/**
 * The characters from byte 0x80 on, where Node has no decoder or a wrong one: several versions (20.20, for example) decode
 * Windows-1252 as Latin-1. Bytes beyond a table are as in Latin-1.
 */
const TABLES: Partial<Record<Encoding, string>> = {
	'windows-1252': '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ',
	ibm850:
		'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0',
	ibm852:
		'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\xad˝˛ˇ˘§÷¸°¨˙űŘř■\xa0',
};

function decodeBy(table: string, bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
		.toString('latin1')
		.replace(/[\x80-\xff]/g, (character) => table[character.charCodeAt(0) - 0x80] ?? character);
}

/** Counts the cells of a row that name a contact's email or phone. */
type CountNames = (cells: string[]) => number;

/** How text looks in an encoding. */
interface EncodingCandidate {
	/** The lowercase letters beyond ASCII of each language that is written in it; absent for East Asian text. */
	alphabets?: readonly string[];
	/** For East Asian text: the bytes of the most common characters. */
	common?: RegExp;
}

const WESTERN = [
	...['äöüß', 'àâæçéèêëîïôœùûü', 'áéíñóúü', 'áâãàçéêíóôõú', 'àèéìíîòóùú', 'åäöæøé', 'éëïóöü'],
	'àçèéíïòóúü',
];
const CENTRAL = [
	...['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'ăâîşţ', 'čćđšž', 'äöüß'],
];
const RUSSIAN = 'абвгдежзийклмнопрстуфхцчшщъыьэюяё';
const SERBIAN = 'абвгдђежзијклљмнњопрстћуфхцчџш';
const UKRAINIAN = 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя';
const CYRILLIC = [RUSSIAN, UKRAINIAN, SERBIAN];
const GREEK = ['αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ'];
const HEBREW = ['אבגדהוזחטיכךלמםנןסעפףצץקרשת'];
const ARABIC = ['ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيپچژگ'];
const THAI = ['กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์ํ๎'];
const BALTIC = ['ąčęėįšųūž', 'āčēģīķļņšūž', 'äöüõšž'];

/** Windows encodings first: with equal evidence, the first one wins. */
const CANDIDATES = {
	'windows-1252': { alphabets: WESTERN },
	'windows-1250': { alphabets: CENTRAL },
	'windows-1251': { alphabets: CYRILLIC },
	'windows-1254': { alphabets: ['çğıöşüâîû'] },
	'windows-1253': { alphabets: GREEK },
	'windows-1255': { alphabets: HEBREW },
	'windows-1256': { alphabets: ARABIC },
	'windows-1257': { alphabets: BALTIC },
	// With separate tone marks.
	'windows-1258': { alphabets: ['àáâăèéêìíòóôơùúưýđ\u0300\u0301\u0303\u0309\u0323'] },
	'windows-874': { alphabets: THAI },
	gb18030: { common: /^[\xb0-\xd7][\xa1-\xfe]/ },
	big5: { common: /^[\xa4-\xc6][\x40-\x7e\xa1-\xfe]/ },
	shift_jis: { common: /^[\x82\x83\x88-\x97][\x40-\xfc]/ },
	'euc-kr': { common: /^[\xb0-\xc8][\xa1-\xfe]/ },
	'euc-jp': { common: /^[\xa4\xa5\xb0-\xcf][\xa1-\xfe]/ },
	'iso-8859-7': { alphabets: GREEK },
	'iso-8859-6': { alphabets: ARABIC },
	macintosh: { alphabets: WESTERN },
	'iso-8859-2': { alphabets: CENTRAL },
	'iso-8859-5': { alphabets: CYRILLIC },
	'koi8-r': { alphabets: [RUSSIAN] },
	'koi8-u': { alphabets: [UKRAINIAN] },
	'x-mac-cyrillic': { alphabets: CYRILLIC },
	ibm866: { alphabets: [RUSSIAN] },
	'iso-8859-15': { alphabets: [...WESTERN, 'äöüõšž'] },
	ibm850: { alphabets: WESTERN },
	ibm852: { alphabets: CENTRAL },
} as const satisfies Record<string, EncodingCandidate>;

/** An encoding that can be detected, by its name for `TextDecoder` if it has one. */
type DetectableEncoding = keyof typeof CANDIDATES;

/** Bytes to examine, from the first one beyond ASCII on. */
const SAMPLE_BYTES = 4096;
/** Lines at the beginning that may be the column names. */
const MAX_LINES = 30;
/** With a lower fit, it isn't text, whatever its cells seem to name. */
const LEAST_FIT = 0.5;

/**
 * The encoding in which the most cells of the first lines name an email or phone. If that is a tie, as in lists with
 * English column names, the one that fits the text best, and then the library's choice. Yields only to let n8n work.
 */
function* detectEncoding(
	bytes: Buffer,
	countNames: CountNames,
): Generator<string, DetectableEncoding> {
	const latin = bytes.toString('latin1');
	const from = Math.max(0, latin.search(BEYOND_ASCII) - 1);
	const sample = latin.slice(from, from + SAMPLE_BYTES);
	const lines = latin.split('\n', MAX_LINES).join('\n');
	const looked = bytes.subarray(0, Math.max(from + SAMPLE_BYTES, lines.length));
	const likely = yield* estimateLikelihoods(sample);
	const namesIn = createNamesCounter(countNames);
	let best: { encoding: DetectableEncoding; order: number[] } | undefined;
	for (const encoding of Object.keys(CANDIDATES) as DetectableEncoding[]) {
		yield '';
		const text = decodeStrictly(encoding, looked);
		if (text === undefined) continue;
		const { alphabets, common }: EncodingCandidate = CANDIDATES[encoding];
		const fit = common
			? shareOfCommon(sample, common)
			: fitOfAlphabets(wordsIn(text), alphabets ?? []);
		const names = fit < LEAST_FIT ? 0 : namesIn(text);
		const order = [names, Math.round(20 * fit), likely.get(encoding) ?? 0];
		if (!best || isGreater(order, best.order)) best = { encoding, order };
	}
	return best?.encoding ?? 'windows-1252';
}

function isGreater(one: number[], other: number[]): boolean {
	const at = one.findIndex((value, index) => value !== other[index]);
	return at >= 0 && (one[at] as number) > (other[at] as number);
}

const CELLS = /"((?:[^"]|"")*)"|[^,;\t|"\n\r]+/g;
const VALUE_OF_CONTACT = /@|\d{4}/;

/** The highest count of names in one of the text's first lines. Lines are cached, as many encodings decode them alike. */
function createNamesCounter(countNames: CountNames): (text: string) => number {
	const known = new Map<string, number>();
	const namesInLine = (line: string) => {
		const cells = [...line.matchAll(CELLS)].map(([cell, quoted]) => quoted ?? cell);
		const count = countNames(
			cells.filter((cell) => BEYOND_ASCII.test(cell) && !VALUE_OF_CONTACT.test(cell)),
		);
		known.set(line, count);
		return count;
	};
	return (text) => {
		const lines = text.split(/\r\n|\r|\n/, MAX_LINES).filter((line) => BEYOND_ASCII.test(line));
		return Math.max(0, ...lines.map((line) => known.get(line) ?? namesInLine(line)));
	};
}

const RUNS = /[A-Za-z]?[\x80-\xff][\x40-\xff]*/g;
/** A character of two bytes, or anything else: a single byte, or an ASCII letter with everything after it. */
const CHARACTERS = /^[A-Za-z].*|[\x81-\xfe][\x40-\xfe]|[^]/gs;

/** The share of the two-byte characters that are among the most common, from 0 to 1. */
function shareOfCommon(latin: string, common: RegExp): number {
	const runs = latin.match(RUNS) ?? [];
	const characters = runs.flatMap((run) => run.match(CHARACTERS) ?? []);
	return characters.filter((bytes) => common.test(bytes)).length / characters.length;
}

const WORDS = /[A-Za-z\u0080-\uffff]+/g;
const LETTER = /\p{L}/u;
/** Characters around a word. */
const PUNCTUATION = /^[«„“‘‚…•–—§´¡¿\u00a0]+|[»”“’…•–—™®©·´²ªº\u00a0]+$/g;
/**
 * Sequences that no language has: a capital after a lowercase letter, two capitals before one, a Greek word without an
 * accent, a final Hebrew letter within a word, a Thai vowel without its consonant.
 */
const ODD =
	/\p{Lu}{2}(?=\p{Ll})|\p{Ll}(?![A-Z])\p{Lu}|(?<!\p{L})[α-ω]{3,}(?!\p{L})|[ךםןףץ](?=[א-ת])|(?<![ก-ฮ\p{Mn}])(?=\p{Script=Thai})\p{Mn}|[เ-ไ](?![ก-ฮ])/gu;

/** A word with letters beyond ASCII. */
interface Word {
	beyond: string;
	isAllBeyond: boolean;
	/** How many sequences it contains that no language has; see `ODD`. */
	odd: number;
}

function wordsIn(text: string): Word[] {
	const from = text.search(BEYOND_ASCII);
	const found = text.slice(Math.max(0, from - 1), from + SAMPLE_BYTES).match(WORDS) ?? [];
	return [...new Set(found)]
		.map((word) => (LETTER.test(word) ? word.replace(PUNCTUATION, '') : word))
		.filter((word) => BEYOND_ASCII.test(word) && (LETTER.test(word) || word.length > 2))
		.map((word) => {
			const beyond = word.replace(/[A-Za-z]+/g, '');
			const isAllBeyond = beyond.length === word.length;
			return { beyond, isAllBeyond, odd: word.match(ODD)?.length ?? 0 };
		});
}

/** How well words fit one of the alphabets, or several together, from 0 to 1. */
function fitOfAlphabets(words: Word[], alphabets: readonly string[]): number {
	const fits = [alphabets.join(''), ...alphabets].map((letters) => alphabetFit(words, letters));
	const [all = 0, ...each] = fits;
	return (all + Math.max(...each)) / 2;
}

function alphabetFit(words: Word[], letters: string): number {
	const known = new Set(letters + letters.toUpperCase() + 'İ’');
	const isLatin = /\p{Script=Latin}/u.test(letters);
	let all = 0;
	let good = 0;
	for (const { beyond, isAllBeyond, odd } of words) {
		all += beyond.length;
		// Only Latin letters are mixed with ASCII letters, and hardly any Latin word is without them.
		if (isLatin ? isAllBeyond && beyond.length > 2 : !isAllBeyond) continue;
		let right = 0;
		for (const letter of beyond) right += Number(known.has(letter));
		good += Math.max(0, right - odd);
	}
	return all === 0 ? 1 : good / all;
}

/** The encodings that the library may mean by a name, where it isn't only the one of that name. */
const LIBRARY_NAMES: Record<string, DetectableEncoding[]> = {
	'iso-8859-1': ['windows-1252'],
	'iso-8859-2': ['windows-1250', 'iso-8859-2'],
	'iso-8859-7': ['windows-1253', 'iso-8859-7'],
	'iso-8859-8': ['windows-1255'],
	'iso-8859-9': ['windows-1254'],
	'koi8-r': ['koi8-r', 'koi8-u'],
	'windows-1250': ['windows-1250', 'iso-8859-2'],
};
const ALPHABETIC = /[A-Za-z]*[\x80-\xff]+[A-Za-z\x80-\xff]*/g;
/** Bytes that the library needs to recognize East Asian text. */
const ENOUGH = 2000;

/**
 * The library's confidence in each encoding, from 0 to 100. For alphabets, words in ASCII are left out: a list consists
 * mostly of them, so everything would look English.
 */
function* estimateLikelihoods(sample: string): Generator<string, Map<string, number>> {
	const likely = new Map<string, number>();
	const note = (text: string, { isEastAsian }: { isEastAsian: boolean }) => {
		for (const { name, confidence } of analyse(Buffer.from(text, 'latin1'))) {
			const label = name.toLowerCase();
			for (const encoding of LIBRARY_NAMES[label] ?? [label as DetectableEncoding]) {
				const { common }: EncodingCandidate = CANDIDATES[encoding] ?? {};
				if ((common !== undefined) === isEastAsian) likely.set(encoding, confidence);
			}
		}
	};
	const characters = `${sample.match(RUNS)?.join(' ') ?? ''} `;
	note(characters.repeat(Math.ceil(ENOUGH / characters.length)), { isEastAsian: true });
	yield '';
	note([...new Set(sample.match(ALPHABETIC))].join(' '), { isEastAsian: false });
	return likely;
}
