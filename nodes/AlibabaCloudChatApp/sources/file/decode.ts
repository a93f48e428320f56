import { analyse } from 'chardet';
import { damaged } from './fileError';

/** The bytes of a file, from its beginning each time it is opened. */
export interface ByteSource {
	open(): AsyncIterable<Uint8Array>;
}

/** Bytes of a piece: what a file is shows within the first, and no piece takes long to read. */
export const PIECE = 65_536;

/** The same bytes in pieces of 64 KiB, of which only the last is smaller. */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let held: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		held.push(chunk);
		length += chunk.length;
		if (length < PIECE) continue;
		// Once for each piece: a copy for each chunk would take as many as there are bytes.
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

export interface Peeked<T> {
	/** Absent when there is none. */
	first: T | undefined;
	/** All pieces, the first one too. */
	all: AsyncGenerator<T>;
	/** Ends the reading, whether all was read or not. */
	close(): Promise<void>;
}

/** Looks at the first piece before all are read. */
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
		// A generator that was never asked for anything would not pass its end on.
		close: async () => void (await pieces.return(undefined)),
	};
}

/** Whether the bytes begin with these; `undefined` stands for any. */
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
		// What went wrong first: without its end the rest looks damaged.
		throw notRead ? notRead.error : damaged();
	}
	if (notRead) throw notRead.error;
}

/**
 * The encodings that a person can choose, each with what writes it; all of them are detected too.
 * @see https://encoding.spec.whatwg.org/#names-and-labels
 */
export const ENCODINGS = {
	'utf-8': ['UTF-8', 'Used by most systems'],
	'utf-16le': ['UTF-16 (Little Endian)', "Excel's Unicode text"],
	'utf-16be': ['UTF-16 (Big Endian)', 'Rarely used'],
	big5: ['Chinese, Traditional (Big5)', 'Used by Excel in Taiwan and Hong Kong'],
	gb18030: ['Chinese, Simplified (GBK, GB18030)', 'Used by Excel in mainland China'],
	'windows-1256': ['Arabic (Windows-1256)', 'Used by Excel in Arabic'],
	'windows-1257': ['Baltic (Windows-1257)', 'Used by Excel in the Baltic countries'],
	'windows-1250': ['Central European (Windows-1250)', 'Used by Excel in Poland and Hungary'],
	'windows-1251': ['Cyrillic (Windows-1251)', 'Used by Excel in Russian and Ukrainian'],
	'koi8-r': ['Cyrillic (KOI8-R)', 'Used by old Unix systems in Russian'],
	'windows-1253': ['Greek (Windows-1253)', 'Used by Excel in Greek'],
	'windows-1255': ['Hebrew (Windows-1255)', 'Used by Excel in Hebrew'],
	shift_jis: ['Japanese (Shift_JIS)', 'Used by Excel in Japan'],
	'euc-jp': ['Japanese (EUC-JP)', 'Used by old Unix systems in Japanese'],
	'euc-kr': ['Korean (EUC-KR, CP949)', 'Used by Excel in Korea'],
	'windows-874': ['Thai (Windows-874)', 'Used by Excel in Thailand'],
	'windows-1254': ['Turkish (Windows-1254)', 'Used by Excel in Turkey'],
	'windows-1258': ['Vietnamese (Windows-1258)', 'Used by Excel in Vietnam'],
	'windows-1252': ['Western European (Windows-1252)', 'Used by Excel in Western Europe'],
} as const;

/** How a file's bytes are read; `auto`: as its bytes show. */
export type Encoding = 'auto' | keyof typeof ENCODINGS;

/**
 * The encoding that a person means by a name, such as `GBK` or `latin1`.
 * @returns undefined when it is none that files of contacts have
 */
export function encodingNamed(name: string): Encoding | undefined {
	if (name === 'auto') return name;
	try {
		const { encoding } = new TextDecoder(name.trim());
		const known = encoding === 'gbk' ? 'gb18030' : encoding;
		return Object.hasOwn(ENCODINGS, known) ? (known as Encoding) : undefined;
	} catch {
		return undefined;
	}
}

/** Counts the cells, among those of a row, that name a contact's email or phone. */
export type CountNames = (cells: string[]) => number;

/** Bytes to text, piece by piece; called without bytes at the end. */
export type Decode = (bytes?: Uint8Array) => string;

const MARKS = [
	['utf-8', [0xef, 0xbb, 0xbf]],
	['utf-16le', [0xff, 0xfe]],
	['utf-16be', [0xfe, 0xff]],
] as const;

/**
 * Reads a file's bytes as text. A byte order mark takes precedence over the encoding that was chosen: spreadsheets write
 * it with what they save, whatever the file was before.
 * @param head the file's beginning
 */
export function decoder(encoding: Encoding, head: Uint8Array, countNames: CountNames): Decode {
	const marked = MARKS.find(([, bytes]) => begins(head, bytes))?.[0];
	const known = marked ?? (encoding === 'auto' ? wideEncoding(head) : encoding);
	return known === undefined ? decodeDetecting(countNames) : decodeAs(known);
}

/** Which UTF-16 the bytes are in: by their mark, or, without one, by where the zeros are. */
export function wideEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
	const marked = MARKS.find(([, bytes]) => begins(head, bytes))?.[0];
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

function decodeAs(encoding: Exclude<Encoding, 'auto'>): Decode {
	if (encoding === 'windows-1252') return decodeWestern;
	const decode = new TextDecoder(encoding);
	return (bytes) => decode.decode(bytes, { stream: bytes !== undefined });
}

/** Decides with the first bytes beyond ASCII, wherever they come. */
function decodeDetecting(countNames: CountNames): Decode {
	let decided: Decode | undefined;
	// A character's first bytes at the end of a piece: what they are shows with the next.
	let held = new Uint8Array(0);
	return (bytes) => {
		if (decided) return decided(bytes);
		const known = Buffer.concat([held, bytes ?? new Uint8Array(0)]);
		const end = bytes ? wholeUpTo(known) : known.length;
		const whole = known.subarray(0, end);
		held = known.subarray(end);
		const latin = whole.toString('latin1');
		if (!BEYOND_ASCII.test(latin)) return latin;
		decided = decodeAs(isUtf8(whole) ? 'utf-8' : detected(whole, countNames));
		const text = decided(Buffer.concat([whole, held]));
		return bytes ? text : text + decided();
	};
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
	return broken === 0 || (text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0) > 2 * broken;
}

type Detected = Exclude<keyof typeof ENCODINGS, `utf-${string}`>;

/** What is compared; the order decides where nothing else does. */
const DETECTED = (Object.keys(ENCODINGS) as Array<keyof typeof ENCODINGS>)
	.filter((name): name is Detected => !name.startsWith('utf-'))
	.reverse();
/** Lines at the beginning that may be the column names. */
const LINES = 30;
const CELLS = /"((?:[^"]|"")*)"|[^,;\t|"\n\r]+/g;

/** The letters beyond ASCII of languages whose encodings differ in a few of them. */
const ALPHABETS: Partial<Record<Detected, string[]>> = {
	'windows-1250': [
		'ąćęłńóśźż',
		'áčďéěíňóřšťúůýž',
		'áäčďéíĺľňóôŕšťúýž',
		'áéíóöőúüű',
		'ăâîşţ',
		'čćđšž',
	],
	'windows-1252': [
		...['äöüß', 'àâæçéèêëîïôœùûüÿ', 'áéíñóúü', 'áâãàçéêíóôõú', 'àèéìíîòóùú', 'åäöæøé', 'éëïóöü'],
		'áðéíóúýþæö',
	],
	'windows-1254': ['çğıöşüâîû'],
	'windows-1257': ['ąčęėįšųūž', 'āčēģīķļņšūž', 'äöüõšž'],
	// With the tones apart.
	'windows-1258': ['àáâăèéêíóôơùúưđ\u0300\u0301\u0303\u0309\u0323'],
};
/** Bytes that are looked at, from the first beyond ASCII on. */
const SAMPLE = 16_384;
/** From here on the library is sure of East Asian text. */
const SURE = 40;

/**
 * The encoding in which the most of the first lines' cells beyond ASCII name an email or phone. Where none does, as in
 * lists with English column names: one for the script, then for the letters of a language, then the library's choice.
 */
function detected(bytes: Buffer, countNames: CountNames): Detected {
	const first = bytes.toString('latin1').search(ALPHABETIC);
	const sample = bytes.subarray(first, first + SAMPLE);
	const likely = likelihoods(sample);
	const words = sample.toString('latin1').match(ALPHABETIC)?.join('') ?? '';
	const beyond = words.replace(/[A-Za-z]+/g, '').length;
	const isLatin = words.length - beyond > 0.3 * beyond;
	const ranked = DETECTED.flatMap((encoding) => {
		const text = decodedStrictly(encoding, bytes);
		if (text === undefined) return [];
		const rank = likely.get(encoding) ?? 0;
		const isOfScript = isLatin === Object.hasOwn(ALPHABETS, encoding);
		const isLikely = isOfScript && (isLatin || rank > 0);
		const script = EAST_ASIAN.has(encoding) && rank >= SURE ? 2 : Number(isLikely);
		const isOfLanguage = ALPHABETS[encoding]?.some((letters) => isWrittenIn(text, letters));
		return [
			{ encoding, order: [namesIn(text, countNames), script, Number(isOfLanguage ?? false), rank] },
		];
	});
	// Equal ones stay in their order.
	const [best] = ranked.sort((one, other) => {
		const at = one.order.findIndex((value, index) => value !== other.order[index]);
		return at < 0 ? 0 : (other.order[at] as number) - (one.order[at] as number);
	});
	return best?.encoding ?? 'windows-1252';
}

const PUNCTUATION = '€–—‘’‚“”„«»…•·°§©®™\u00a0´';

function isWrittenIn(text: string, letters: string): boolean {
	const known = new Set(letters + letters.toUpperCase() + 'İ' + PUNCTUATION);
	const beyond = text.slice(0, SAMPLE).match(/[^\0-\x7f]/g) ?? [];
	return beyond.filter((sign) => !known.has(sign)).length <= beyond.length / 50;
}

function namesIn(text: string, countNames: CountNames): number {
	const lines = text.slice(0, 100 * 1024).split(/\r\n|\r|\n/, LINES);
	const counts = lines
		.filter((line) => BEYOND_ASCII.test(line))
		.map((line) => {
			const cells = [...line.matchAll(CELLS)].map(([cell, quoted]) => quoted ?? cell);
			return countNames(cells.filter((cell) => BEYOND_ASCII.test(cell)));
		});
	return Math.max(0, ...counts);
}

/** The text, unless it has bytes that the encoding doesn't have; a last character may be cut. */
function decodedStrictly(encoding: Detected, bytes: Buffer): string | undefined {
	if (encoding === 'windows-1252') return decodeWestern(bytes);
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
	} catch {
		return undefined;
	}
}

/** How the library names what this file calls otherwise. */
const NAMES: Record<string, Detected> = {
	'iso-8859-1': 'windows-1252',
	'iso-8859-2': 'windows-1250',
	'iso-8859-7': 'windows-1253',
	'iso-8859-8': 'windows-1255',
	'iso-8859-9': 'windows-1254',
};

/**
 * How much the letters look like those of each encoding, from 0 to 100. East Asian text shows in all bytes; for alphabets,
 * the words in ASCII are left out: they are most of a list, and would make everything English.
 */
function likelihoods(bytes: Buffer): Map<string, number> {
	const likely = new Map<string, number>();
	const note = (sample: Buffer, isMeant: (label: string) => boolean) => {
		for (const { name, confidence } of analyse(sample)) {
			const label = NAMES[name.toLowerCase()] ?? name.toLowerCase();
			if (confidence > NO_EVIDENCE && isMeant(label)) likely.set(label, confidence);
		}
	};
	note(bytes, (label) => EAST_ASIAN.has(label));
	const words = new Set(bytes.toString('latin1').match(ALPHABETIC));
	note(Buffer.from([...words].join(' '), 'latin1'), (label) => !EAST_ASIAN.has(label));
	return likely;
}

/** What the library gives to a few bytes that could be anything. */
const NO_EVIDENCE = 10;
const EAST_ASIAN = new Set(['gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr']);
const ALPHABETIC = /[A-Za-z]*[\x80-\xff]+[A-Za-z\x80-\xff]*/g;

/** What Windows-1252 has where Latin-1 has control characters. */
const WESTERN = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

// By hand: Node's own decoder of that name is Latin-1's in several versions (in 20.20, for example).
function decodeWestern(bytes: Uint8Array = new Uint8Array(0)): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
		.toString('latin1')
		.replace(/[\x80-\x9f]/g, (sign) => WESTERN[sign.charCodeAt(0) - 0x80] as string);
}
