import type { IBinaryData, IBinaryKeyData, IExecuteFunctions } from 'n8n-workflow';
import { sentence, type Message } from '../../../message';
import type { Pause } from '../../../pause';
import { isAnyAccepted } from '../../../submission/delivery';
import type { ErrorRow, OnError, OperationResult, OutputRow } from '../../output';
import { accountOf, refusedRowsOf } from './accountFiles';
import { summaryRow } from './present';
import type { Submission } from './submission';

interface Presenting {
	context: IExecuteFunctions;
	output: 'summary' | 'users';
	onError: OnError;
	pause: Pause;
}

/**
 * The output of 'Add Users' for files: a row for each, with 'Users' output together with the file `account.csv`.
 * The rows that were not sent are the file `refused.csv`: with an error output it leaves there, whatever the output.
 */
export async function presentFiles(
	submissions: Submission[],
	presenting: Presenting,
): Promise<OperationResult> {
	const rows: OutputRow[] = [];
	const errors: ErrorRow[] = [];
	for (const submission of submissions) {
		const isErrorOutput = presenting.onError === 'errorOutput';
		const binary: IBinaryKeyData = {};
		if (presenting.output === 'users') Object.assign(binary, await account(submission, presenting));
		if (isErrorOutput || presenting.output === 'users') {
			const refused = await refusedRows(submission, presenting);
			const error = isErrorOutput ? errorRow(submission, refused) : undefined;
			if (error) errors.push(error);
			else Object.assign(binary, refused);
		}
		const row = summaryRow(submission);
		rows.push(Object.keys(binary).length > 0 ? { ...row, binary } : row);
	}
	return { rows, errors, sent: submissions.some(({ ledger }) => isAnyAccepted(ledger.delivery)) };
}

function errorRow(
	{ ledger, items, stop }: Submission,
	binary: IBinaryKeyData | undefined,
): ErrorRow | undefined {
	const { refused, failed } = ledger.counts();
	const from = items[0] as number;
	if (stop && !binary)
		return { error: sentence(stop), details: { status: 'failed', code: stop.code }, from };
	if (!binary) return undefined;
	const status = failed > 0 ? 'failed' : 'refused';
	return {
		error: stop ? sentence(stop) : notSent(refused + failed),
		details: { status, refused, failed, ...(stop && { code: stop.code }) },
		from,
		binary,
	};
}

function notSent(count: number): string {
	const rows = count === 1 ? '1 row of the file was' : `${count} rows of the file were`;
	return `${rows} not sent. Correct what 'refused.csv' holds, with the reason beside each row, and send it again`;
}

async function account(
	submission: Submission,
	{ context, pause }: Presenting,
): Promise<IBinaryKeyData | undefined> {
	const { file, ledger } = submission;
	if (!file) return undefined;
	const texts = accountOf(file, ledger, pause);
	const account = await written('account.csv', texts, { submission, context });
	return account && { account };
}

async function refusedRows(
	submission: Submission,
	{ context, pause }: Presenting,
): Promise<IBinaryKeyData | undefined> {
	const { file, ledger } = submission;
	const { refused, failed } = ledger.counts();
	if (!file || refused + failed === 0) return undefined;
	const texts = refusedRowsOf(file, ledger, pause);
	const rows = await written('refused.csv', texts, { submission, context });
	return rows && { refused: rows };
}

/** A file of the output. What can't be written is told: by now the contacts are sent. */
async function written(
	name: string,
	texts: AsyncIterable<string>,
	{ submission, context }: { submission: Submission; context: IExecuteFunctions },
): Promise<IBinaryData | undefined> {
	const parts: Buffer[] = [];
	try {
		for await (const text of texts) parts.push(Buffer.from(text));
	} catch {
		context.getExecutionCancelSignal()?.throwIfAborted();
		// Where the file's reading ended early before, it ends there again.
		if (!submission.stop) submission.warnings.push(notWritten(name));
	}
	try {
		return await context.helpers.prepareBinaryData(Buffer.concat(parts), name, 'text/csv');
	} catch {
		submission.warnings.push(notWritten(name));
		return undefined;
	}
}

function notWritten(name: string): Message {
	return {
		code: 'file_not_written',
		what: `'${name}' could not be written in full`,
		fix: 'The counts of this summary are right all the same',
	};
}
