import { isNamedOptedOut } from '../../contacts/consentNames';
import { shownName } from '../../redact';
import { contactColumns } from './columns';
import { readCsvRows } from './csv';
import { decodeBytes, type Encoding, utf16In } from './encoding';
import { emptyFile, EXPORT_AS_TABLE, FileError, quotedNames } from './fileError';
import {
	errorForBytes,
	errorForCompound,
	errorForKind,
	errorForParts,
	errorForText,
	isBinary,
	isCompound,
} from './otherKinds';
import {
	beginsWith,
	type ByteSource,
	decompress,
	cutIntoPieces,
	peek,
	type Peeked,
	type RowChunk,
} from './streams';
import { isWorkbook, openWorkbook, type WorkbookSheet } from './xlsx';
import { isZip, rejectBomb, ZipArchive, type ZipEntry } from './zip';

/** A table in a file. */
export interface FileSheet {
	/** A sheet's name; empty for CSV. */
	name: string;
	/** Its rows that are not empty. Those of a sheet can be read again. */
	rows(): AsyncGenerator<RowChunk>;
}

/** A file that was opened according to its content. */
export interface OpenedFile {
	format: 'csv' | 'xlsx';
	/** The tables that may be read, in order. */
	sheets: FileSheet[];
	/** Stops reading, whether or not everything was read. */
	close(): Promise<void>;
}

/** How a file is opened. */
export interface OpenOptions {
	delimiter: string;
	encoding: Encoding;
	/** The name of a sheet, or of a file in an archive; empty for any. */
	sheet: string;
	/** Whether the file itself was in an archive. */
	isInArchive?: boolean;
	/** How many times the file was compressed with gzip. */
	timesCompressed?: number;
}

const GZIP = [0x1f, 0x8b];

/**
 * Opens a file by its content, whatever its name is.
 * @throws FileError when it contains no table; what reading it throws
 */
export async function* openFile(file: ByteSource, options: OpenOptions): Opening {
	return yield* openBytes(await peek(cutIntoPieces(file.open())), options);
}

/** Yields empty chunks, which only let n8n do other work. */
type Opening = AsyncGenerator<RowChunk, OpenedFile>;

async function* openBytes(bytes: Peeked<Uint8Array>, options: OpenOptions): Opening {
	let opened: OpenedFile | undefined;
	try {
		opened = yield* openContent(bytes, options);
		return opened;
	} finally {
		if (!opened) await bytes.close();
	}
}

async function* openContent(bytes: Peeked<Uint8Array>, options: OpenOptions): Opening {
	const { first, all, close } = bytes;
	if (!first) throw emptyFile();
	if (beginsWith(first, GZIP)) return yield* openGzip(bytes, options);
	if (isZip(first)) return yield* openZip(bytes, options);
	await rejectOthers(first, bytes, options);
	const text = decodeText(all, options.encoding);
	const rows = () => readCsvRows(text, options.delimiter);
	return { format: 'csv', sheets: [{ name: '', rows }], close };
}

/** @throws FileError when the bytes aren't text */
async function rejectOthers(
	first: Uint8Array,
	{ all }: Peeked<Uint8Array>,
	{ encoding }: OpenOptions,
): Promise<void> {
	if (isCompound(first)) throw await errorForCompound(all);
	const other = errorForBytes(first);
	if (other) throw other;
	const isUtf16 = encoding.startsWith('utf-16') || utf16In(first) !== undefined;
	if (!isUtf16 && isBinary(first)) throw errorForKind('unknown');
}

/** Some servers compress a file that is already compressed; a file that decompresses to itself would never end. */
const MAX_TIMES_COMPRESSED = 2;

async function* openGzip({ all, close }: Peeked<Uint8Array>, options: OpenOptions): Opening {
	const timesCompressed = (options.timesCompressed ?? 0) + 1;
	if (timesCompressed > MAX_TIMES_COMPRESSED) throw compressedAgain();
	const unpacked = await peek(cutIntoPieces(gunzip(all)));
	const closeBoth = async () => {
		await unpacked.close();
		await close();
	};
	return yield* openBytes({ ...unpacked, close: closeBoth }, { ...options, timesCompressed });
}

async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let packed = 0;
	let unpacked = 0;
	async function* counted() {
		for await (const piece of bytes) {
			packed += piece.length;
			yield piece;
		}
	}
	for await (const chunk of decompress(counted(), 'gzip')) {
		unpacked += chunk.length;
		rejectBomb(packed, unpacked);
		yield chunk;
	}
}

async function* openZip({ all, close }: Peeked<Uint8Array>, options: OpenOptions): Opening {
	const archive = yield* ZipArchive.read(all);
	const other = errorForParts(archive.entries.map(({ name }) => name));
	if (other) throw other;
	if (isWorkbook(archive)) {
		const sheets = yield* openWorkbook(archive);
		return { format: 'xlsx', sheets: sheetsToRead(sheets, options), close };
	}
	if (options.isInArchive) throw noLists();
	const { entry, sheet } = listToRead(archive.entries, options.sheet);
	const unpacked = await peek(cutIntoPieces(archive.open(entry)));
	return yield* openBytes(unpacked, { ...options, sheet, isInArchive: true });
}

/** How 'Sheet' names a workbook in an archive. No sheet's name contains a slash. */
const WORKBOOK = /^.*\.xl[st][xm](?:\/|$)/i;

/** The chosen sheet, even if it is hidden; without a choice, those that aren't hidden, or all if every sheet is. */
function sheetsToRead(
	sheets: WorkbookSheet[],
	{ sheet, isInArchive }: Pick<OpenOptions, 'sheet' | 'isInArchive'>,
): WorkbookSheet[] {
	const chosen = sheet.trim();
	// A workbook from an archive is returned without the archive, and may be sent again with the same choice.
	const names = isInArchive ? [chosen] : [chosen, chosen.replace(WORKBOOK, '')];
	for (const name of names) {
		if (name === '') {
			const visible = sheets.filter(({ isHidden }) => !isHidden);
			return visible.length > 0 ? visible : sheets;
		}
		const found = sheets.find((one) => isSameName(one.name, name));
		if (found) return [found];
	}
	throw noSheet(chosen, sheets);
}

/** Names of lists in an archive. Other files are ignored, as are those that macOS adds. */
const LIST =
	/^(?!(?:.*\/)?(?:__MACOSX\/|\.)).*\.(?:csv|tsv|tab|txt|xls[xmb]?|xlt[xm]|ods|numbers|gz)$/i;

/** The archive's list to read, and the rest of the choice, which names its sheet. */
function listToRead(entries: ZipEntry[], chosen: string): { entry: ZipEntry; sheet: string } {
	const lists = entries.filter(({ name }) => LIST.test(name));
	const [first] = lists;
	if (!first) throw noLists();
	for (const entry of lists) {
		const base = entry.name.slice(entry.name.lastIndexOf('/') + 1);
		for (const name of [entry.name, base]) {
			if (isSameName(name, chosen)) return { entry, sheet: '' };
			if (isSameName(`${name}/`, chosen.trim().slice(0, name.length + 1))) {
				return { entry, sheet: chosen.trim().slice(name.length + 1) };
			}
		}
	}
	if (lists.length === 1) {
		const isChosen = chosen.trim() !== '';
		if (!isChosen && isNamedOptedOut(first.name)) throw optedOutList('file', first.name);
		return { entry: first, sheet: chosen };
	}
	throw chosen.trim() === '' ? severalLists(lists) : noList(chosen, lists);
}

function isSameName(name: string, chosen: string): boolean {
	return name.trim().toLowerCase() === chosen.trim().toLowerCase();
}

const listed = (all: Array<{ name: string }>) => quotedNames(all.map(({ name }) => name));

const CHOOSE = "Enter the one to send as 'Sheet' in 'File Options'";

const severalLists = (lists: Array<{ name: string }>) =>
	new FileError({
		code: 'file_several',
		what: `The ZIP archive contains several lists: ${listed(lists)}`,
		fix: CHOOSE,
	});

/** A list in a file that isn't sent unless the person chooses it. */
export const optedOutList = (kind: 'sheet' | 'file', name: string, fix = CHOOSE) =>
	new FileError({
		code: 'file_opted_out',
		what: `The ${kind} '${shownName(name)}' was not read: by its name, its contacts said no to marketing`,
		fix,
	});

/** A file that isn't sent under its name. */
export const optedOutFile = (name: string) =>
	optedOutList('file', name, 'To send it anyway, rename the file');

const noList = (chosen: string, lists: Array<{ name: string }>) =>
	new FileError({
		code: 'file_no_sheet',
		what: `The ZIP archive has no list '${shownName(chosen.trim())}'; it has ${listed(lists)}`,
		fix: CHOOSE,
	});

const noSheet = (chosen: string, others: Array<{ name: string }>) =>
	new FileError({
		code: 'file_no_sheet',
		what: `The file has no sheet '${shownName(chosen.trim())}'; it has ${listed(others)}`,
		fix: CHOOSE,
	});

const compressedAgain = () =>
	new FileError({
		code: 'file_archive',
		what: 'The file is compressed more than twice',
		fix: EXPORT_AS_TABLE,
	});

const noLists = () =>
	new FileError({
		code: 'file_archive',
		what: 'The ZIP archive contains no CSV file or Excel workbook (.xlsx)',
		fix: EXPORT_AS_TABLE,
	});

/** The text of a file's bytes, in pieces, which may be empty. @throws FileError when it isn't a table */
async function* decodeText(
	pieces: AsyncIterable<Uint8Array>,
	encoding: Encoding,
): AsyncGenerator<string> {
	const countNames = (cells: string[]) => contactColumns(cells, 'auto').length;
	let hasBegun = false;
	for await (const text of decodeBytes(pieces, encoding, countNames)) {
		const other = hasBegun ? undefined : errorForText(text);
		if (other) throw other;
		hasBegun ||= text !== '';
		yield text;
	}
}
