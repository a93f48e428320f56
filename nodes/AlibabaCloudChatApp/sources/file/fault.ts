import { sentence, type Message } from '../../message';

/** Why the contacts of a file can't be read. */
export class FileFault extends Error implements Message {
	readonly code: string;
	readonly what: string;
	readonly fix: string;

	constructor({ code, what, fix }: Message) {
		super(sentence({ what, fix }));
		this.code = code;
		this.what = what;
		this.fix = fix;
	}
}

const EXPORT = 'Export the contacts as CSV';

export const emptyFile = () =>
	new FileFault({ code: 'file_empty', what: 'The file is empty', fix: `${EXPORT} once more` });

export const noRows = () =>
	new FileFault({
		code: 'file_empty',
		what: 'The file has no rows below the names of its columns',
		fix: "If its first row is a contact already, switch off 'First Row Holds Names' in the options",
	});

export const workbook = () =>
	new FileFault({
		code: 'file_workbook',
		what: "The file is a workbook (XLSX, XLS or ODS), which n8n's 'Extract From File' node reads",
		fix: "Put that node before this one and set 'Source' to 'Input Items', or save the workbook as CSV",
	});

export const archive = () =>
	new FileFault({
		code: 'file_archive',
		what: 'The file is a ZIP archive',
		fix: "Unpack it with n8n's 'Compression' node before this one",
	});

export const notText = () =>
	new FileFault({ code: 'file_not_text', what: "The file isn't text", fix: EXPORT });

export const damaged = () =>
	new FileFault({
		code: 'file_damaged',
		what: 'The compressed file is damaged or incomplete',
		fix: 'Compress and upload it again',
	});

/** What to do about a row that can't be read, and how the others go without it. */
const orSkip = (fix: string) =>
	`Nothing of the file was sent. ${fix}. To send the other rows all the same, add the option 'Invalid Users' with Skip`;

/** @param row as a spreadsheet counts: the names of the columns are row 1 */
export const openQuote = (row: number) =>
	new FileFault({
		code: 'file_open_quote',
		what: `The quoted field that begins in row ${row} never ends`,
		fix: orSkip(
			`Close or remove the quotation mark in row ${row}; if the file was cut off, export it again`,
		),
	});

/** @param row as a spreadsheet counts */
export const longRow = (row: number) =>
	new FileFault({
		code: 'file_long_row',
		what: `Row ${row} is longer than a million characters`,
		fix: orSkip(
			`Look for a quotation mark without its pair in row ${row}, or choose another 'Separator'`,
		),
	});

/** @param row as a spreadsheet counts */
export const strayQuote = (row: number) =>
	new FileFault({
		code: 'file_stray_quote',
		what: `A quotation mark in row ${row} joins it with the lines below`,
		fix: orSkip(`Close or remove the quotation mark in row ${row}`),
	});
