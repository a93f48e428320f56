import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import Papa from 'papaparse';
import type { FaultCase } from './cases';

const COLUMNS = ['email', 'phone'];

/** The contacts as the rows of a file. */
export function fileOf(contacts: IDataObject[]): string {
	return Papa.unparse({ fields: COLUMNS, data: contacts as object[] });
}

/**
 * What came out for a file, as it would have come out for the same contacts as items: the rules for both are the same.
 * Summaries stay as they are.
 */
export function asItems(
	{ main, errorOutput }: Record<'main' | 'errorOutput', INodeExecutionData[]>,
	contacts: IDataObject[],
	{ onError, output }: Pick<FaultCase, 'onError' | 'output'>,
) {
	const invalid = rowsOf(errorOutput[0]?.binary?.invalid?.data);
	const errors = invalid.map(({ reason, advice, ...cells }) => {
		const contact = contacts.find((one) =>
			COLUMNS.every((name) => (one[name] ?? '') === cells[name]),
		);
		const status =
			(errorOutput[0]?.json.details as IDataObject).status === 'failed'
				? statusOf(reason)
				: 'invalid';
		return { json: { ...contact, error: advice, details: { status } } } as INodeExecutionData;
	});
	if (output === 'summary') return { main, errorOutput: errors };
	const rows = rowsOf(main[0]?.binary?.results?.data).filter(
		({ status = '' }) => onError !== 'output' || !['invalid', 'failed'].includes(status),
	);
	return {
		main: rows.map(({ row, status }) => ({
			json: { customAudience: { status } },
			pairedItem: { item: Number(row) - 2 },
		})) as INodeExecutionData[],
		errorOutput: errors,
	};
}

// The one contact that can't be sent has no good email.
function statusOf(reason = ''): string {
	return reason === 'email_invalid' ? 'invalid' : 'failed';
}

function rowsOf(base64 = ''): Array<Record<string, string>> {
	const text = Buffer.from(base64, 'base64').toString('utf8').replace('\ufeff', '');
	return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
}
