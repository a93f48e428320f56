import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { forEachIndex, type Pause } from '../../../pause';
import type { Ref } from '../../../sources/source';
import { isAnyAccepted } from '../../../submission/delivery';
import type { Ledger } from '../../../submission/ledger';
import { summarize } from '../../../submission/report';
import type { ErrorRow, OnError, OperationResult, OutputRow } from '../../output';
import { isGivenBack, reasonOf } from './fates';
import type { Submission } from './submission';

/**
 * The output of 'Add Users': a row for each submission or for each input item.
 * With an error output, refused and failed contacts leave by it, whatever the output.
 */
export async function present(
	submissions: Submission[],
	input: INodeExecutionData[],
	settings: { output: 'summary' | 'users'; onError: OnError; pause: Pause },
): Promise<OperationResult> {
	const { output, onError, pause } = settings;
	const sent = submissions.some(({ ledger }) => isAnyAccepted(ledger.delivery));
	const rows: OutputRow[] = output === 'summary' ? submissions.map(summaryRow) : [];
	if (output === 'summary' && onError !== 'errorOutput') return { rows, sent };

	const placeOf = placesOfItems(submissions, input.length);
	const errors: ErrorRow[] = [];
	await forEachIndex(input.length, pause, (item) => {
		const { ledger, ref } = placeOf[item] as Place;
		const fate = ledger.fateOf(ref);
		if (onError === 'errorOutput' && isGivenBack(fate)) {
			errors.push({ error: reasonOf(ledger, ref), details: { ...fate }, from: item });
		} else if (output === 'users') {
			rows.push({ json: { ...input[item]?.json, customAudience: { ...fate } }, from: item });
		}
	});
	return { rows, errors, sent };
}

/** The API answers "OK" long before Meta has matched anybody. */
export const WHEN_MATCHED =
	"Submitted is not matched yet: matches show up within a day. To check, run 'Get Result' behind this node a day later";

/** When collected contacts go; nothing where none wait and users were sent. */
export function nextOf({ collecting, ledger }: Submission): string[] {
	if (!collecting || (collecting.waiting === 0 && isAnyAccepted(ledger.delivery))) return [];
	return [collecting.next];
}

/** A submission in figures. */
export function summaryRow(submission: Submission): OutputRow {
	const { audience, audienceName, ledger, items, found, preview, collecting, warnings, fields } =
		submission;
	const told = { audienceName, found, plan: preview, collecting, warnings, fields };
	const summary = summarize(audience, ledger, told);
	return { json: summary as unknown as IDataObject, from: items };
}

interface Place {
	ledger: Ledger;
	ref: Ref;
}

function placesOfItems(submissions: Submission[], length: number): Place[] {
	const places = new Array<Place>(length);
	for (const { ledger, items } of submissions) {
		items.forEach((item, ref) => (places[item] = { ledger, ref }));
	}
	return places;
}
