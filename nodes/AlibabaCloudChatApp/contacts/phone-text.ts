import type { ReasonCode } from './reasons';
import { asciiDigits, halfWidth } from './signs';

/** A number as it was written: its digits, whether it names its country code, and its digits without a bracketed zero. */
export interface WrittenNumber {
	digits: string;
	international: boolean;
	withoutTrunkZero?: string;
}

const EXPONENT = /^[+-]?\d+(?:[.,]\d+)?e\+?\d+$/i;
const EMPTY_FRACTION = /^(\+?\d{7,})[.,]0{1,2}$/;
const FRACTION = /^[+-]?\d{7,}[.,]\d{1,2}$/;
const LABEL =
	/^(?:tel|telephone|phone|ph|mobile|mob|cell|whatsapp|sms|callto|[tmp])\s*[:.]\s*(?:\/\/)?/i;
const EXTENSION =
	/[\s,;]*(?:;ext=|\b(?:extension|extn?|ext)\b[.:\s]*|(?<=[\d\s.,)])x[.:\s]*|#\s*|,{2,}\s*)\d{1,7}$/i;
const SEPARATOR = /[;,|&\n\r\\]|\s(?:or|and|oder|ou|y|o)\s/i;
const NUMBER = /^(?:\(?\+\s*)?\(?\s*\d[\d\s().\-\u2010-\u2015\u2212/·•]+$/;
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
	const ascii = asciiDigits(halfWidth(text)).replace(/^'/, '').trim();
	if (EXPONENT.test(ascii)) return { reason: 'phone_spreadsheet' };
	const whole = ascii.replace(EMPTY_FRACTION, '$1');
	if (FRACTION.test(whole)) return { reason: 'phone_spreadsheet' };
	const main = whole
		.replace(LABEL, '')
		.replace(EXTENSION, '')
		.replace(/[\s,;]+$/, '');
	if (holdsSeveral(main)) return { reason: 'phone_ambiguous' };
	if (!NUMBER.test(main)) return { reason: 'phone_not_possible' };
	return written(main);
}

function written(main: string): WrittenNumber {
	const plus = main.includes('+');
	const result = digitsOf(main, plus);
	if (!/\(\s*0\s*\)/.test(main)) return result;
	return { ...result, withoutTrunkZero: digitsOf(main.replace(/\(\s*0\s*\)/, ''), plus).digits };
}

function digitsOf(main: string, plus: boolean): WrittenNumber {
	const digits = main.replace(/\D/g, '');
	if (plus) return { digits, international: true };
	return digits.startsWith('00')
		? { digits: digits.slice(2), international: true }
		: { digits, international: false };
}

function holdsSeveral(main: string): boolean {
	if (/\d[^+]*\+\s*\(?\d/.test(main)) return true;
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
	return text.replace(/\D/g, '').length;
}
