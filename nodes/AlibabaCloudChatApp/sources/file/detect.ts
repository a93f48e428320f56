import { analyse } from 'chardet';

/** Counts the cells of a row that name a contact's email or phone. */
export type CountNames = (cells: string[]) => number;

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

/** Those of Windows first: with equal evidence, the first one counts. */
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
export type Detected = keyof typeof CANDIDATES;

/** Bytes to examine, from the first one beyond ASCII on. */
const SAMPLE = 4096;
/** Lines at the beginning that may be the column names. */
const LINES = 30;
/** With a lower fit, it isn't text, whatever its cells seem to name. */
const LEAST_FIT = 0.5;

/**
 * The encoding in which the most cells of the first lines name an email or phone. If none does, as in lists with English
 * column names, the one whose words look most like words, and then the library's choice. Yields only to let others run.
 * @param decode returns undefined when bytes have no character in the encoding
 */
export function* detected(
	bytes: Buffer,
	countNames: CountNames,
	decode: (encoding: Detected, bytes: Buffer) => string | undefined,
): Generator<string, Detected> {
	const latin = bytes.toString('latin1');
	const from = Math.max(0, latin.search(BEYOND_ASCII) - 1);
	const sample = latin.slice(from, from + SAMPLE);
	const lines = latin.split('\n', LINES).join('\n');
	const looked = bytes.subarray(0, Math.max(from + SAMPLE, lines.length));
	const likely = yield* likelihoods(sample);
	const namesIn = namesCounter(countNames);
	let best: { encoding: Detected; order: number[] } | undefined;
	for (const encoding of Object.keys(CANDIDATES) as Detected[]) {
		yield '';
		const text = decode(encoding, looked);
		if (text === undefined) continue;
		const { alphabets, common }: EncodingCandidate = CANDIDATES[encoding];
		const fit = common ? commonIn(sample, common) : lettersIn(wordsIn(text), alphabets ?? []);
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

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;
const CELLS = /"((?:[^"]|"")*)"|[^,;\t|"\n\r]+/g;
const A_CONTACTS = /@|\d{4}/;

/** The highest count of names in one of the text's first lines. Many encodings decode a line in the same way. */
function namesCounter(countNames: CountNames): (text: string) => number {
	const known = new Map<string, number>();
	const namesInLine = (line: string) => {
		const cells = [...line.matchAll(CELLS)].map(([cell, quoted]) => quoted ?? cell);
		const count = countNames(
			cells.filter((cell) => BEYOND_ASCII.test(cell) && !A_CONTACTS.test(cell)),
		);
		known.set(line, count);
		return count;
	};
	return (text) => {
		const lines = text.split(/\r\n|\r|\n/, LINES).filter((line) => BEYOND_ASCII.test(line));
		return Math.max(0, ...lines.map((line) => known.get(line) ?? namesInLine(line)));
	};
}

const RUNS = /[A-Za-z]?[\x80-\xff][\x40-\xff]*/g;
/** A character of two bytes, or anything else: a single byte, or an ASCII letter with everything after it. */
const CHARACTERS = /^[A-Za-z].*|[\x81-\xfe][\x40-\xfe]|[^]/gs;

/** The share of the two-byte characters that are among the most common, from 0 to 1. */
function commonIn(latin: string, common: RegExp): number {
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
	/** How many such sequences it contains. */
	odd: number;
}

function wordsIn(text: string): Word[] {
	const from = text.search(BEYOND_ASCII);
	const found = text.slice(Math.max(0, from - 1), from + SAMPLE).match(WORDS) ?? [];
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
function lettersIn(words: Word[], alphabets: readonly string[]): number {
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

/** The library's names of encodings that have other names here. */
const NAMES: Record<string, Detected[]> = {
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
function* likelihoods(sample: string): Generator<string, Map<string, number>> {
	const likely = new Map<string, number>();
	const note = (text: string, isEastAsian: boolean) => {
		for (const { name, confidence } of analyse(Buffer.from(text, 'latin1'))) {
			const label = name.toLowerCase();
			for (const encoding of NAMES[label] ?? [label as Detected]) {
				const { common }: EncodingCandidate = CANDIDATES[encoding] ?? {};
				if ((common !== undefined) === isEastAsian) likely.set(encoding, confidence);
			}
		}
	};
	const characters = `${sample.match(RUNS)?.join(' ') ?? ''} `;
	note(characters.repeat(Math.ceil(ENOUGH / characters.length)), true);
	yield '';
	note([...new Set(sample.match(ALPHABETIC))].join(' '), false);
	return likely;
}
