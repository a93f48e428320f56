import type { ByteSource } from '../../../nodes/AlibabaCloudChatApp/sources/file/streams';
import {
	FileSource,
	type FileHead,
	type FileOptions,
} from '../../../nodes/AlibabaCloudChatApp/sources/file/fileSource';
import type { Contact } from '../../../nodes/AlibabaCloudChatApp/contacts/contact';

export const TABLE_OPTIONS: FileOptions = {
	delimiter: '',
	encoding: 'auto',
	headerRow: true,
	sheet: '',
	skipUnreadable: false,
	mapping: 'auto',
};

/** A file in memory that arrives in pieces of the given size; it counts how often it is open. */
export class TestFile implements ByteSource {
	opened = 0;
	closed = 0;
	private readonly bytes: Buffer;

	constructor(
		content: string | Uint8Array,
		private readonly piece = 1_000_000,
	) {
		this.bytes = Buffer.from(content as Uint8Array);
	}

	async *open(): AsyncGenerator<Uint8Array> {
		this.opened++;
		try {
			for (let start = 0; start < this.bytes.length; start += this.piece) {
				yield this.bytes.subarray(start, start + this.piece);
			}
		} finally {
			this.closed++;
		}
	}
}

/** All rows of a file, without its column names. */
export async function rowsIn(
	file: ByteSource | string | Uint8Array,
	options: Partial<FileOptions> = {},
): Promise<{
	head?: FileHead;
	header?: string[];
	rows: string[][];
	numbers: number[];
	unreadable: string[];
}> {
	const table: Awaited<ReturnType<typeof rowsIn>> = { rows: [], numbers: [], unreadable: [] };
	const opened = isSource(file) ? file : new TestFile(file);
	const source = new FileSource(opened, { ...TABLE_OPTIONS, item: 0, ...options });
	for await (const chunk of source.rows()) {
		if (chunk.head) Object.assign(table, { head: chunk.head, header: chunk.head.header });
		for (const row of chunk.rows) table.rows.push(row);
		for (const number of chunk.numbers) table.numbers.push(number);
		for (const { what } of chunk.unreadableRows?.values() ?? []) table.unreadable.push(what);
	}
	return table;
}

/** All contacts of a file. */
export async function contactsIn(
	file: ByteSource | string | Uint8Array,
	options: Partial<FileOptions> = {},
): Promise<{ contacts: Contact[]; source: FileSource }> {
	const opened = isSource(file) ? file : new TestFile(file);
	const source = new FileSource(opened, { ...TABLE_OPTIONS, item: 0, ...options });
	const contacts: Contact[] = [];
	for await (const chunk of source.open()) contacts.push(...chunk);
	return { contacts, source };
}

/** The error that reading a file ends with. */
export async function errorOf(
	file: ByteSource | string | Uint8Array,
	options: Partial<FileOptions> = {},
): Promise<{ code: string; message: string }> {
	try {
		await contactsIn(file, options);
	} catch (error) {
		return error as { code: string; message: string };
	}
	throw new Error('The file was read');
}

function isSource(file: ByteSource | string | Uint8Array): file is ByteSource {
	return typeof file === 'object' && 'open' in file;
}
