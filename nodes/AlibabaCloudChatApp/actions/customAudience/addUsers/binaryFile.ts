import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { ByteSource } from '../../../sources/file/bytes';
import { FileFault } from '../../../sources/file/fault';
import { DEFAULT_BINARY_FIELD } from './source';

const STREAM_PIECE = 256 * 1024;
/** Base64 characters; a multiple of four. */
const BASE64_PIECE = 87_380;

/**
 * The file that came with an input item: streamed from where n8n keeps it, or piece by piece out of its memory.
 * @throws FileFault when there is none
 */
export function fileOf(context: IExecuteFunctions, item: number): ByteSource {
	const binary = binaryOf(context, item);
	const { id } = binary;
	if (!id) return { open: () => fromBase64(binary.data) };
	return {
		async *open() {
			const { getBinaryStream } = context.helpers;
			try {
				yield* (await getBinaryStream(id, STREAM_PIECE)) as AsyncIterable<Uint8Array>;
			} catch {
				// Its message names a path on n8n's disk.
				throw NOT_HANDED_OVER;
			}
		},
	};
}

const NOT_HANDED_OVER = new FileFault({
	code: 'file_unreadable',
	what: 'n8n could not hand over the file',
	fix: 'Run the nodes before this one again, so that the file is there',
});

function binaryOf(context: IExecuteFunctions, item: number): IBinaryData {
	const field = String(context.getNodeParameter('binaryField', item, DEFAULT_BINARY_FIELD)).trim();
	const fields = Object.keys(context.getInputData()[item]?.binary ?? {});
	// Forms and drives name the field as they like: with one file there is no doubt which is meant.
	const isTheOnlyOne = field === DEFAULT_BINARY_FIELD && fields.length === 1;
	const name = isTheOnlyOne ? (fields[0] as string) : field;
	try {
		return context.helpers.assertBinaryData(item, name);
	} catch {
		throw noFile(field, fields);
	}
}

function noFile(field: string, fields: string[]): FileFault {
	const list = fields.map((name) => `'${name}'`).join(', ');
	return new FileFault({
		code: 'file_missing',
		what: `The input item has no file in the field '${field}'`,
		fix:
			fields.length === 0
				? "Put a node that gives a file before this one, or set 'Source' to 'Input Items'"
				: `Enter one of its fields with files as 'Input Binary Field': ${list}`,
	});
}

async function* fromBase64(data: string): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < data.length; start += BASE64_PIECE) {
		yield Buffer.from(data.slice(start, start + BASE64_PIECE), 'base64');
	}
}
