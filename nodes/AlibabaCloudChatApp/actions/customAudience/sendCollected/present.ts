import type { IExecuteFunctions } from 'n8n-workflow';
import { sentence, type Message } from '../../../message';
import { withCode } from '../../../transport/refusal';
import { isAnyAccepted } from '../../../submission/delivery';
import type { ErrorRow, OnError, OperationResult, OutputRow } from '../../output';
import { nextOf, summaryRow, WHEN_MATCHED } from '../addUsers/present';
import { cannotGoOn } from '../addUsers/stopped';
import type { Submission } from '../addUsers/submission';
import { WAITS_AGAIN } from '../collect/report';

/** Without it a run that puts out nothing looks as if it had gone wrong. */
const NOBODY_WAITS = 'Nothing was sent: no contacts wait in the Data Table';

/** What became of one audience. */
export interface Part {
	/** The input items that asked for it. */
	items: number[];
	submissions?: Submission[];
	/** Why it did not go as it was to. */
	failure?: Message;
}

/**
 * The output of 'Send Collected Users': a row for each submission, and for an audience of which nothing went, one that
 * tells what waits.
 * @throws NodeOperationError with 'Stop Workflow', when something did not go
 */
export function present(
	{ context, onError }: { context: IExecuteFunctions; onError: OnError },
	parts: Part[],
): OperationResult {
	const submissions = parts.flatMap((part) => part.submissions ?? []);
	const sent = submissions.some(({ ledger }) => isAnyAccepted(ledger.delivery));
	for (const { items, failure } of parts) {
		if (failure && onError === 'stop') throw cannotGoOn(context, { ...failure, item: items[0] });
	}
	const refusal = submissions.flatMap(({ ledger }) => refusalIn(ledger.delivery))[0];
	if (refusal && onError === 'stop') throw cannotGoOn(context, refusal);
	showHints(context, submissions);
	if (sent) inform(context, WHEN_MATCHED);
	if (parts.length === 0) inform(context, NOBODY_WAITS);

	const rows: OutputRow[] = submissions.map(summaryRow);
	const errors: ErrorRow[] = [];
	for (const { items, failure, submissions: told } of parts) {
		if (!failure || told) continue;
		const error = sentence(failure);
		for (const from of items) {
			if (onError === 'errorOutput') errors.push({ error, details: { code: failure.code }, from });
			else rows.push({ json: { error }, from });
		}
	}
	return { rows, errors, sent };
}

function refusalIn({ batches }: Submission['ledger']['delivery']): Message[] {
	return batches.flatMap(({ refusal }, index) => {
		if (!refusal) return [];
		const what = `Batch ${index + 1} was not accepted: ${withCode(refusal)}`;
		return [{ code: refusal.code, what, fix: `${refusal.fix}. ${sentence(WAITS_AGAIN)}` }];
	});
}

function showHints(context: IExecuteFunctions, submissions: Submission[]): void {
	const warnings = submissions.flatMap((submission) => submission.warnings.map(sentence));
	for (const message of new Set(warnings)) {
		context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}
	for (const message of new Set(submissions.flatMap(nextOf))) inform(context, message);
}

function inform(context: IExecuteFunctions, message: string): void {
	context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
}
