import { messageText, type Message } from '../../message';
import { shownName } from '../../redact';

/** Why the contacts of a file can't be read. */
export class FileError extends Error implements Message {
	readonly code: string;
	readonly what: string;
	readonly fix: string;

	constructor({ code, what, fix }: Message) {
		super(messageText({ what, fix }));
		this.code = code;
		this.what = what;
		this.fix = fix;
	}
}

/** Advice for a file that can't be read as it is. */
export const EXPORT_AS_TABLE = 'Export the contacts as CSV or as an Excel workbook (.xlsx)';

const MAX_NAMES = 12;

/** Names from a file, such as those of its columns or sheets, as a message lists them. */
export function quotedNames(names: string[]): string {
	const shown = names.slice(0, MAX_NAMES).map((name) => `'${shownName(name)}'`);
	const more = names.length - shown.length;
	return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** For a file without any rows. */
export const emptyFile = () =>
	new FileError({ code: 'file_empty', what: 'The file is empty', fix: `${EXPORT_AS_TABLE} again` });

/** For a file with nothing but column names. */
export const noRows = () =>
	new FileError({
		code: 'file_empty',
		what: 'The file has no rows below its column names',
		fix: "If its first row is already a contact, turn off 'Header Row' in 'File Options'",
	});

/** For bytes that aren't valid in the file's format. */
export const damaged = () =>
	new FileError({
		code: 'file_damaged',
		what: 'The file is damaged or incomplete',
		fix: 'Save or export it again, and upload it again',
	});

/** @param what the limit that the file exceeds, as a sentence without its period */
export const tooLarge = (what: string) =>
	new FileError({ code: 'file_too_large', what, fix: `${EXPORT_AS_TABLE} in several files` });

/** Why a row can't be read. */
export interface UnreadableRow extends Message {
	/** Whether the row contains no other rows; otherwise, the run ends unless 'Skip Unreadable Rows' is on. */
	isAlone: boolean;
}

/** @param row as a spreadsheet counts: the column names are usually row 1 */
export const openQuote = (row: number): UnreadableRow => ({
	code: 'file_open_quote',
	what: `The quoted field that begins in row ${row} never ends`,
	fix: `Close or remove the quotation mark in row ${row}; if the file was cut off, export it again`,
	isAlone: false,
});

/** Characters, almost eight times a spreadsheet cell's limit: a longer row probably includes others. */
export const LONGEST_ROW = 250_000;

/** @param row as a spreadsheet counts */
export const longRow = (row: number): UnreadableRow => ({
	code: 'file_long_row',
	what: `Row ${row} is longer than ${LONGEST_ROW.toLocaleString('en-US')} characters`,
	fix: `Look for an unpaired quotation mark in row ${row}, or choose another 'Delimiter' in 'File Options'`,
	isAlone: false,
});

/** @param row as a spreadsheet counts */
export const strayQuote = (row: number): UnreadableRow => ({
	code: 'file_stray_quote',
	what: `A quotation mark in row ${row} joins it with the lines below`,
	fix: `Close or remove the quotation mark in row ${row}`,
	isAlone: false,
});

/** @param row as a spreadsheet counts */
export const otherDelimiter = (row: number): UnreadableRow => ({
	code: 'file_other_delimiter',
	what: `Row ${row} uses a different delimiter than the rest of the file`,
	fix: `Separate the cells of row ${row} like those of the other rows`,
	isAlone: true,
});

/** The error that ends a run because a row can't be read. */
export const errorForRow = ({ code, what, fix }: UnreadableRow) =>
	new FileError({
		code,
		what,
		fix: `No rows of the file were sent. ${fix}. To send the other rows, turn on 'Skip Unreadable Rows' in 'File Options'`,
	});
