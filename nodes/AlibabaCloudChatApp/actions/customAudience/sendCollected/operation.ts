import { sleep, type IExecuteFunctions } from 'n8n-workflow';
import { UnusableValue } from '../../../../../credentials/unusableValue';
import type { Message } from '../../../message';
import { createPause } from '../../../pause';
import { audiencesOf } from '../../../store/audiences';
import type { Table } from '../../../store/table';
import { TableTrouble } from '../../../store/trouble';
import type { Clock } from '../../../transport/clock';
import { canceled } from '../../itemOutcome';
import { onErrorOf, type OperationResult } from '../../output';
import { groupByAudience, type ItemsOfAudience } from '../audienceIds';
import { expressionNotEvaluated, unexpected } from '../addUsers/messages';
import type { RunState } from '../addUsers/sendBatch';
import type { Delivering } from '../addUsers/submitting';
import { openTable } from '../collect/openStore';
import { readAudiences, readSendOptions, type SendOptions } from './fields';
import { present, type Part } from './present';
import { sendAudience } from './sendAudience';

export { fields } from './fields';

interface Work {
	options: SendOptions;
	table: Table;
	groups: ItemsOfAudience[];
}

/** Sends the users that 'Add Users' has collected, each audience's as one submission, if it is time. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const run = { context, clock, onError: onErrorOf(context) };
	const work = await prepare(context);
	const items = context.getInputData().map((_, item) => item);
	if ('what' in work) return present(run, [{ items, failure: work }]);
	const parts: Part[] = [];
	const state: RunState = {};
	for (const group of work.groups) {
		const part = await sendGroup(run, { ...work, group }, state);
		parts.push(part);
		if (part.failure && run.onError === 'stop') break;
	}
	// Nobody waits in a table that was just made.
	const { notice } = work.table;
	return present(run, notice ? [{ items, failure: notice }] : parts);
}

async function prepare(context: IExecuteFunctions): Promise<Work | Message> {
	try {
		const options = readSendOptions(context);
		const table = openTable(context, options.collectTable);
		if (readAudiences(context) === 'one') {
			const pause = createPause(sleep, context.getExecutionCancelSignal());
			return { options, table, groups: await groupByAudience(context, pause) };
		}
		const items = context.getInputData().map((_, item) => item);
		const audiences = await audiencesOf(table);
		return { options, table, groups: audiences.map((audience) => ({ audience, items })) };
	} catch (error) {
		return whyOf(error, expressionNotEvaluated);
	}
}

async function sendGroup(
	run: Delivering,
	{ options, table, group }: Work & { group: ItemsOfAudience },
	state: RunState,
): Promise<Part> {
	const { audience, items, unusable } = group;
	if (unusable) return { items, failure: unusable };
	try {
		const { submissions, stop } = await sendAudience(
			run,
			{ table, audience, options, items },
			state,
		);
		return { items, submissions, failure: stop };
	} catch (error) {
		if (run.context.getExecutionCancelSignal()?.aborted) throw canceled(run.context);
		return { items, failure: whyOf(error, unexpected) };
	}
}

function whyOf(error: unknown, otherwise: (error: Error) => Message): Message {
	if (error instanceof UnusableValue) return error.told;
	return error instanceof TableTrouble ? error : otherwise(error as Error);
}
