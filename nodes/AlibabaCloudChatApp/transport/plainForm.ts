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
