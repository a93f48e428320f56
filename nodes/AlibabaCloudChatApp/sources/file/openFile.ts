import { begins, type ByteSource, decompressed, inPieces, peek, type Peeked } from './bytes';
import { contactColumns } from './columns';
import { decoder, type Encoding, wideEncoding } from './encoding';
import { emptyFile } from './fileError';
import { csvRows, type RowChunk } from './parse';
import {
	isBinary,
	isCompound,
	kindOfCompound,
	otherKind,
	otherKindOfBytes,
	otherKindOfText,
} from './otherKinds';

/** A table in a file. */
export interface Table {
	/** A sheet's name; empty for CSV. */
	name: string;
	/** Its rows that are not empty. A sheet's can be read again. */
	rows(): AsyncGenerator<RowChunk>;
}

/** A file that was opened as what it is. */
export interface Opened {
	format: 'csv' | 'xlsx';
	/** Those that may be read, in order. */
	tables: Table[];
	/** Ends the reading, whether all was read or not. */
	close(): Promise<void>;
}

export interface OpenOptions {
	separator: string;
	encoding: Encoding;
	sheet: string;
}

const GZIP = [0x1f, 0x8b];

/**
 * Opens a file as what its bytes show it to be, whatever its name is.
 * @throws FileError when it contains no table; what reading it throws
 */
export async function openFile(file: ByteSource, options: OpenOptions): Promise<Opened> {
	return await openBytes(await peek(inPieces(file.open())), options);
}

async function openBytes(bytes: Peeked<Uint8Array>, options: OpenOptions): Promise<Opened> {
	const { first, all, close } = bytes;
	let opened: Opened | undefined;
	try {
		if (!first) throw emptyFile();
		if (begins(first, GZIP)) return (opened = await openGzip(bytes, options));
		if (isCompound(first)) throw await kindOfCompound(all);
		const other = otherKindOfBytes(first);
		if (other) throw other;
		const isWide = options.encoding.startsWith('utf-16') || wideEncoding(first) !== undefined;
		if (!isWide && isBinary(first)) throw otherKind('unknown');
		const text = textOf(bytes, options.encoding);
		const rows = () => csvRows(text, options.separator);
		return (opened = { format: 'csv', tables: [{ name: '', rows }], close });
	} finally {
		if (!opened) await close();
	}
}

async function openGzip({ all, close }: Peeked<Uint8Array>, options: OpenOptions): Promise<Opened> {
	const unpacked = await peek(inPieces(decompressed(all, 'gzip')));
	const closeBoth = async () => {
		await unpacked.close();
		await close();
	};
	return await openBytes({ ...unpacked, close: closeBoth }, options);
}

/** The text of a file's bytes. @throws FileError when it is no table */
async function* textOf(bytes: Peeked<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
	const decode = decoder(
		encoding,
		bytes.first as Uint8Array,
		(cells) => contactColumns(cells, 'auto').length,
	);
	let isFirst = true;
	for await (const piece of bytes.all) {
		const text = decode(piece);
		if (text === '') continue;
		const other = isFirst ? otherKindOfText(text) : undefined;
		if (other) throw other;
		isFirst = false;
		yield text;
	}
	const rest = decode();
	if (rest !== '') yield rest;
}
