import { SaxesParser } from 'saxes';
import { wideEncoding } from './decode';
import { damaged, FileError } from './fileError';
import { NO_ROWS, type RowChunk } from './parse';

/** What is done with a document's parts; names are without their prefixes. */
export interface XmlHandlers {
	open?(name: string, attributes: Record<string, string>): void;
	close?(name: string): void;
	text?(text: string): void;
	/** The rows since it was last called. */
	rows?(): RowChunk;
}

const DEEPEST = 64;
/** Characters in one text or tag; a cell has at most 32,767. */
const LONGEST = 16 * 2 ** 20;

/**
 * Reads an XML document as it arrives.
 * @throws FileError when it is no XML, or has what no spreadsheet program writes; what reading the bytes throws
 */
export async function* readXml(
	bytes: AsyncIterable<Uint8Array>,
	{ open, close, text, rows = () => NO_ROWS }: XmlHandlers,
): AsyncGenerator<RowChunk> {
	let decoder: InstanceType<typeof TextDecoder> | undefined;
	let depth = 0;
	/** Characters since something was found. */
	let quiet = 0;
	const parser = new SaxesParser();
	const write = (piece: string) => {
		quiet += piece.length;
		parser.write(piece);
		if (quiet > LONGEST) throw damaged();
	};
	parser.on('error', () => {
		throw damaged();
	});
	// It could define texts that grow without end, or that are elsewhere.
	parser.on('doctype', () => {
		throw withDefinitions();
	});
	parser.on('opentag', ({ name, attributes }) => {
		quiet = 0;
		if (++depth > DEEPEST) throw damaged();
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
		decoder ??= new TextDecoder(wideEncoding(piece) ?? 'utf-8');
		write(decoder.decode(piece, { stream: true }));
		yield rows();
	}
	write(decoder?.decode() ?? '');
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
