import type { IDataObject } from 'n8n-workflow';
import type { Summary } from '../../nodes/AlibabaCloudChatApp/upload/summary';
import type { ReceivedBatch } from '../simulator/simulator';
import type { FaultCase } from './cases';
import { checkEffect } from './effect';
import { BATCH_SIZE, CONTACTS, MAX_TRIES, type Outcome, SENT } from './runCase';
import { checkSecrecy } from './secrecy';
import { checkStop } from './stopped';

/** What the server's own record says of a run, for the node's account to be held against. */
export interface ServerRecord {
	/** Users in a call that was acknowledged to the node. */
	acknowledged: Set<string>;
	held: Set<string>;
	flags: ReceivedBatch[];
}

/** What a run was told to do; `lost`: a call of it may have been received without an answer. */
export type Settings = Pick<FaultCase, 'onError' | 'output' | 'lost'>;

/** @returns what is wrong with the run of a case, a sentence each; empty when all is right */
export function violations(one: FaultCase, outcome: Outcome): string[] {
	const wrong = untruths(one, outcome);
	checkEffect(one, outcome, recordOf(outcome), (holds, sentence) => {
		if (!holds) wrong.push(sentence);
	});
	return wrong;
}

/** The same for a run with any faults: whether its account is true, and nothing that is to stay inside got out. */
export function untruths(settings: Settings, outcome: Outcome): string[] {
	const wrong: string[] = [];
	const check: Check = (holds, sentence) => void (holds || wrong.push(sentence));
	const record = recordOf(outcome);
	checkServer(settings, outcome, record, check);
	checkSecrecy(outcome, check);
	if (outcome.error) checkStop(settings, outcome, record, check);
	else checkFates(settings, outcome, record, check);
	return wrong;
}

/** Notes the sentence unless the condition holds. */
export type Check = (holds: boolean, sentence: string) => void;

function recordOf({ uploads }: Outcome): ServerRecord {
	const calls = uploads.flatMap(({ batches }) => batches);
	const usersOf = (some: ReceivedBatch[]) =>
		new Set(some.flatMap(({ users }) => users.map(({ Email, Phone }) => Email ?? Phone ?? '')));
	return {
		acknowledged: usersOf(calls.filter(({ acknowledged }) => acknowledged)),
		held: usersOf(calls),
		flags: calls.filter(({ last }) => last),
	};
}

function checkServer(
	one: Settings,
	{ calls }: Outcome,
	{ held, flags }: ServerRecord,
	check: Check,
) {
	check(
		[...held].every((user) => SENT.includes(user)),
		'the server holds users that were not in the input',
	);
	const told = flags.filter(({ acknowledged }) => acknowledged).length;
	check(told <= 1, `${told} calls with the last flag were acknowledged`);
	check(
		one.lost || flags.length <= 1,
		`${flags.length} last flags at the server without a lost answer`,
	);
	check(flags.length - told <= MAX_TRIES * 2, 'the last flag was sent without end');
	const totals = new Set(calls.map(({ query }) => query.EstimatedNumTotal).filter(Boolean));
	check(totals.size <= 1, `EstimatedNumTotal changed: ${[...totals].join(', ')}`);
	check(
		calls.every(({ users = [] }) => users.length <= BATCH_SIZE),
		'a call was larger than the batch size',
	);
}

function checkFates(one: Settings, outcome: Outcome, record: ServerRecord, check: Check) {
	const { main, errorOutput } = outcome;
	const expected = SENT.map((user, item) => {
		if (user !== undefined) return record.acknowledged.has(user) ? 'submitted' : 'failed';
		return item === 2 ? 'invalid' : 'duplicate';
	});
	const leaves = (fate: string) =>
		one.onError === 'output' && (fate === 'invalid' || fate === 'failed');
	const onError = expected.flatMap((fate, item) => (leaves(fate) ? [`${item} ${fate}`] : []));
	const told = errorOutput.map(({ json }) => {
		const { error, details, ...input } = json as {
			error: unknown;
			details: IDataObject;
		} & IDataObject;
		check(typeof error === 'string' && error !== '', 'an item of the error output has no sentence');
		const item = CONTACTS.findIndex((contact) => JSON.stringify(contact) === JSON.stringify(input));
		return `${item} ${String(details?.status)}`;
	});
	check(
		told.join() === onError.join(),
		`error output: ${told.join()} instead of ${onError.join()}`,
	);
	if (one.output === 'users') {
		const stays = expected.flatMap((fate, item) => (leaves(fate) ? [] : [`${item} ${fate}`]));
		const shown = main.map(({ json, pairedItem }) => {
			const { item } = pairedItem as { item: number };
			return `${item} ${String((json.customAudience as IDataObject).status)}`;
		});
		check(shown.join() === stays.join(), `users: ${shown.join()} instead of ${stays.join()}`);
		return;
	}
	checkSummary(
		main.map(({ json }) => json as Partial<Summary> as Summary),
		expected,
		record,
		check,
	);
}

function checkSummary(
	[summary, ...others]: Summary[],
	expected: string[],
	{ flags }: ServerRecord,
	check: Check,
) {
	check(summary !== undefined && others.length === 0, 'not one summary');
	if (!summary) return;
	const count = (fate: string) => expected.filter((one) => one === fate).length;
	const { received, submitted, duplicates, invalid, failed, held, batches, complete } = summary;
	const figures = [received, submitted, duplicates, invalid, failed, held].join();
	const right = [8, count('submitted'), 1, 1, count('failed'), 0].join();
	check(figures === right, `figures: ${figures} instead of ${right}`);
	const accepted = batches.filter(({ status }) => status === 'accepted');
	const total = (some: typeof batches) => some.reduce((sum, { users }) => sum + users, 0);
	check(total(accepted) === submitted, 'users of accepted batches do not add up to submitted');
	check(total(batches) === submitted + failed, 'users of batches do not add up');
	check(complete === flags.some(({ acknowledged }) => acknowledged), `complete: ${complete}`);
	check(
		batches.filter(({ last, status }) => last && status === 'accepted').length === Number(complete),
		'last flags in batches',
	);
}
