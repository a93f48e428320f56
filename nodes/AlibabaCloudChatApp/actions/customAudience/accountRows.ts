import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { REASONS } from '../../contacts/reasons';
import type { Account } from '../../submission/account';
import { recordFates, summarize, whyRefused, type Fate } from '../../submission/report';
import type { ErrorRow, OnError, OperationResult, OutputRow } from '../output';
import { forEachIndex, type Pause } from '../pause';

/**
 * The output of 'Add Users': a row for each submission or for each input item.
 * With an error output, refused and failed contacts leave by it, whatever the output.
 */
export async function accountRows(
	accounts: Account[],
	input: INodeExecutionData[],
	settings: { output: 'summary' | 'users'; onError: OnError; pause: Pause },
): Promise<OperationResult> {
	const { output, onError, pause } = settings;
	const sent = accounts.some(({ delivery }) => delivery.batches.some(({ refused }) => !refused));
	const rows: OutputRow[] = output === 'summary' ? accounts.map(summaryRow) : [];
	if (output === 'summary' && onError !== 'errorOutput') return { rows, sent };

	const { fates, accountOf } = fatesOfItems(accounts, input.length);
	const errors: ErrorRow[] = [];
	await forEachIndex(fates.length, pause, (item) => {
		const fate = fates[item] as Fate;
		if (onError === 'errorOutput' && (fate.status === 'refused' || fate.status === 'failed')) {
			const error = sentence(fate, accountOf[item] as Account);
			errors.push({ error, details: { ...fate }, from: item });
		} else if (output === 'users') {
			rows.push({ json: { ...input[item]?.json, customAudience: { ...fate } }, from: item });
		}
	});
	return { rows, errors, sent };
}

function summaryRow(account: Account): OutputRow {
	return { json: summarize(account) as unknown as IDataObject, from: itemsOf(account) };
}

function itemsOf({ contacts }: Account): number[] {
	const items = contacts.items.concat(
		contacts.duplicates,
		contacts.refused.map(({ item }) => item),
	);
	return items.sort((a, b) => a - b);
}

function fatesOfItems(accounts: Account[], length: number) {
	const fates = new Array<Fate>(length);
	const accountOf = new Array<Account>(length);
	for (const account of accounts) {
		recordFates(account, fates);
		for (const item of itemsOf(account)) accountOf[item] = account;
	}
	return { fates, accountOf };
}

function sentence(fate: Fate, { delivery, unsent }: Account): string {
	if (fate.status === 'refused') return REASONS[fate.reason];
	const refused =
		'batch' in fate && fate.batch ? delivery.batches[fate.batch - 1]?.refused : undefined;
	if (refused) return `The contact's batch was not accepted: ${whyRefused(refused)}`;
	return unsent.status === 'failed' ? unsent.message : 'The contact was not sent';
}
