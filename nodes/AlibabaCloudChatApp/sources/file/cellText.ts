/** How a cell shows its number. */
export type NumberFormat =
	| { kind: 'general' | 'date' }
	/** Digits and literal text from left to right, such as `"+"0` or `000-0000`. */
	| { kind: 'digits'; parts: DigitPart[] };

interface DigitPart {
	/** `0`: a digit, or 0; `#`: a digit, if there is one. */
	digit?: '0' | '#';
	literal?: string;
}

/** The format of a number for which the workbook specifies none. */
export const GENERAL_FORMAT: NumberFormat = { kind: 'general' };
const DATE_FORMAT: NumberFormat = { kind: 'date' };

/** Whether a built-in number format is for dates or times. */
const isBuiltInDate = (id: number) =>
	(id >= 14 && id <= 22) ||
	(id >= 27 && id <= 36) ||
	(id >= 45 && id <= 47) ||
	(id >= 50 && id <= 58);

/** The most characters that Excel accepts in a number format. */
const LONGEST_CODE = 255;

/**
 * How a number format shows a number.
 * @param id as in the workbook's styles
 * @param code the format with this ID, if the workbook defines it
 * @see https://learn.microsoft.com/office/troubleshoot/excel/number-format-codes
 */
export function numberFormat(id: number, code: string | undefined): NumberFormat {
	if (code === undefined) return isBuiltInDate(id) ? DATE_FORMAT : GENERAL_FORMAT;
	if (code.length > LONGEST_CODE) return GENERAL_FORMAT;
	const tokens = [...code.matchAll(TOKENS)].map(([token]) => token);
	const end = tokens.indexOf(';');
	const section = end < 0 ? tokens : tokens.slice(0, end);
	const letters = section.filter((token) => /^[ymdhse]$/i.test(token));
	if (letters.length > 0 && !/^General$/i.test(code)) {
		// Without a year, month, or day, E is an exponent; with one, it is a year.
		const hasExponent = letters.some((letter) => /e/i.test(letter));
		const hasDate = letters.some((letter) => /[ymd]/i.test(letter));
		return hasExponent && !hasDate ? GENERAL_FORMAT : DATE_FORMAT;
	}
	return digitsFormat(section);
}

// Text in quotes, an escaped character, a condition, color, or locale, or a character.
const TOKENS = /"[^"]*"|\\[^]|[_*][^]|\[[^\]]*\]|[^]/g;

function digitsFormat(tokens: string[]): NumberFormat {
	const parts: DigitPart[] = [];
	for (const token of tokens) {
		if (token === '0' || token === '#') parts.push({ digit: token });
		else if (token === '?') parts.push({ digit: '#' });
		else if (/^"/.test(token)) parts.push({ literal: token.slice(1, -1) });
		else if (/^\\/.test(token)) parts.push({ literal: token.slice(1) });
		else if (/^[-+() ]$/.test(token)) parts.push({ literal: token });
		else if (!/^(?:[_*]|\[(?![<>=]))/.test(token)) return GENERAL_FORMAT;
	}
	const digits = parts.filter(({ digit }) => digit !== undefined);
	// A single digit alone shows any whole number as it is.
	const isPlain = digits.length === 0 || (digits.length === 1 && parts.length === 1);
	if (isPlain) return GENERAL_FORMAT;
	return { kind: 'digits', parts };
}

/** How a workbook counts days. */
interface DateSystem {
	/** Whether from 1904, as Excel did on old Macs, and not from 1900. */
	is1904: boolean;
}

/**
 * A cell's number as text: all of its digits, where a spreadsheet would show 4.91512E+11.
 * @param raw as in the file
 */
export function numberText(raw: string, format: NumberFormat, workbook: DateSystem): string {
	if (format.kind === 'date') return dateText(Number(raw), workbook) ?? plainNumber(raw);
	const plain = plainNumber(raw);
	return format.kind === 'digits' && /^\d+$/.test(plain) ? withDigits(plain, format.parts) : plain;
}

/** Significant digits that spreadsheets keep. */
const DIGITS = 15;

function plainNumber(raw: string): string {
	if (/^-?\d+$/.test(raw)) return raw;
	const number = Number(raw);
	if (raw.trim() === '' || !Number.isFinite(number)) return raw;
	return String(Number.isInteger(number) ? number : Number(number.toPrecision(DIGITS)));
}

function withDigits(digits: string, parts: DigitPart[]): string {
	let rest = digits;
	let text = '';
	const first = parts.findIndex(({ digit }) => digit !== undefined);
	for (let at = parts.length - 1; at >= 0; at--) {
		const { digit, literal } = parts[at] as DigitPart;
		if (digit === undefined) text = literal + text;
		else if (at === first && rest !== '') text = rest + text;
		else {
			text = (rest.at(-1) ?? (digit === '0' ? '0' : '')) + text;
			rest = rest.slice(0, -1);
		}
	}
	return text;
}

const MS_PER_DAY = 86_400_000;
/** Days from 1899-12-30, which is day 0 for dates after February 1900, to 1970-01-01. */
const TO_1970 = 25_569;
/** Days from 1899-12-30 to 1904-01-01. */
const TO_1904 = 1462;
/** The day after the last day of 9999. */
const LAST_DAY = 2_958_466;
/** 1900-02-29, which Excel counts though it never existed. */
const LEAP_DAY = 60;

function dateText(serial: number, { is1904 }: DateSystem): string | undefined {
	if (!(serial >= 0 && serial < LAST_DAY - (is1904 ? TO_1904 : 0))) return undefined;
	const time = new Date(Math.round((serial % 1) * 86_400) * 1000).toISOString().slice(11, 19);
	if (serial < 1 && !is1904) return time;
	const days = Math.floor(serial) + (is1904 ? TO_1904 : 0);
	if (days === LEAP_DAY && !is1904) return `1900-02-29${serial % 1 ? ` ${time}` : ''}`;
	const shifted = days < LEAP_DAY ? days + 1 : days;
	const day = new Date((shifted - TO_1970) * MS_PER_DAY).toISOString().slice(0, 10);
	return serial % 1 ? `${day} ${time}` : day;
}

/** The most characters that a cell can contain. */
export const MAX_CELL_LENGTH = 32_767;

/**
 * Appends to a cell's text, up to the length that a cell can have: long text that a million cells share would be copied
 * a million times.
 */
export function appendText(text: string, by: string): string {
	if (text.length >= MAX_CELL_LENGTH) return text;
	const all = text + by;
	return all.length > MAX_CELL_LENGTH ? all.slice(0, MAX_CELL_LENGTH) : all;
}

/** Text whose parts may be formatted differently, without notes on its pronunciation. */
export class RichText {
	private text = '';
	private isPhonetic = false;
	private isText = false;

	begin(): void {
		this.text = '';
	}

	open(name: string): void {
		if (name === 'rPh') this.isPhonetic = true;
		else if (name === 't') this.isText = !this.isPhonetic;
	}

	close(name: string): void {
		if (name === 'rPh') this.isPhonetic = false;
		else if (name === 't') this.isText = false;
	}

	add(value: string): void {
		if (this.isText) this.text = appendText(this.text, value);
	}

	end(): string {
		return unescapeText(this.text);
	}
}

/** A cell's text with escapes such as `_x000D_` decoded: they represent characters that XML can't contain. */
export function unescapeText(xml: string): string {
	const text = appendText('', xml);
	if (!text.includes('_x')) return text;
	return text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) =>
		String.fromCharCode(Number.parseInt(code, 16)),
	);
}
