/**
 * How a phone number is written: `readNotation(text)` returns its digits and what comes before them, without labels,
 * links, and extensions. Whether the digits are a number is decided in clean.ts.
 */

import { asciiDigits, halfWidth, isAscii, numberInWhatsAppId, once } from '../text';
import { phoneHeadings } from '../keyName';
import type { ReasonCode } from '../reasons';
import { type Digits, MAX_DIGITS } from './numberingPlan';

/** A number as written: its digits, what comes before them, and the digits without a zero in parentheses. */
export interface Notation extends Digits {
	/** `00` may be the beginning of a longer prefix, such as Australia's 0011. */
	start: '+' | '00' | '';
	withoutTrunkZero?: Digits;
}

// Longer than any number with its extension. There is a limit because the patterns below take more than linear time.
const LONGEST_TEXT = 200;
// Dashes that asciiDigits and halfWidth don't replace, and Japan's long vowel mark, which is also used as a dash.
const DASHES = /[\u2010-\u2015\u2212\u2043\u30fc\u301c\uff70]/g;
const SINGLE_QUOTES = /[‘’‚‛‹›`´′]/g;
const DOUBLE_QUOTES = /[“”„‟«»″「」『』]/g;
const EMOJI = /[\p{Extended_Pictographic}\ufe0f]/gu;
const QUOTES_AROUND = /^[\s"'=<]+|[\s"'>]+$/g;

const WRITTEN_NUMBER = /^(?:\(?\+\s*)?\(?\s*\d[\d\s().\-/·•_]+$/;
const DOUBLED_PREFIX = /^(?:\++\s*00|\+\s*\++)\s*(?=[1-9])/;
const PLUS_BETWEEN = /^\+?\d{1,4}(?:\+\d+)+$/;
const BRACKETED_ZERO = /\(\s*0\s*\)/;

// A long number as a spreadsheet shows it.
const EXPONENT = /^[+-]?\d+(?:[.,]\d+)?e\+?\d+$/i;
const EMPTY_FRACTION = /^(\+?\d{5,})[.,]0{1,2}$/;
const FRACTION = /^[+-]?\d{7,}[.,]\d{1,2}$/;
// What is left of a number that a spreadsheet showed as 4.91512E+11.
const ROUNDED = /^(?=\d{10})[1-9]\d*0{5}$/;
const THOUSANDS = /^(?=(?:\D*\d){9})[1-9]\d{0,2}(?:,\d{3})+$/;
// A date, as in a shifted cell: "2026-01-31", "31.01.2026", "1/31/2026".
const DATES = [
	/^(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])$/,
	/^(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|1[0-2])\1(?:19\d\d|20[0-3]\d)$/,
	/^(?:0?[1-9]|1[0-2])([-/.])(?:0?[1-9]|[12]\d|3[01])\1(?:19\d\d|20[0-3]\d)$/,
];
const APOSTROPHES = /^\+?\d+(?:'\d+)+$/;

// A WhatsApp link contains the number with its country code.
const WHATSAPP_LINK =
	/^(?:https?:\/\/)?(?:www\.)?(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?(?:.*&)?phone=|whatsapp:\/\/send\/?\?(?:.*&)?phone=)(?:\+|%2b)?\s*(\d+)(?:[/?&#].*)?$/i;

const EXTENSION =
	/[\s,;(]*(?:(?:;ext=|(?<!\p{L})(?:extension|extn?|durchwahl|dw|nebenstelle|poste|ramal|anexo|interno|wewn?|доб|вн|dahili|toestel|内線|内线|分机|分機|转|轉|내선)(?!\p{L})[.:\s]*|#\s*)\d{0,7}|(?:(?<=[\d\s.,)(])x[.:\s]*|,{2,}\s*)\d{1,7})\s*\)?$/iu;
// A single comma is a pause while dialing: the digits after it are an extension if a complete number comes before it.
const PAUSE = /^([^,;]*),\s*\d{1,5}$/;
const DIGITS_OF_COMPLETE_NUMBER = 9;
const FIRST_DIGIT = /\(?\s*\+?\s*\(?\s*\d/;
const UP_TO_LAST_DIGIT = /^(.*\d(?:\s*\))?)(\D*)$/s;
const BEFORE_NUMBER = /^\(?\p{L}[^+\d]*$/u;
const AFTER_NUMBER = /^[\s.,;:/|()\p{L}\p{M}-]*$/u;
const BETWEEN_WORDS = /[^\p{L}\p{M}]+/u;
// Words for a number's kind that people write next to it. The headings for phone columns in many languages are added.
const LABELS =
	'tel phone ph mobile mob mobil cell cellular cellphone whatsapp wa sms text callto handy gsm fon fone tél movil móvil cel celular portable phone number t p m h w c o home work office business private privat direct desk landline fixed main personal primary preferred day evening only geschäftlich dienstlich arbeit büro fixe bureau domicile maison casa trabajo oficina fijo trabalho escritório ufficio lavoro cellulare fisso vast mobiel thuis werk komórka dom praca моб мобильный сотовый сот дом домашний раб рабочий 携帯 自宅 会社 勤務先 手机 手機 家 公司 办公 办公室 座机 电话 電話 휴대폰 집 회사 직장 جوال موبايل'.split(
		' ',
	);

const COUNTED = ['0123456789', '1234567890'];
const SAME_AT_END = 5;
const ONE_DIGIT = /^(\d)\1*$/;
const WRITTEN_AREA_CODE = /^\s*(\+|00)?[\s(]*\d{1,5}[\s)]*$/;
const INTERNATIONAL = /^\s*(?:\(?\s*\+|00)/;
const SEPARATOR = /[;,|&\n\r\\]|\s(?:or|and|oder|ou|y|o)\s/i;
// "0171/3920000/1" and "0171 3920000 (2)": the last digits belong to something else.
const LEFTOVER = /(?:\/.*\/\s*\d|\(\s*\d{1,2}\s*\))$/;
const MIN_SECOND_DIGITS = 4;
const MAX_AREA_DIGITS = 6;

const labels = once(
	() => new Set([...LABELS, ...phoneHeadings().map((heading) => heading.toLowerCase())]),
);

/**
 * Reads what a person or a spreadsheet wrote into digits, without judging the number.
 * Quotes, labels, links, and extensions are removed. Two numbers, other words, and values that lost digits are invalid.
 * @param text a field's text, not empty
 */
export function readNotation(text: string): Notation | { reason: ReasonCode } {
	if (text.length > LONGEST_TEXT) return { reason: 'phone_not_possible' };
	const ascii = unwrapped(inAscii(text).trim());
	if (EXPONENT.test(ascii) || ROUNDED.test(ascii)) return { reason: 'phone_spreadsheet' };
	const whole = ascii.replace(EMPTY_FRACTION, '$1').replace(DOUBLED_PREFIX, '+');
	if (FRACTION.test(whole)) return { reason: 'phone_spreadsheet' };
	if (DATES.some((date) => date.test(whole))) return { reason: 'phone_not_possible' };
	if (THOUSANDS.test(whole)) return notationOf(whole.replaceAll(',', ''));
	if (APOSTROPHES.test(whole)) return notationOf(whole.replaceAll("'", ''));
	const main = WRITTEN_NUMBER.test(whole)
		? whole
		: withOnePlus(withoutLabels(withoutExtension(whole)));
	if (LEFTOVER.test(main) || containsSeveral(main)) return { reason: 'phone_ambiguous' };
	if (!WRITTEN_NUMBER.test(main)) return { reason: 'phone_not_possible' };
	return notationOf(main);
}

/** Splits text with several numbers at the first kind of separator that it contains; empty if there is none. */
export function splitNumbers(text: string): string[] {
	const ascii = inAscii(text);
	for (const separator of [SEPARATOR, /\//, /(?=\+)/]) {
		const pieces = ascii.split(separator).filter((piece) => countDigits(piece) > 0);
		if (pieces.length > 1) return pieces;
	}
	return [];
}

/** An area code with the number next to it. */
interface Joined {
	joined: string;
	/** Whether the area code is a calling code, with a plus or 00. */
	isInternational: boolean;
	/** Whether the number contains an area code. */
	isContained: boolean;
}

/** Joins an area code from a separate field with the number next to it; undefined if that doesn't apply. */
export function joinAreaCode(text: string, areaCode: string): Joined | undefined {
	const [area, plus] = WRITTEN_AREA_CODE.exec(areaCode) ?? [];
	if (area === undefined || INTERNATIONAL.test(text)) return undefined;
	return {
		joined: `${area} ${text}`,
		isInternational: plus !== undefined,
		isContained: text.startsWith('0') || bareDigits(text).startsWith(bareDigits(area)),
	};
}

/** Whether digits are what people enter in a required field: "0123456789", "1111111111". */
export function isPlaceholder({ digits, groupEnds }: Digits): boolean {
	return (groupEnds.length === 0 && COUNTED.includes(digits)) || isOneDigit(digits);
}

/** Whether text ends in five equal digits, like "1111111111" and rounded numbers. A pattern would take much longer. */
export function mayBePlaceholder(text: string): boolean {
	const last = text.charCodeAt(text.length - 1);
	for (let fromEnd = 2; text.charCodeAt(text.length - fromEnd) === last; fromEnd++) {
		if (fromEnd === SAME_AT_END) return true;
	}
	return false;
}

/** Whether all digits are the same. */
export function isOneDigit(digits: string): boolean {
	return (digits.length < 2 || digits[0] === digits[1]) && ONE_DIGIT.test(digits);
}

function inAscii(text: string): string {
	if (isAscii(text)) return text;
	return asciiDigits(halfWidth(text))
		.replace(DASHES, '-')
		.replace(SINGLE_QUOTES, "'")
		.replace(DOUBLE_QUOTES, '"')
		.replace(EMOJI, '');
}

// Most strings are only a number, and the other patterns take longer than this test.
function unwrapped(text: string): string {
	if (WRITTEN_NUMBER.test(text)) return text;
	const bare = text.replace(QUOTES_AROUND, '');
	const linked = WHATSAPP_LINK.exec(bare)?.[1];
	const number = linked === undefined ? numberInWhatsAppId(bare) : `+${linked}`;
	if (number !== undefined) return number;
	return bare.replaceAll('[', '(').replaceAll(']', ')').trim();
}

function withoutExtension(text: string): string {
	const main = PAUSE.exec(text)?.[1];
	if (main !== undefined && countDigits(main) >= DIGITS_OF_COMPLETE_NUMBER) return main;
	return text.replace(EXTENSION, '');
}

// Removes labels around a number: "Tel.: …", "(mobile) …", "… home". Other words stay, and make it invalid.
function withoutLabels(text: string): string {
	const first = text.search(FIRST_DIGIT);
	const before = text.slice(0, Math.max(first, 0)).trim();
	const start = before === '' || (BEFORE_NUMBER.test(before) && areLabels(before)) ? first : 0;
	const [, main = text, after = ''] = UP_TO_LAST_DIGIT.exec(text) ?? [];
	const end = AFTER_NUMBER.test(after) && areLabels(after) ? main.length : text.length;
	return text.slice(Math.max(start, 0), end).trim();
}

function areLabels(text: string): boolean {
	const known = labels();
	const words = text.toLowerCase().split(BETWEEN_WORDS).filter(Boolean);
	return known.has(words.join(' ')) || words.every((word) => known.has(word));
}

// "+49+171+3920000" is one number, because two would have too many digits.
function withOnePlus(text: string): string {
	if (!PLUS_BETWEEN.test(text) || countDigits(text) > MAX_DIGITS) return text;
	return text.slice(0, 1) + text.slice(1).replaceAll('+', ' ');
}

function notationOf(main: string): Notation {
	const { digits, groupEnds } = readGroups(main);
	const start = main.includes('+') ? '+' : digits.startsWith('00') ? '00' : '';
	if (!main.includes('(') || !BRACKETED_ZERO.test(main)) return { digits, groupEnds, start };
	const withoutTrunkZero = readGroups(main.replace(BRACKETED_ZERO, ' '));
	return { digits, groupEnds, start, withoutTrunkZero };
}

// One pass over the characters, because patterns took a third of the total time.
function readGroups(main: string): Digits {
	const groupEnds: number[] = [];
	let digits = '';
	for (let at = 0; at < main.length; ) {
		const start = at;
		while (isDigit(main.charCodeAt(at))) at++;
		if (at > start) {
			if (digits !== '') groupEnds.push(digits.length);
			digits += main.slice(start, at);
		}
		at++;
	}
	return { digits, groupEnds };
}

function isDigit(code: number): boolean {
	return code >= 0x30 && code <= 0x39;
}

function containsSeveral(main: string): boolean {
	if (main.includes('+', 1) && /\d[^+]*\+\s*\(?\d/.test(main)) return true;
	if (SEPARATOR.test(main)) {
		const pieces = main.split(SEPARATOR).map(countDigits);
		if (pieces.filter((digits) => digits >= MIN_SECOND_DIGITS).length > 1) return true;
	}
	return main.includes('/') && slashSeparatesNumbers(main);
}

// "0711/2842222" is an area code and a number; "0711 2842222/23" is two numbers.
function slashSeparatesNumbers(main: string): boolean {
	const first = main.slice(0, main.indexOf('/'));
	const area = first.replace(/^\s*(?:\(?\+|00)\s*\d{1,3}(?=\D)/, '');
	return countDigits(area) > MAX_AREA_DIGITS;
}

function bareDigits(text: string): string {
	return text.replace(/\D/g, '').replace(/^0+/, '');
}

function countDigits(text: string): number {
	return text.replace(/\D/g, '').length;
}
