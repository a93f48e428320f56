import { SaxesParser } from 'saxes';
import {
	appendText,
	GENERAL_FORMAT,
	type NumberFormat,
	numberFormat,
	numberText,
	RichText,
	unescapeText,
} from './cellText';
import { columnNamed } from './columns';
import { utf16In } from './encoding';
import {
	damaged,
	FileError,
	LONGEST_ROW,
	longRow,
	tooLarge,
	type UnreadableRow,
} from './fileError';
import { type Cells, NO_ROWS, type RowChunk } from './streams';
import type { ZipArchive, ZipEntry } from './zip';

/** What to call for each part of an XML document; names have no prefixes. */
interface XmlHandlers {
	open?(name: string, attributes: Record<string, string>): void;
	close?(name: string): void;
	text?(text: string): void;
	/** The rows since it was last called. */
	rows?(): RowChunk;
	/** Elements to find with a pattern: the parser, which examines each character, would take twice as long. */
	plain?: { pattern: RegExp; take(element: RegExpExecArray): void };
}

/** Without comments, CDATA, a DTD, or processing instructions, every `<` begins a tag. */
const NO_TAG = /<(?:!|\?(?!xml ))/;

const MAX_DEPTH = 64;
/** Characters in one text or tag; a cell has at most 32,767. */
const MAX_TEXT_LENGTH = 16 * 2 ** 20;

/**
 * Reads an XML document as it arrives.
 * @throws FileError when it isn't XML, or contains what no spreadsheet program writes; what reading the bytes throws
 */
async function* readXml(
	bytes: AsyncIterable<Uint8Array>,
	{ open, close, text, rows = () => NO_ROWS, plain }: XmlHandlers,
): AsyncGenerator<RowChunk> {
	let decoder: InstanceType<typeof TextDecoder> | undefined;
	let depth = 0;
	/** Characters since the last tag. */
	let quiet = 0;
	const parser = new SaxesParser();
	const write = (piece: string) => {
		quiet += piece.length;
		parser.write(piece);
		if (quiet > MAX_TEXT_LENGTH) throw damaged();
	};
	let hasTagsOnly = true;
	let last = '';
	const read = (piece: string) => {
		hasTagsOnly &&= !NO_TAG.test(last + piece);
		last = piece.slice(-1);
		if (!plain || !hasTagsOnly) return write(piece);
		let start = 0;
		plain.pattern.lastIndex = 0;
		for (let found; (found = plain.pattern.exec(piece)); start = plain.pattern.lastIndex) {
			if (found.index > start) write(piece.slice(start, found.index));
			quiet = 0;
			plain.take(found);
		}
		write(piece.slice(start));
	};
	parser.on('error', () => {
		throw damaged();
	});
	// A DTD could define endless text, or pull in text from elsewhere.
	parser.on('doctype', () => {
		throw withDefinitions();
	});
	parser.on('opentag', ({ name, attributes }) => {
		quiet = 0;
		if (++depth > MAX_DEPTH) throw damaged();
		open?.(localName(name), attributes);
	});
	parser.on('closetag', ({ name }) => {
		depth--;
		close?.(localName(name));
	});
	if (text) {
		parser.on('text', text);
		parser.on('cdata', text);
	}
	for await (const piece of bytes) {
		decoder ??= new TextDecoder(utf16In(piece) ?? 'utf-8');
		read(decoder.decode(piece, { stream: true }));
		yield rows();
	}
	read(decoder?.decode() ?? '');
	parser.close();
	yield rows();
}

function localName(name: string): string {
	const colon = name.indexOf(':');
	return colon < 0 ? name : name.slice(colon + 1);
}

const withDefinitions = () =>
	new FileError({
		code: 'file_damaged',
		what: 'The workbook contains a document type definition (DTD), which no spreadsheet program writes',
		fix: 'Open it in a spreadsheet program and save it again',
	});

/** A sheet of a workbook. */
export interface WorkbookSheet {
	name: string;
	isHidden: boolean;
	/** Its rows that are not empty, from the first one each time it is called. */
	rows(): AsyncGenerator<RowChunk>;
}

/** Whether an archive with these parts is an Excel workbook. */
export function isWorkbook({ entries }: ZipArchive): boolean {
	const names = new Set(entries.map(({ name }) => name.toLowerCase()));
	return names.has('[content_types].xml') && names.has('_rels/.rels');
}

/**
 * Opens an Excel workbook: its sheets, in order.
 * @throws FileError when it is damaged; what reading the bytes throws
 * @see https://ecma-international.org/publications-and-standards/standards/ecma-376/
 */
export async function* openWorkbook(
	archive: ZipArchive,
): AsyncGenerator<RowChunk, WorkbookSheet[]> {
	const parts = new Map(archive.entries.map((entry) => [entry.name.toLowerCase(), entry]));
	const partAt = (path: string | undefined) => parts.get((path ?? '').toLowerCase());
	const root = yield* readRelationships(archive, partAt('_rels/.rels'), '');
	const path = root.find(({ type }) => type === 'officeDocument')?.path ?? 'xl/workbook.xml';
	const [, folder = '', base = ''] = /^(.*\/)?([^/]*)$/.exec(path) ?? [];
	const related = yield* readRelationships(archive, partAt(`${folder}_rels/${base}.rels`), folder);
	const ofType = (wanted: string) => partAt(related.find(({ type }) => type === wanted)?.path);
	const { listed, is1904 } = yield* readSheetList(archive, partAt(path));
	const values: Values = {
		is1904,
		formats: yield* readNumberFormats(archive, ofType('styles')),
		strings: yield* readSharedStrings(archive, ofType('sharedStrings')),
	};
	const sheets = new Map<ZipEntry, WorkbookSheet>();
	for (const { id, name, isHidden } of listed) {
		const sheet = related.find((each) => each.id === id && each.type === 'worksheet');
		if (!sheet) continue;
		const part = partAt(sheet.path);
		if (!part) throw damaged();
		// A part listed under a thousand names would be read a thousand times.
		if (sheets.has(part)) continue;
		sheets.set(part, { name, isHidden, rows: () => readSheetRows(archive.open(part), values) });
	}
	if (sheets.size === 0) throw damaged();
	return [...sheets.values()];
}

/** The most bytes in a part that is kept as a whole: Excel's limit of 65,000 cell styles needs half of that. */
const MAX_PART_BYTES = 32 * 2 ** 20;

function openPart(archive: ZipArchive, part: ZipEntry): AsyncGenerator<Uint8Array> {
	if (part.unpacked > MAX_PART_BYTES) throw damaged();
	return archive.open(part);
}

interface Relationship {
	id: string;
	/** The last word of its URL, such as `worksheet`: the rest differs between two versions of the standard. */
	type: string;
	/** Within the archive. */
	path: string;
}

/** The parts of the archive that a part refers to; links to anything outside are ignored. */
async function* readRelationships(
	archive: ZipArchive,
	part: ZipEntry | undefined,
	folder: string,
): AsyncGenerator<RowChunk, Relationship[]> {
	const found: Relationship[] = [];
	if (!part) return found;
	yield* readXml(openPart(archive, part), {
		open(name, { Id = '', Type = '', Target = '', TargetMode }) {
			if (name !== 'Relationship' || TargetMode?.toLowerCase() === 'external') return;
			const type = Type.slice(Type.lastIndexOf('/') + 1);
			found.push({ id: Id, type, path: resolvePath(Target, folder) });
		},
	});
	return found;
}

function resolvePath(target: string, folder: string): string {
	const steps: string[] = [];
	for (const step of (target.startsWith('/') ? target : folder + target).split('/')) {
		if (step === '..') steps.pop();
		else if (step !== '' && step !== '.') steps.push(step);
	}
	return steps.join('/');
}

async function* readSheetList(archive: ZipArchive, part: ZipEntry | undefined) {
	const listed: Array<{ id: string; name: string; isHidden: boolean }> = [];
	let is1904 = false;
	if (!part) throw damaged();
	yield* readXml(openPart(archive, part), {
		open(name, attributes) {
			if (name === 'workbookPr') is1904 = /^(?:1|true|on)$/.test(attributes.date1904 ?? '');
			if (name !== 'sheet') return;
			const idName = Object.keys(attributes).find((key) => /(?:^|:)id$/.test(key)) ?? '';
			const { name: title = '', state = 'visible' } = attributes;
			listed.push({ id: attributes[idName] ?? '', name: title, isHidden: state !== 'visible' });
		},
	});
	return { listed, is1904 };
}

/** The number formats of a workbook's cell styles, in order. */
async function* readNumberFormats(archive: ZipArchive, part: ZipEntry | undefined) {
	const formats: NumberFormat[] = [];
	const codes = new Map<number, string>();
	let isCellStyle = false;
	if (!part) return formats;
	yield* readXml(openPart(archive, part), {
		open(name, { numFmtId = '0', formatCode = '' }) {
			const id = Number(numFmtId);
			if (name === 'numFmt') codes.set(id, formatCode);
			else if (name === 'cellXfs') isCellStyle = true;
			else if (name === 'xf' && isCellStyle) formats.push(numberFormat(id, codes.get(id)));
		},
		close(name) {
			if (name === 'cellXfs') isCellStyle = false;
		},
	});
	return formats;
}

const MB = 2 ** 20;
/** Characters. */
const MAX_SHARED_TEXT = 128 * MB;
const STRINGS_PER_PACK = 1000;

/** A workbook's strings, joined by the thousand: a million separate ones would take hundreds of megabytes. */
class SharedStrings {
	private readonly packs: Array<{ text: string; ends: Uint32Array }> = [];
	private latest: string[] = [];
	private length = 0;

	add(text: string): void {
		this.latest.push(text);
		if (this.latest.length === STRINGS_PER_PACK) this.pack();
	}

	/** @throws FileError when there is no such string */
	at(index: number): string {
		const pack = this.packs[Math.floor(index / STRINGS_PER_PACK)];
		const inPack = index % STRINGS_PER_PACK;
		const text = pack
			? pack.text.slice(inPack === 0 ? 0 : pack.ends[inPack - 1], pack.ends[inPack])
			: this.latest[inPack];
		if (text === undefined || !(index >= 0)) throw damaged();
		return text;
	}

	private pack(): void {
		let end = 0;
		const ends = Uint32Array.from(this.latest, (text) => (end += text.length));
		this.length += end;
		if (this.length > MAX_SHARED_TEXT)
			throw tooLarge(`The workbook contains more than ${MAX_SHARED_TEXT / MB} MB of text`);
		this.packs.push({ text: this.latest.join(''), ends });
		this.latest = [];
	}
}

const PLAIN_STRING =
	// eslint-disable-next-line no-control-regex
	/<si><t(?: xml:space="preserve")?>([^<>&\]\0-\x1f\x7f-\x9f\u2028\ufffe\uffff]*)<\/t><\/si>/g;

async function* readSharedStrings(archive: ZipArchive, part: ZipEntry | undefined) {
	const strings = new SharedStrings();
	const text = new RichText();
	if (!part) return strings;
	yield* readXml(archive.open(part), {
		open(name) {
			if (name === 'si') text.begin();
			else text.open(name);
		},
		close(name) {
			if (name === 'si') strings.add(text.end());
			else text.close(name);
		},
		text: (value) => text.add(value),
		plain: {
			pattern: PLAIN_STRING,
			take: ([, value = '']) => strings.add(unescapeText(value)),
		},
	});
	return strings;
}

/** What a sheet's cells refer to. */
interface Values {
	formats: NumberFormat[];
	strings: SharedStrings;
	is1904: boolean;
}

const LAST_COLUMN = 16_384;
const LAST_ROW = 1_048_576;
const FILLED = /\S/;
/** A cell with a value, or the end of a row and the beginning of the next. */
const PLAIN_CELL = new RegExp(
	'<c r="([A-Z]{1,3})[1-9][0-9]{0,5}"(?: s="([0-9]+)")?(?: t="([a-z]+)")?>' +
		"<v>([ -%'-;=?-\\\\^-~]*)</v></c>" +
		'|</row><row r="([0-9]+)"(?: [A-Za-z0-9:]+="[^"<>&]*")*>',
	'g',
);

async function* readSheetRows(
	bytes: AsyncIterable<Uint8Array>,
	values: Values,
): AsyncGenerator<RowChunk> {
	yield* readXml(bytes, new SheetReader(values));
}

/** Collects the rows of a sheet's XML. */
class SheetReader {
	private rowsRead: Cells[] = [];
	private numbers: number[] = [];
	private unreadableRows = new Map<number, UnreadableRow>();
	private number = 0;
	private cells: Cells = [];
	private length = 0;
	private column = -1;
	private type = '';
	private style = '';
	private raw = '';
	private isCell = false;
	private isValue = false;
	private isFormula = false;
	private formula = '';
	private readonly inline = new RichText();

	constructor(private readonly values: Values) {}

	// Not methods, since the XML parser calls them without `this`.
	readonly open = (name: string, attributes: Record<string, string>): void => {
		if (name === 'c') {
			const { r, s, t } = attributes;
			this.beginCell(r === undefined ? this.column + 1 : columnOf(r), s, t);
		} else if (name === 'v') this.isValue = this.isCell;
		else if (name === 'f') this.beginFormula();
		else if (name === 'row') this.beginRow(attributes.r);
		else if (this.isCell) this.inline.open(name);
	};

	readonly text = (value: string): void => {
		if (this.isValue) this.raw = appendText(this.raw, value);
		else if (this.isFormula) this.formula = appendText(this.formula, value);
		else if (this.isCell) this.inline.add(value);
	};

	readonly close = (name: string): void => {
		if (name === 'v') this.isValue = false;
		else if (name === 'f') this.isFormula = false;
		else if (name === 'c') this.endCell();
		else if (name === 'row') this.endRow();
		else if (this.isCell) this.inline.close(name);
	};

	readonly plain = {
		pattern: PLAIN_CELL,
		take: ([, letters = '', style, type, value = '', row]: RegExpExecArray): void => {
			if (row === undefined) {
				this.beginCell(columnNamed(letters), style, type);
				this.raw = value;
				this.endCell();
			} else {
				this.endRow();
				this.beginRow(row);
			}
		},
	};

	readonly rows = (): RowChunk => {
		if (this.rowsRead.length === 0) return NO_ROWS;
		const { rowsRead: rows, numbers, unreadableRows } = this;
		this.rowsRead = [];
		this.numbers = [];
		if (unreadableRows.size > 0) this.unreadableRows = new Map();
		return { rows, numbers, ...(unreadableRows.size > 0 && { unreadableRows }) };
	};

	private beginRow(reference: string | undefined): void {
		this.number = reference === undefined ? this.number + 1 : Number(reference);
		if (!(this.number >= 1 && this.number <= LAST_ROW)) throw damaged();
		this.cells = [];
		this.length = 0;
		this.column = -1;
	}

	private beginCell(column: number, style = '', type = 'n'): void {
		if (column >= LAST_COLUMN) throw damaged();
		this.column = column;
		this.type = type;
		this.style = style;
		this.raw = '';
		this.formula = '';
		this.inline.begin();
		this.isCell = true;
	}

	private beginFormula(): void {
		this.isFormula = this.isCell;
		if (this.isCell) this.formula = '=';
	}

	private endCell(): void {
		this.isCell = false;
		const text = this.textOfCell();
		if (!FILLED.test(text)) return;
		this.length += text.length;
		if (this.length <= LONGEST_ROW) this.cells[this.column] = text;
		else this.cells = [''];
	}

	private textOfCell(): string {
		const { raw, type, style, values } = this;
		// A formula that was never calculated isn't an empty cell: it may show that the contact said no. A calculated empty text
		// has its type.
		if (raw === '') return (type === 'str' ? '' : this.formula) || this.inline.end();
		switch (type) {
			case 's':
				return values.strings.at(Number(raw));
			case 'n':
				return numberText(raw, values.formats[Number(style)] ?? GENERAL_FORMAT, values);
			case 'b':
				return /^\s*(?:1|true)\s*$/i.test(raw) ? 'TRUE' : 'FALSE';
			default:
				return unescapeText(raw);
		}
	}

	private endRow(): void {
		if (this.cells.length === 0) return;
		if (this.length > LONGEST_ROW) this.unreadableRows.set(this.number, longRow(this.number));
		this.rowsRead.push(this.cells);
		this.numbers.push(this.number);
	}
}

const REFERENCE = /^([A-Z]+)([0-9]+)$/i;

/** The column of a reference such as AB12, from 0. @throws FileError when it isn't a reference */
function columnOf(reference: string): number {
	const [, letters = '', row] = REFERENCE.exec(reference) ?? [];
	if (!(Number(row) >= 1 && Number(row) <= LAST_ROW)) throw damaged();
	return columnNamed(letters);
}
