import toPath from 'lodash/toPath';
import { consentKeys, optOutInFields } from '../../contacts/consent';
import type { FieldPaths, Contact } from '../../contacts/contact';
import { findContact } from '../../contacts/findContacts';
import { identifierColumns, columnsAboutContacts } from '../../contacts/layout';
import { type IdentifierKind, looksLikeJson, parseJson } from '../../contacts/text';
import { isFilled } from '../../contacts/values';
import { shownName } from '../../redact';
import { FileError, quotedNames } from './fileError';
import type { Cells } from './streams';

/** Reads a contact's fields from a row. */
export type ReadRow = (cells: Cells) => Contact;

/** How contacts are found in a row: by the names of its columns, or in the columns that are given. */
export type Mapping = 'auto' | FieldPaths;

/** The fields' labels in the panel. */
const FIELD_LABELS = {
	email: 'Email Field',
	phone: 'Phone Field',
	country: 'Country Field',
} as const;

/**
 * The names of a table's columns, or their positions from 0 if it has no names.
 * A repeated name gets a number, so that no column is lost.
 */
export function namesOf(header: Cells | undefined, width: number): string[] {
	if (!header) return Array.from({ length: width }, (_, column) => String(column));
	const names: string[] = [];
	const taken = new Set(trimCells(header));
	const seen = new Set<string>();
	// The last number of each name: without it, a thousand columns with one name would take a million steps.
	const counts = new Map<string, number>();
	for (const [column, own] of trimCells(header).entries()) {
		let name = own || `column_${column}`;
		let count = counts.get(own) ?? 0;
		while (seen.has(name)) {
			const numbered = `${own}_${++count}`;
			if (!taken.has(numbered)) name = numbered;
		}
		counts.set(own, count);
		seen.add(name);
		names.push(name);
	}
	return names;
}

// A workbook's row lacks its empty cells.
function trimCells(cells: Cells): string[] {
	return Array.from(cells, (cell: string | undefined) => cell?.trim() ?? '');
}

/**
 * Where a second table begins next to the first one: after an empty column, with some of the same names.
 * @returns its first column, as spreadsheets name it
 */
export function secondTableIn(header: Cells): string | undefined {
	const names = trimCells(header);
	const first = names.findIndex((name) => name !== '');
	const gap = names.findIndex((name, column) => column > first && name === '');
	if (gap < 0) return undefined;
	const before = new Set(names.slice(first, gap));
	const again = names.slice(gap).filter((name) => before.has(name));
	if (again.length < 2 || contactColumns(again, 'auto').length === 0) return undefined;
	return columnName(names.findIndex((name, column) => column > gap && name !== ''));
}

const ALPHABET = 26;
const BEFORE_A = 'A'.charCodeAt(0) - 1;

/** The column with a spreadsheet's name such as AB, from 0. */
export function columnNamed(letters: string): number {
	let column = 0;
	for (let at = 0; at < letters.length; at++) {
		// Without the bit that makes an ASCII letter lowercase.
		column = column * ALPHABET + (letters.charCodeAt(at) & ~0x20) - BEFORE_A;
	}
	return column - 1;
}

/** A column's name in spreadsheets: A for the first, AA after Z. */
function columnName(column: number): string {
	const before = column < ALPHABET ? '' : columnName(Math.floor(column / ALPHABET) - 1);
	return before + String.fromCharCode('A'.charCodeAt(0) + (column % ALPHABET));
}

const LONGEST_TITLE = 40;
const NO_TITLE = /[@\d]/;

/**
 * The column names, each after the title above it, if names repeat: with one 'Email' below 'Customer' and another below
 * 'Account manager', only the first is the customer's.
 * @param above the row above the names, in which a title also applies to the empty cells after it
 */
export function titledNames(header: Cells, above: Cells): Cells {
	const names = trimCells(header);
	const titles = trimCells(above);
	const filled = titles.filter((title) => title !== '');
	const areTitles =
		filled.length > 1 &&
		filled.every((title) => title.length <= LONGEST_TITLE && !NO_TITLE.test(title));
	if (!areTitles || new Set(names).size === names.length) return header;
	let title = '';
	return names.map((name, column) => {
		title = titles[column] || title;
		return name && `${title} ${name}`;
	});
}

/** A longer string isn't the name of a column. */
const LONGEST_NAME = 200;
const MAX_COLUMNS = 1000;

/**
 * The columns, by position, that a row names as a contact's email or phone.
 * @param mapping the columns that the user chose, which the row must then name
 */
export function contactColumns(row: Cells, mapping: Mapping): number[] {
	const names = trimCells(row.slice(0, MAX_COLUMNS));
	if (names.some((name) => name.length > LONGEST_NAME || parseJson(name))) return [];
	if (mapping !== 'auto') {
		const columns = [mapping.email, mapping.phone].map((path) =>
			path?.trim() ? columnAt(names, path.trim()) : -1,
		);
		return columns.filter((column) => column >= 0);
	}
	const { email, phone } = columnsByKind(names);
	return [...new Set([...email, ...phone])].sort((a, b) => a - b);
}

function columnsByKind(names: string[]): Record<IdentifierKind, number[]> {
	const { email, phone } = identifierColumns(names);
	const columnsIn = (some: ReadonlySet<string>) =>
		[...names.keys()].filter((column) => some.has(names[column] as string));
	return { email: columnsIn(email), phone: columnsIn(phone) };
}

/** How many rows are searched for the column names. */
export const ROWS_SEARCHED = 30;

/** The row that is most likely to contain the column names. */
interface FoundHeader {
	index: number;
	/** 2: it names a contact's fields, and contacts follow; 1: it only names the fields; 0: it doesn't. */
	certainty: 0 | 1 | 2;
}

/** A phone number has at least seven digits here: shorter numbers may be amounts. */
const CELL_OF_CONTACT = /@|\d(?:\D?\d){6}|^[0-9a-f]{32,64}$/i;

/** The first row that names an email or phone and has one below it; else the first that names one; else the first. */
export function headerIn(rows: Cells[], mapping: Mapping): FoundHeader {
	let named: FoundHeader | undefined;
	for (const [index, row] of rows.slice(0, ROWS_SEARCHED).entries()) {
		const columns = contactColumns(row, mapping);
		if (columns.length === 0) continue;
		const following = rows.findIndex((cells, at) => at > index && hasContact(cells, columns));
		if (following < 0) {
			named ??= { index, certainty: 1 };
			continue;
		}
		// A line such as '# email, phone' may come before the column names.
		const last = rows.slice(0, following).findLastIndex((cells) => {
			const own = contactColumns(cells, mapping);
			return columns.every((column) => own.includes(column));
		});
		return { index: last, certainty: 2 };
	}
	return named ?? { index: 0, certainty: 0 };
}

function hasContact(cells: Cells, columns: number[]): boolean {
	return columns.some((column) => CELL_OF_CONTACT.test(cells[column] ?? ''));
}

/** Whether one of the rows may contain a contact, where no row names the columns. */
export function certaintyOf(rows: Cells[]): FoundHeader['certainty'] {
	return rows.some((cells) => cells.some((cell) => CELL_OF_CONTACT.test(cell))) ? 2 : 0;
}

/**
 * Reads contacts by the columns' names or by the columns that are given, looked up once.
 * @param consentField the column that shows whether the contact agreed; empty for none
 * @param titled the names with the titles above them, by which contacts are found
 * @throws FileError when the table has no such column
 */
export function rowReader(
	names: string[],
	mapping: Mapping,
	consentField = '',
	titled = names,
): ReadRow {
	const read =
		mapping === 'auto' ? readerByNames(titled) : withOptOut(readerByColumns(names, mapping), names);
	const path = consentField.trim();
	if (path === '') return read;
	const column = columnAt(names, path);
	if (column < 0) throw unknownColumn(path, 'Consent Field', names);
	return (cells) => Object.assign(read(cells), { consent: cells[column] ?? '' });
}

// Even if the columns for email and phone are given, another column can contain an opt-out.
function withOptOut(read: ReadRow, names: string[]): ReadRow {
	const consent = consentKeys(names);
	if (consent.length === 0) return read;
	const wanted = new Set(consent.map(({ key }) => key));
	const columns = [...names.entries()].filter(([, name]) => wanted.has(name));
	return (cells) => {
		const optedOutBy = optOutInFields({ json: rowOf(cells, columns), consent });
		return optedOutBy === undefined ? read(cells) : { ...read(cells), optedOutBy };
	};
}

/** Columns that are searched for a missing email or phone: with all columns, a wide table would take minutes. */
const MAX_COLUMNS_SEARCHED = 300;

function readerByNames(names: string[]): ReadRow {
	const wanted = columnsAboutContacts(names);
	if (wanted === undefined) throw noColumn(names);
	const columns = [...names.entries()].filter(([, name]) => wanted.has(name));
	const all = [...names.entries()].filter(
		([column, name]) => column < MAX_COLUMNS_SEARCHED || wanted.has(name),
	);
	const { email, phone } = columnsByKind(names);
	const hasEmailAndPhone = (cells: Cells) =>
		email.some((column) => isFilled(cells[column], 'email')) &&
		phone.some((column) => isFilled(cells[column], 'phone'));
	const others = all.flatMap(([column, name]) => (wanted.has(name) ? [] : column));
	const hasJson = (cells: Cells) => others.some((column) => looksLikeJson(cells[column] ?? ''));
	const isPlain = (cells: Cells) => hasEmailAndPhone(cells) && !hasJson(cells);
	// If the email or phone is missing, another column may contain it, which is then reported. JSON in any cell may be
	// about the contact, as in an item.
	return (cells) => findContact(rowOf(cells, isPlain(cells) ? columns : all));
}

function rowOf(cells: Cells, columns: Array<[number, string]>): Record<string, unknown> {
	const row: Record<string, unknown> = {};
	for (const [column, name] of columns) row[name] = cells[column];
	return row;
}

function readerByColumns(names: string[], paths: FieldPaths): ReadRow {
	// -1 for a field without a column, where no row has a cell.
	const column = (field: keyof FieldPaths): number => {
		const path = paths[field]?.trim();
		if (!path) return -1;
		const found = columnAt(names, path);
		if (found < 0) throw unknownColumn(path, FIELD_LABELS[field], names);
		return found;
	};
	const email = column('email');
	const phone = column('phone');
	const country = column('country');
	if (email < 0 && phone < 0) throw nothingMapped();
	return (cells) => ({ email: cells[email], phone: cells[phone], country: cells[country] });
}

// As with items, a path that leads nowhere may be a key that contains a dot.
function columnAt(names: string[], path: string): number {
	const keys = toPath(path);
	const found = keys.length === 1 ? names.indexOf(keys[0] as string) : -1;
	return found < 0 ? names.indexOf(path) : found;
}

function noColumn(names: string[]): FileError {
	const code = 'file_no_column';
	if (names.some(mayBeContact)) {
		return new FileError({
			code,
			what: 'The first row of the file is a contact, not the column names',
			fix: `Turn off 'Header Row' in 'File Options', set ${BY_HAND}, and enter ${BY_POSITION}`,
		});
	}
	if (names.every((name, column) => name === String(column))) {
		return new FileError({
			code,
			what: "Without column names, the node can't know which column contains an email or phone number",
			fix: `Set ${BY_HAND}, and enter ${BY_POSITION}`,
		});
	}
	if (names.some(isGarbled)) {
		return new FileError({
			code: 'file_encoding',
			what: 'The column names look wrong',
			fix: `Choose the file's encoding under 'Encoding' in 'File Options'. The columns are ${quotedNames(names)}`,
		});
	}
	return new FileError({
		code,
		what: `The file has no column for an email or phone number; its columns are ${quotedNames(names)}`,
		fix: `Set ${BY_HAND}, and enter the column names`,
	});
}

const BY_HAND = "'Mapping Mode' to Map Each Field Below";
const BY_POSITION = 'the positions of the columns: 0 for the first, 1 for the second';

// Bytes without a character, and Cyrillic, Chinese, or UTF-8 text that was decoded as Western European.
function isGarbled(name: string): boolean {
	return /[\ufffd\x80-\x9f]|[À-ÿ]{4}|[À-ÿ][¡-¿]|[¡-¿][À-ÿ]/.test(name);
}

function unknownColumn(path: string, label: string, names: string[]): FileError {
	const known = names.some(mayBeContact) ? '' : `; its columns are ${quotedNames(names)}`;
	return new FileError({
		code: 'file_no_column',
		what: `The file has no column '${shownName(path)}'${known}`,
		fix: `Check '${label}'`,
	});
}

const nothingMapped = () =>
	new FileError({
		code: 'file_no_column',
		what: "Neither 'Email Field' nor 'Phone Field' contains a column name",
		fix: 'Fill in one of them',
	});

/** Whether a name or a row may contain an email or a phone number; column names may be shown, contacts may not. */
export function mayBeContact(text: string): boolean {
	return text.includes('@') || /\d(?:\D?\d){4}/.test(text);
}
