import { EXPORT_AS_TABLE, FileError } from './fileError';
import { beginsWith } from './streams';

interface OtherKind {
	code: string;
	/** What the file is, as a sentence without its period. */
	what: string;
	/** What to do, as a sentence without its period. */
	fix: string;
	/** The bytes that a file of this kind begins with; `undefined` matches any byte. */
	bytes?: ReadonlyArray<ReadonlyArray<number | undefined>>;
	/** The text that it begins with. */
	text?: RegExp;
	/** A part that only a ZIP archive of this kind contains. */
	part?: RegExp;
}

const SAVE_AS_XLSX =
	'Open it in a spreadsheet program and save it as an Excel workbook (.xlsx) or CSV';
const UNPACK = 'Unpack it, and send the CSV file or Excel workbook (.xlsx) that it contains';
const TO_ITEMS = "set 'Contacts From' to Input Items";
const NOT_TEXT = 'file_not_text';

const bytesOf = (text: string) => [...text].map((character) => character.charCodeAt(0));

/** Files that aren't lists: how each is recognized, what it is, and what to do. */
const OTHER_KINDS = {
	html: {
		code: 'file_html',
		what: 'The file is a web page (HTML); some systems save tables this way and name them .xls',
		fix: SAVE_AS_XLSX,
		text: /^(?:<!--[^]*?-->\s*)?<(?:!doctype html|html|head|body|meta|style|title|table|div|script)\b/i,
	},
	xmlSpreadsheet: {
		code: 'file_workbook',
		what: 'The file is a workbook in the XML format of Excel 2003',
		fix: SAVE_AS_XLSX,
		text: /^<\?xml[^]{0,400}?(?:Excel\.Sheet|urn:schemas-microsoft-com:office:spreadsheet)/i,
	},
	xml: {
		code: 'file_xml',
		what: 'The file contains XML, not a table',
		fix: EXPORT_AS_TABLE,
		text: /^<(?:\?xml|[a-z][\w:.-]*(?:\s+[\w:.-]+="[^"]*")*\s*\/?>\s*<)/i,
	},
	jsonLines: {
		code: 'file_json',
		what: 'The file contains lines of JSON (NDJSON), not a table',
		fix: `${EXPORT_AS_TABLE}, or turn each line into an item and ${TO_ITEMS}`,
		text: /^\{\s*"(?:[^"\\\n]|\\.)*"\s*:[^\n]*\}[^\S\n]*\n\s*\{/,
	},
	json: {
		code: 'file_json',
		what: 'The file contains JSON, not a table',
		fix: `${EXPORT_AS_TABLE}, or read it with n8n's 'Extract From File' node and ${TO_ITEMS}`,
		text: /^(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}\s*$)|\[\s*(?:[{[]|\]\s*$|"[^"]*"\s*[,\]]))/,
	},
	vcard: {
		code: 'file_vcard',
		what: 'The file contains contact cards (vCard)',
		fix: `${EXPORT_AS_TABLE} from the address book instead`,
		text: /^BEGIN:VCARD\b/i,
	},
	calendar: {
		code: NOT_TEXT,
		what: 'The file is a calendar (iCalendar)',
		fix: EXPORT_AS_TABLE,
		text: /^BEGIN:VCALENDAR\b/i,
	},
	ldif: {
		code: NOT_TEXT,
		what: 'The file is a directory export (LDIF)',
		fix: EXPORT_AS_TABLE,
		text: /^(?:version: *1\s+)?dn::? /i,
	},
	sql: {
		code: NOT_TEXT,
		what: 'The file contains SQL statements',
		fix: EXPORT_AS_TABLE,
		text: /^(?:-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)|(?:INSERT INTO|CREATE TABLE|DROP TABLE)\s)/i,
	},
	email: {
		code: NOT_TEXT,
		what: 'The file is an email',
		fix: 'Send the list that is attached to it',
		text: /^(?:Return-Path|Received|Delivered-To|MIME-Version): /i,
	},
	rtf: {
		code: NOT_TEXT,
		what: 'The file is a text document (RTF)',
		fix: EXPORT_AS_TABLE,
		bytes: [bytesOf('{\\rtf')],
	},
	pdf: {
		code: NOT_TEXT,
		what: 'The file is a PDF',
		fix: EXPORT_AS_TABLE,
		bytes: [bytesOf('%PDF-')],
	},
	image: {
		code: NOT_TEXT,
		what: 'The file is an image',
		fix: EXPORT_AS_TABLE,
		bytes: [
			[0x89, ...bytesOf('PNG')],
			[0xff, 0xd8, 0xff],
			bytesOf('GIF8'),
			[...bytesOf('RIFF'), undefined, undefined, undefined, undefined, ...bytesOf('WEBP')],
			[undefined, undefined, undefined, undefined, ...bytesOf('ftyphei')],
		],
	},
	database: {
		code: NOT_TEXT,
		what: 'The file is a database',
		fix: EXPORT_AS_TABLE,
		bytes: [bytesOf('SQLite format 3'), [0, 1, 0, 0, ...bytesOf('Standard ')]],
	},
	parquet: {
		code: NOT_TEXT,
		what: 'The file is in a format for data pipelines (Parquet, Avro)',
		fix: EXPORT_AS_TABLE,
		bytes: [bytesOf('PAR1'), bytesOf('Obj\x01')],
	},
	utf32: {
		code: NOT_TEXT,
		what: "The file is in UTF-32, which this node doesn't read",
		fix: 'Save it as CSV in UTF-8',
		bytes: [
			[0xff, 0xfe, 0x00, 0x00],
			[0x00, 0x00, 0xfe, 0xff],
		],
	},
	otherArchive: {
		code: 'file_archive',
		what: "The file is an archive that this node doesn't read (7-Zip, RAR, or similar)",
		fix: UNPACK,
		bytes: [
			bytesOf('7z\xbc\xaf'),
			bytesOf('Rar!'),
			bytesOf('BZh'),
			bytesOf('\xfd7zXZ'),
			[0x28, 0xb5, 0x2f, 0xfd],
		],
	},
	xls: {
		code: 'file_workbook',
		what: 'The file is a workbook in the format of Excel 97–2003 (.xls)',
		fix: SAVE_AS_XLSX,
		bytes: [
			[0x09, 0x08, 0x10, 0x00],
			[0x09, 0x04, 0x06, 0x00],
			[0x09, 0x02, 0x06, 0x00],
		],
	},
	encryptedWorkbook: {
		code: 'file_encrypted',
		what: 'The workbook is protected with a password',
		fix: 'Save a copy without a password',
	},
	encryptedZip: {
		code: 'file_encrypted',
		what: 'The ZIP archive is protected with a password',
		fix: UNPACK,
	},
	xlsb: {
		code: 'file_workbook',
		what: 'The file is a binary Excel workbook (.xlsb)',
		fix: SAVE_AS_XLSX,
		part: /^xl\/workbook\.bin$/i,
	},
	ods: {
		code: 'file_workbook',
		what: 'The file is an OpenDocument spreadsheet (.ods)',
		fix: SAVE_AS_XLSX,
		part: /^(?:META-INF\/manifest\.xml|content\.xml)$/,
	},
	numbers: {
		code: 'file_workbook',
		what: 'The file is an Apple Numbers spreadsheet (.numbers)',
		fix: "In Numbers, choose 'Export To' and then Excel or CSV",
		part: /^(?:.*\/)?Index(?:\.zip$|\/Document\.iwa$)/,
	},
	document: {
		code: NOT_TEXT,
		what: 'The file is a text document or a presentation',
		fix: EXPORT_AS_TABLE,
		part: /^(?:word\/document|ppt\/presentation)\.xml$/i,
	},
	otherCompression: {
		code: 'file_archive',
		what: "The ZIP archive is compressed in a way that this node doesn't read",
		fix: UNPACK,
	},
	unknown: {
		code: NOT_TEXT,
		what: "The file isn't text or an Excel workbook (.xlsx)",
		fix: EXPORT_AS_TABLE,
	},
} as const satisfies Record<string, OtherKind>;

const KINDS: OtherKind[] = Object.values(OTHER_KINDS);
/** The first bytes of files from Microsoft programs before 2007, and of newer encrypted ones. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];
/** A file isn't text if it has more control characters than this number plus this share of its bytes. */
const ALLOWED_CONTROLS = 4;
const ALLOWED_CONTROL_SHARE = 0.01;

/** The error for a file of a kind that isn't a list. */
export function errorForKind(kind: keyof typeof OTHER_KINDS): FileError {
	return new FileError(OTHER_KINDS[kind]);
}

/** The error for a file that begins with the bytes of a kind that isn't a list; undefined for any other. */
export function errorForBytes(head: Uint8Array): FileError | undefined {
	const kind = KINDS.find(({ bytes }) => bytes?.some((signature) => beginsWith(head, signature)));
	return kind && new FileError(kind);
}

/** The error for a file that begins with the text of a kind that isn't a list; undefined for any other. */
export function errorForText(head: string): FileError | undefined {
	const text = head.slice(0, 20_000).trimStart();
	const kind = KINDS.find((each) => each.text?.test(text));
	return kind && new FileError(kind);
}

/** The error for a ZIP archive with a part of a kind that isn't a list; undefined for any other. */
export function errorForParts(names: string[]): FileError | undefined {
	const kind = KINDS.find(({ part }) => part && names.some((name) => part.test(name)));
	return kind && new FileError(kind);
}

/** Whether the bytes can't be text in an encoding that writes ASCII as ASCII. */
export function isBinary(head: Uint8Array): boolean {
	let controls = 0;
	for (const byte of head) {
		if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)) controls++;
	}
	return controls > ALLOWED_CONTROLS + head.length * ALLOWED_CONTROL_SHARE;
}

/** Whether a file is one of Microsoft's compound files. */
export function isCompound(head: Uint8Array): boolean {
	return beginsWith(head, COMPOUND);
}

const MAX_BYTES_SEARCHED = 64 * 1024 * 1024;
const ENCRYPTED_PART = 'EncryptedPackage';
const ENCRYPTED = Buffer.from(ENCRYPTED_PART, 'utf16le');

/** The error for a compound file: an encrypted workbook if it contains the name of that part, or an old workbook. */
export async function errorForCompound(pieces: AsyncIterable<Uint8Array>): Promise<FileError> {
	let before = Buffer.alloc(0);
	let searched = 0;
	for await (const piece of pieces) {
		const known = Buffer.concat([before, piece]);
		if (known.includes(ENCRYPTED)) return errorForKind('encryptedWorkbook');
		before = known.subarray(-ENCRYPTED.length);
		searched += piece.length;
		if (searched > MAX_BYTES_SEARCHED) break;
	}
	return errorForKind('xls');
}
