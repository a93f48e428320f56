import { type CountNames, detected, type Detected } from './detect';
import { damaged } from './fileError';

/** The bytes of a file, from its beginning each time it is opened. */
export interface ByteSource {
	open(): AsyncIterable<Uint8Array>;
}

/** Bytes of a piece: enough to recognize a file by its first piece, and few enough to read each quickly. */
export const PIECE = 65_536;

/** The same bytes in pieces of 64 KiB, of which only the last is smaller. */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let held: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		held.push(chunk);
		length += chunk.length;
		if (length < PIECE) continue;
		// Once for each piece: copying for each chunk would take quadratic time.
		const bytes = held.length === 1 ? chunk : Buffer.concat(held);
		const rest = length % PIECE;
		for (let start = 0; start < length - rest; start += PIECE) {
			yield bytes.subarray(start, start + PIECE);
		}
		held = [bytes.subarray(length - rest)];
		length = rest;
	}
	if (length > 0) yield Buffer.concat(held);
}

/** Pieces of which the first was read ahead. */
export interface Peeked<T> {
	/** Absent when there is none. */
	first: T | undefined;
	/** All pieces, the first one too. */
	all: AsyncGenerator<T>;
	/** Ends the reading, whether all was read or not. */
	close(): Promise<void>;
}

/** Reads the first piece ahead. */
export async function peek<T>(pieces: AsyncGenerator<T>): Promise<Peeked<T>> {
	const { value, done } = await pieces.next();
	const first = done ? undefined : (value as T);
	async function* all() {
		if (first === undefined) return;
		yield first;
		yield* pieces;
	}
	return {
		first,
		all: all(),
		// A generator that hasn't started doesn't end the one that it reads from.
		close: async () => void (await pieces.return(undefined)),
	};
}

/** Whether the bytes begin with these; `undefined` matches any byte. */
export function begins(head: Uint8Array, bytes: ReadonlyArray<number | undefined>): boolean {
	return bytes.every((byte, at) => byte === undefined || head[at] === byte);
}

/**
 * Decompresses bytes outside n8n's thread.
 * @throws FileError when they are damaged or incomplete; what reading them throws
 */
export async function* decompressed(
	packed: AsyncIterable<Uint8Array>,
	format: 'gzip' | 'deflate-raw',
): AsyncGenerator<Uint8Array> {
	let notRead: { error: unknown } | undefined;
	async function* source() {
		try {
			yield* packed;
		} catch (error) {
			notRead = { error };
		}
	}
	try {
		yield* ReadableStream.from(source()).pipeThrough(new DecompressionStream(format));
	} catch {
		// The first error counts: a file that breaks off looks damaged, too.
		throw notRead ? notRead.error : damaged();
	}
	if (notRead) throw notRead.error;
}

/**
 * The encodings that a person can choose, each with its label and who uses it; all of them are detected too.
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

type Known = keyof typeof ENCODINGS;
/** How a file's bytes are read; `auto`: as its bytes show. */
export type Encoding = 'auto' | Known;

/** Other names, and encodings whose letters are all in another one. */
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
 * The encoding that a person means by a name, such as `GBK` or `latin1`.
 * @returns undefined when it is none that files of contacts have
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
 * write it with what they save, whatever the file was before. If nothing shows the encoding, the first bytes beyond ASCII
 * do, wherever they come.
 * @param pieces as `inPieces` cuts them
 * @returns an empty string is only a chance for others to get their turn
 */
export async function* decoded(
	pieces: AsyncIterable<Uint8Array>,
	encoding: Encoding,
	countNames: CountNames,
): AsyncGenerator<string> {
	let isFirst = true;
	let decode: Decode | undefined;
	// A character's first bytes at the end of a piece: what they are shows with the next.
	let held = Buffer.alloc(0);
	for await (const piece of pieces) {
		const shown = isFirst ? shownEncoding(encoding, piece) : undefined;
		if (shown) decode = decodeAs(shown);
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
			decode = yield* detecting(whole, countNames);
			yield decode(known);
		}
	}
	if (!decode && held.length > 0) {
		decode = yield* detecting(held, countNames);
		yield decode(held);
	}
	if (decode) yield decode();
}

/** The encoding that the bytes show, or else the one that was chosen, if one was. */
function shownEncoding(chosen: Encoding, head: Uint8Array): Known | undefined {
	const marked = BYTE_ORDER_MARKS.find(([, bytes]) => begins(head, bytes))?.[0];
	if (marked) return marked;
	return chosen === 'auto' ? wideEncoding(head) : chosen;
}

/** Which UTF-16 the bytes are in: by their mark, or, without one, by where the zeros are. */
export function wideEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
	const marked = BYTE_ORDER_MARKS.find(([, bytes]) => begins(head, bytes))?.[0];
	if (marked !== undefined) return marked === 'utf-8' ? undefined : marked;
	const zeros = [0, 0];
	const looked = Math.min(head.length, 4096) & ~1;
	for (let at = 0; at < looked; at++) {
		if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] as number) + 1;
	}
	const [even = 0, odd = 0] = zeros;
	// A quarter is enough: the rest may be Chinese.
	if (odd > looked / 8 && even < odd / 8) return 'utf-16le';
	return even > looked / 8 && odd < even / 8 ? 'utf-16be' : undefined;
}

function decodeAs(encoding: Known): Decode {
	const table = TABLES[encoding];
	if (table !== undefined) return (bytes) => (bytes ? decodedBy(table, bytes) : '');
	const decode = new TextDecoder(encoding);
	return (bytes) => decode.decode(bytes, { stream: bytes !== undefined });
}

function* detecting(bytes: Buffer, countNames: CountNames): Generator<string, Decode> {
	if (isUtf8(bytes)) return decodeAs('utf-8');
	return decodeAs(yield* detected(bytes, countNames, decodedStrictly));
}

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;

// What follows the last ASCII character may be cut in the middle.
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
function decodedStrictly(encoding: Detected, bytes: Uint8Array): string | undefined {
	const table = TABLES[encoding];
	if (table !== undefined) return decodedBy(table, bytes);
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

function decodedBy(table: string, bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
		.toString('latin1')
		.replace(/[\x80-\xff]/g, (character) => table[character.charCodeAt(0) - 0x80] ?? character);
}
