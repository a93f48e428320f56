import { asciiDigits, halfWidth } from '../characters';
import type { ReasonCode } from '../reasons';
import { withoutAdditions, withoutWrapping } from './additions';
import { planOfDigits } from './numberingPlan';

/** The digits of a number, and after how many of them a group ends; no cuts where the digits stand alone. */
export interface Digits {
	digits: string;
	cuts: readonly number[];
}

/** A number as it was written: all its digits, what stands before its country code, and the same without a bracketed zero. */
export interface WrittenNumber extends Digits {
	/** `00` may be the beginning of a longer prefix: Australia dials 0011. */
	start: '+' | '00' | '';
	withoutTrunkZero?: Digits;
}

const ASCII = /^[ -~]*$/;
// Dashes that asciiDigits and halfWidth leave, and Japan's long vowel mark, which stands for one.
const DASHES = /[\u2010-\u2015\u2212\u2043\u30fc\u301c\uff70]/g;
const EXPONENT = /^[+-]?\d+(?:[.,]\d+)?e\+?\d+$/i;
const EMPTY_FRACTION = /^(\+?\d{5,})[.,]0{1,2}$/;
const FRACTION = /^[+-]?\d{7,}[.,]\d{1,2}$/;
// What a spreadsheet keeps of a long number that it showed as 4.91512E+11.
const ROUNDED = /^(?=\d{10})[1-9]\d*0{5}$/;
const THOUSANDS = /^(?=(?:\D*\d){9})[1-9]\d{0,2}(?:,\d{3})+$/;
const PLUS_BETWEEN = /^\+?\d{1,4}(?:\+\d+)+$/;
const SEPARATOR = /[;,|&\n\r\\]|\s(?:or|and|oder|ou|y|o)\s/i;
const NUMBER = /^(?:\(?\+\s*)?\(?\s*\d[\d\s().\-/·•]+$/;
const DOUBLED_PREFIX = /^(?:\++\s*00|\+\s*\++)\s*(?=[1-9])/;
const BRACKETED_ZERO = /\(\s*0\s*\)/;
// "0171/3920000/1" and "0171 3920000 (2)": the last digits belong to something else.
const LEFTOVER = /(?:\/.*\/\s*\d|\(\s*\d{1,2}\s*\))$/;
const MIN_SECOND_DIGITS = 4;
// Far above any number with its extension; the patterns below take more than linear time.
const MAX_LENGTH = 200;
const MAX_DIGITS = 15;
const MAX_AREA_DIGITS = 6;

/**
 * Reads what a person or a spreadsheet wrote into digits, without judging the number.
 * Extensions, labels and links are taken off; two numbers, letters and values that lost digits are refused.
 * @param text a field's text, not empty
 */
export function readWritten(text: string): WrittenNumber | { reason: ReasonCode } {
	if (text.length > MAX_LENGTH) return { reason: 'phone_not_possible' };
	const ascii = unwrapped(inAscii(text).trim());
	if (EXPONENT.test(ascii) || ROUNDED.test(ascii)) return { reason: 'phone_spreadsheet' };
	const whole = ascii.replace(EMPTY_FRACTION, '$1').replace(DOUBLED_PREFIX, '+');
	if (FRACTION.test(whole)) return { reason: 'phone_spreadsheet' };
	if (THOUSANDS.test(whole)) return written(whole.replaceAll(',', ''));
	const main = NUMBER.test(whole) ? whole : onePlus(withoutAdditions(whole));
	if (LEFTOVER.test(main) || holdsSeveral(main)) return { reason: 'phone_ambiguous' };
	if (!NUMBER.test(main)) return { reason: 'phone_not_possible' };
	return written(main);
}

/** Whether the country code of a number that was read ends where a group of its digits ends. */
export function beginsAtGroup(read: string, { cuts }: Digits): boolean {
	return cuts.length === 0 || cuts.includes(planOfDigits(read)?.callingCode.length ?? 0);
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
	return ASCII.test(text) ? text : asciiDigits(halfWidth(text)).replace(DASHES, '-');
}

// Nothing can be taken off a text that is a number as a whole: most are, and the patterns cost more than this test.
function unwrapped(text: string): string {
	return NUMBER.test(text) ? text : withoutWrapping(text);
}

// "+49+171+3920000" is one number: two would have too many digits.
function onePlus(text: string): string {
	if (!PLUS_BETWEEN.test(text) || countDigits(text) > MAX_DIGITS) return text;
	return text.slice(0, 1) + text.slice(1).replaceAll('+', ' ');
}

function written(main: string): WrittenNumber {
	const number = readGroups(main);
	const start = main.includes('+') ? '+' : number.digits.startsWith('00') ? '00' : '';
	if (!BRACKETED_ZERO.test(main)) return { ...number, start };
	return { ...number, start, withoutTrunkZero: readGroups(main.replace(BRACKETED_ZERO, ' ')) };
}

// One walk over the characters: the patterns took a third of the reading.
function readGroups(main: string): Digits {
	const cuts: number[] = [];
	let digits = '';
	for (let at = 0; at < main.length; ) {
		const start = at;
		while (isDigit(main.charCodeAt(at))) at++;
		if (at > start) {
			if (digits !== '') cuts.push(digits.length);
			digits += main.slice(start, at);
		}
		at++;
	}
	return { digits, cuts };
}

function isDigit(code: number): boolean {
	return code >= 0x30 && code <= 0x39;
}

function holdsSeveral(main: string): boolean {
	if (main.includes('+', 1) && /\d[^+]*\+\s*\(?\d/.test(main)) return true;
	if (SEPARATOR.test(main)) {
		const pieces = main.split(SEPARATOR).map(countDigits);
		if (pieces.filter((digits) => digits >= MIN_SECOND_DIGITS).length > 1) return true;
	}
	return main.includes('/') && slashSeparatesNumbers(main);
}

// "0711/2842222" is an area code and a number, "0711 2842222/23" two numbers.
function slashSeparatesNumbers(main: string): boolean {
	const first = main.slice(0, main.indexOf('/'));
	const area = first.replace(/^\s*(?:\(?\+|00)\s*\d{1,3}(?=\D)/, '');
	return countDigits(area) > MAX_AREA_DIGITS;
}

function countDigits(text: string): number {
	return text.replace(/\D/g, '').length;
}
