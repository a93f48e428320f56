import { archive, notText, workbook, type FileFault } from './fault';

const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b];
/** What Microsoft's older formats, such as XLS, begin with. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];
const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d];
const UTF16_MARKS = [
	[0xff, 0xfe],
	[0xfe, 0xff],
];
// Names of parts that only a workbook has; a ZIP writes them plainly at its beginning.
const IN_WORKBOOKS = /\[Content_Types\]\.xml|^.{30}(?:_rels|docProps|xl)\/|opendocument|Index\//s;
/** With more control characters than a few, and than this share, it is no text. */
const FEW_CONTROLS = 4;
const MOST_CONTROLS = 0.01;

export function isGzip(head: Uint8Array): boolean {
	return begins(head, GZIP);
}

/**
 * Why the bytes at a file's beginning can't be a list of contacts; undefined when they can.
 * @param isWide whether the person says that it is UTF-16, where every second byte of plain text is 0
 */
export function notAList(head: Uint8Array, isWide: boolean): FileFault | undefined {
	if (begins(head, ZIP)) {
		return IN_WORKBOOKS.test(Buffer.from(head).toString('latin1')) ? workbook() : archive();
	}
	if (begins(head, COMPOUND)) return workbook();
	if (begins(head, PDF)) return notText();
	if (isWide || looksWide(head) !== undefined) return undefined;
	return controls(head) > FEW_CONTROLS + head.length * MOST_CONTROLS ? notText() : undefined;
}

/** Which UTF-16 the bytes look like: by their mark, or, without one, by where the zeros are. */
export function looksWide(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
	const mark = UTF16_MARKS.findIndex((bytes) => begins(head, bytes));
	if (mark >= 0) return mark === 0 ? 'utf-16le' : 'utf-16be';
	const zeros = [0, 0];
	const looked = Math.min(head.length, 4096) & ~1;
	for (let at = 0; at < looked; at++) {
		if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] as number) + 1;
	}
	const [even = 0, odd = 0] = zeros;
	// A quarter is enough: the rest may be Chinese.
	if (odd > looked / 8 && even < odd / 8) return 'utf-16le';
	return even > looked / 8 && odd < even / 8 ? 'utf-16be' : undefined;
}

function controls(head: Uint8Array): number {
	let count = 0;
	for (const byte of head) {
		if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)) count++;
	}
	return count;
}

function begins(head: Uint8Array, bytes: number[]): boolean {
	return bytes.every((byte, at) => head[at] === byte);
}
