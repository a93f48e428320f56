import Papa from 'papaparse';

/** What tells spreadsheets that a CSV is UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff';

/** Rows as CSV, each with the end of its line. */
export function csvOf(rows: unknown[][], separator: string): string {
	if (rows.length === 0) return '';
	return `${Papa.unparse(rows, { delimiter: separator, newline: '\r\n' })}\r\n`;
}
