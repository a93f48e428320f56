import Papa from 'papaparse';

/** How a file separates its rows and cells. */
export interface Dialect {
	newline: '\n' | '\r';
	separator: string;
	/** Where the first row begins: behind a line such as `sep=;`, which tells Excel the separator. */
	start: number;
}

const SEPARATORS = [',', ';', '\t', '|'];
const SAMPLE = 20;
const SEP_LINE = /^sep=(.)(?:\r\n|\r|\n|$)/i;

/**
 * How the text's rows and cells are separated.
 * @param text the file's beginning
 * @param chosen the separator that the person chose; empty to find it
 */
export function dialectOf(text: string, chosen: string): Dialect {
	const newline = newlineOf(text);
	const told = SEP_LINE.exec(text);
	const start = told?.[0].length ?? 0;
	const separator = chosen || (told?.[1] ?? separatorOf(text, newline));
	return { newline, separator, start };
}

// Old Macs ended rows with CR alone, while a break within a cell may be LF there. CRLF counts as LF.
function newlineOf(text: string): Dialect['newline'] {
	let quoted = false;
	for (let at = 0; at < text.length - 1; at++) {
		const sign = text[at];
		if (sign === '"') quoted = !quoted;
		if (quoted) continue;
		if (sign === '\n') return '\n';
		if (sign === '\r') return text[at + 1] === '\n' ? '\n' : '\r';
	}
	return text.endsWith('\r') ? '\r' : '\n';
}

// The one that makes the most rows as wide as the first, and then the widest.
function separatorOf(text: string, newline: Dialect['newline']): string {
	let best = { separator: ',', even: 0, width: 1 };
	for (const separator of SEPARATORS) {
		const parser = new Papa.Parser({ delimiter: separator, newline, preview: SAMPLE });
		const rows = (parser.parse(text, 0, false) as { data: string[][] }).data.filter(isFilled);
		const width = rows[0]?.length ?? 0;
		if (width < 2) continue;
		const even = rows.filter(({ length }) => length === width).length / rows.length;
		if (even > best.even || (even === best.even && width > best.width)) {
			best = { separator, even, width };
		}
	}
	return best.separator;
}

/** Whether a row is more than an empty line. */
export function isFilled(row: string[]): boolean {
	return row.length > 1 || !EMPTY.test(row[0] ?? '');
}

// DOS ended files with Ctrl+Z.
// eslint-disable-next-line no-control-regex
const EMPTY = /^[\s\x1a]*$/;
