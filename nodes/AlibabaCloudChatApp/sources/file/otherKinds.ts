import { EXPORT, FileError } from './fileError';
import { begins } from './streams';

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

const codes = (text: string) => [...text].map((character) => character.charCodeAt(0));

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
		fix: EXPORT,
		text: /^<(?:\?xml|[a-z][\w:.-]*(?:\s+[\w:.-]+="[^"]*")*\s*\/?>\s*<)/i,
	},
	jsonLines: {
		code: 'file_json',
		what: 'The file contains lines of JSON (NDJSON), not a table',
		fix: `${EXPORT}, or turn each line into an item and ${TO_ITEMS}`,
		text: /^\{\s*"(?:[^"\\\n]|\\.)*"\s*:[^\n]*\}[^\S\n]*\n\s*\{/,
	},
	json: {
		code: 'file_json',
		what: 'The file contains JSON, not a table',
		fix: `${EXPORT}, or read it with n8n's 'Extract From File' node and ${TO_ITEMS}`,
		text: /^(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}\s*$)|\[\s*(?:[{[]|\]\s*$|"[^"]*"\s*[,\]]))/,
	},
	vcard: {
		code: 'file_vcard',
		what: 'The file contains contact cards (vCard)',
		fix: `${EXPORT} from the address book instead`,
		text: /^BEGIN:VCARD\b/i,
	},
	calendar: {
		code: NOT_TEXT,
		what: 'The file is a calendar (iCalendar)',
		fix: EXPORT,
		text: /^BEGIN:VCALENDAR\b/i,
	},
	ldif: {
		code: NOT_TEXT,
		what: 'The file is a directory export (LDIF)',
		fix: EXPORT,
		text: /^(?:version: *1\s+)?dn::? /i,
	},
	sql: {
		code: NOT_TEXT,
		what: 'The file contains SQL statements',
		fix: EXPORT,
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
		fix: EXPORT,
		bytes: [codes('{\\rtf')],
	},
	pdf: { code: NOT_TEXT, what: 'The file is a PDF', fix: EXPORT, bytes: [codes('%PDF-')] },
	image: {
		code: NOT_TEXT,
		what: 'The file is an image',
		fix: EXPORT,
		bytes: [
			[0x89, ...codes('PNG')],
			[0xff, 0xd8, 0xff],
			codes('GIF8'),
			[...codes('RIFF'), undefined, undefined, undefined, undefined, ...codes('WEBP')],
			[undefined, undefined, undefined, undefined, ...codes('ftyphei')],
		],
	},
	database: {
		code: NOT_TEXT,
		what: 'The file is a database',
		fix: EXPORT,
		bytes: [codes('SQLite format 3'), [0, 1, 0, 0, ...codes('Standard ')]],
	},
	parquet: {
		code: NOT_TEXT,
		what: 'The file is in a format for data pipelines (Parquet, Avro)',
		fix: EXPORT,
		bytes: [codes('PAR1'), codes('Obj\x01')],
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
			codes('7z\xbc\xaf'),
			codes('Rar!'),
			codes('BZh'),
			codes('\xfd7zXZ'),
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
		fix: EXPORT,
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
		fix: EXPORT,
	},
} as const satisfies Record<string, OtherKind>;

const KINDS: OtherKind[] = Object.values(OTHER_KINDS);
/** The first bytes of files from Microsoft programs before 2007, and of newer encrypted ones. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];
/** A file isn't text if it has more control characters than this number plus this share of its bytes. */
const FEW_CONTROLS = 4;
const MOST_CONTROLS = 0.01;

/** The error for a file of a kind that isn't a list. */
export function errorForKind(kind: keyof typeof OTHER_KINDS): FileError {
	return new FileError(OTHER_KINDS[kind]);
}

/** The error for a file that begins with the bytes of a kind that isn't a list. */
export function errorForBytes(head: Uint8Array): FileError | undefined {
	const kind = KINDS.find(({ bytes }) => bytes?.some((signature) => begins(head, signature)));
	return kind && new FileError(kind);
}

/** The error for a file that begins with the text of a kind that isn't a list. */
export function errorForText(head: string): FileError | undefined {
	const text = head.slice(0, 20_000).trimStart();
	const kind = KINDS.find((each) => each.text?.test(text));
	return kind && new FileError(kind);
}

/** The error for a ZIP archive with a part of a kind that isn't a list. */
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
	return controls > FEW_CONTROLS + head.length * MOST_CONTROLS;
}

/** Whether a file is one of Microsoft's compound files. */
export function isCompound(head: Uint8Array): boolean {
	return begins(head, COMPOUND);
}

const LOOKED_THROUGH = 64 * 1024 * 1024;
const ENCRYPTED_PART = 'EncryptedPackage';
const ENCRYPTED = Buffer.from(ENCRYPTED_PART, 'utf16le');

/** The error for a compound file: an encrypted workbook if it contains the name of that part, or an old workbook. */
export async function errorForCompound(pieces: AsyncIterable<Uint8Array>): Promise<FileError> {
	let before = Buffer.alloc(0);
	let looked = 0;
	for await (const piece of pieces) {
		const known = Buffer.concat([before, piece]);
		if (known.includes(ENCRYPTED)) return errorForKind('encryptedWorkbook');
		before = known.subarray(-ENCRYPTED.length);
		looked += piece.length;
		if (looked > LOOKED_THROUGH) break;
	}
	return errorForKind('xls');
}
