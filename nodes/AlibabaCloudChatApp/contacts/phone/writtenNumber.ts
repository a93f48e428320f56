import type { ReasonCode } from '../reasons';
import { asciiDigits, halfWidth } from '../characters';

/** A number as it was written: all its digits, what stands before its country code, and its digits without a bracketed zero. */
export interface WrittenNumber {
	digits: string;
	/** `00` may be the beginning of a longer prefix: Australia dials 0011. */
	start: '+' | '00' | '';
	withoutTrunkZero?: string;
}

const ASCII = /^[ -~]*$/;
const EXPONENT = /^[+-]?\d+(?:[.,]\d+)?e\+?\d+$/i;
const EMPTY_FRACTION = /^(\+?\d{7,})[.,]0{1,2}$/;
const FRACTION = /^[+-]?\d{7,}[.,]\d{1,2}$/;
const LABEL =
	/^(?:tel|telephone|phone|ph|mobile|mob|cell|whatsapp|sms|callto|[tmp])\s*[:.]\s*(?:\/\/)?/i;
const EXTENSION =
	/[\s,;]*(?:;ext=|\b(?:extension|extn?|ext)\b[.:\s]*|(?<=[\d\s.,)])x[.:\s]*|#\s*|,{2,}\s*)\d{1,7}$/i;
const SEPARATOR = /[;,|&\n\r\\]|\s(?:or|and|oder|ou|y|o)\s/i;
const NUMBER = /^(?:\(?\+\s*)?\(?\s*\d[\d\s().\-\u2010-\u2015\u2212/·•]+$/;
const BRACKETED_ZERO = /\(\s*0\s*\)/;
// "0171/3920000/1" and "0171 3920000 (2)": the last digits belong to something else.
const LEFTOVER = /(?:\/.*\/\s*\d|\(\s*\d{1,2}\s*\))$/;
const MIN_SECOND_DIGITS = 4;
// Far above any number with its extension; the patterns below take more than linear time.
const MAX_LENGTH = 200;
const MAX_AREA_DIGITS = 6;

/**
 * Reads what a person or a spreadsheet wrote into digits, without judging the number.
 * Extensions and labels are dropped; two numbers, letters and values that lost digits are refused.
 * @param text a field's text, not empty
 */
export function readWritten(text: string): WrittenNumber | { reason: ReasonCode } {
	if (text.length > MAX_LENGTH) return { reason: 'phone_not_possible' };
	const ascii = inAscii(text).replace(/^'/, '').trim();
	if (EXPONENT.test(ascii)) return { reason: 'phone_spreadsheet' };
	const whole = ascii.replace(EMPTY_FRACTION, '$1');
	if (FRACTION.test(whole)) return { reason: 'phone_spreadsheet' };
	// Nothing can be taken off a text that is a number as a whole: most are, and the patterns cost more than this test.
	const main = NUMBER.test(whole) ? whole : withoutAdditions(whole);
	if (LEFTOVER.test(main) || holdsSeveral(main)) return { reason: 'phone_ambiguous' };
	if (!NUMBER.test(main)) return { reason: 'phone_not_possible' };
	return written(main);
}

function withoutAdditions(text: string): string {
	return text
		.replace(LABEL, '')
		.replace(EXTENSION, '')
		.replace(/[\s,;]+$/, '');
}

/** The pieces of a text that holds several numbers, cut at the widest kind of cut; none when it can't be cut. */
export function cutApart(text: string): string[] {
	const ascii = inAscii(text);
	const cuts = [SEPARATOR, /\//, /(?=\+)/].map((cut) =>
		ascii.split(cut).filter((piece) => countDigits(piece) > 0),
	);
	return cuts.find((pieces) => pieces.length > 1) ?? [];
}

function inAscii(text: string): string {
	return ASCII.test(text) ? text : asciiDigits(halfWidth(text));
}

function written(main: string): WrittenNumber {
	const digits = digitsOf(main);
	const start = main.includes('+') ? '+' : digits.startsWith('00') ? '00' : '';
	if (!BRACKETED_ZERO.test(main)) return { digits, start };
	return { digits, start, withoutTrunkZero: digitsOf(main.replace(BRACKETED_ZERO, '')) };
}

function digitsOf(main: string): string {
	return main.replace(/\D/g, '');
}

function holdsSeveral(main: string): boolean {
	if (main.includes('+', 1) && /\d[^+]*\+\s*\(?\d/.test(main)) return true;
	const pieces = main.split(SEPARATOR).map(countDigits);
	if (pieces.filter((digits) => digits >= MIN_SECOND_DIGITS).length > 1) return true;
	return slashSeparatesNumbers(main);
}

// "0711/2842222" is an area code and a number, "0711 2842222/23" two numbers.
function slashSeparatesNumbers(main: string): boolean {
	const [first = '', second] = main.split('/');
	if (second === undefined) return false;
	const area = first.replace(/^\s*(?:\(?\+|00)\s*\d{1,3}(?=\D)/, '');
	return countDigits(area) > MAX_AREA_DIGITS;
}

function countDigits(text: string): number {
	return digitsOf(text).length;
}
