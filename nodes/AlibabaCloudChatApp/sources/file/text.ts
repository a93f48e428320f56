import { inPieces, peek, type ByteSource } from './bytes';
import { decoder, type Encoding } from './encoding';
import { emptyFile } from './fault';
import { gunzip } from './gunzip';
import { isGzip, notAList } from './kind';

/**
 * The text of a file, compressed by gzip or not, piece by piece.
 * @throws FileFault when it is empty, damaged or no text; what reading it throws
 */
export async function* textOf(file: ByteSource, encoding: Encoding): AsyncGenerator<string> {
	let bytes = await peek(inPieces(file.open()));
	try {
		if (bytes.first && isGzip(bytes.first)) bytes = await peek(inPieces(gunzip(bytes.all)));
		const { first, all } = bytes;
		if (!first) throw emptyFile();
		const fault = notAList(first, encoding.startsWith('utf-16'));
		if (fault) throw fault;
		const decode = decoder(encoding, first);
		for await (const piece of all) {
			const text = decode(piece);
			if (text !== '') yield text;
		}
		const rest = decode();
		if (rest !== '') yield rest;
	} finally {
		await bytes.close();
	}
}
