import type { IDataObject } from 'n8n-workflow';
import type { Summary } from '../../nodes/AlibabaCloudChatApp/submission/report';
import { DEFAULT_KEY, type SubmissionCall } from '../simulator/simulator';
import type { FaultCase } from './cases';
import { BATCH_SIZE, CONTACTS, MAX_TRIES, SENT, type Outcome } from './runCase';

/** What the server's own record says of a run, for the node's account to be held against. */
interface Record {
	/** Users in a call that was acknowledged to the node. */
	acknowledged: Set<string>;
	held: Set<string>;
	flags: SubmissionCall[];
}

/** @returns what is wrong with the run, a sentence each; empty when all is right */
export function violations(one: FaultCase, outcome: Outcome): string[] {
	const wrong: string[] = [];
	const check = (holds: boolean, sentence: string) => void (holds || wrong.push(sentence));
	const record = recordOf(outcome);
	checkServer(one, outcome, record, check);
	checkSecrecy(outcome, check);
	if (outcome.error) checkStop(one, outcome, record, check);
	else checkFates(one, outcome, record, check);
	checkEffect(one, outcome, record, check);
	return wrong;
}

type Check = (holds: boolean, sentence: string) => void;

function recordOf({ submissions }: Outcome): Record {
	const calls = submissions.flatMap((submission) => submission.calls);
	const usersOf = (some: SubmissionCall[]) =>
		new Set(some.flatMap(({ users }) => users.map(({ Email, Phone }) => Email ?? Phone ?? '')));
	return {
		acknowledged: usersOf(calls.filter(({ acknowledged }) => acknowledged)),
		held: usersOf(calls),
		flags: calls.filter(({ last }) => last),
	};
}

function checkServer(one: FaultCase, { calls }: Outcome, { held, flags }: Record, check: Check) {
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

// The contacts themselves, and the input's own JSON that n8n passes on, are no leak; everything that we wrote is.
function checkSecrecy({ error, main, errorOutput, hints }: Outcome, check: Check) {
	const written = JSON.stringify([
		error,
		error?.message,
		error?.stack,
		hints,
		main.map(({ json }) => [json.customAudience, json.batches, json.warnings]),
		errorOutput.map(({ json }) => [json.error, json.details]),
	]).toLowerCase();
	const secrets = [
		...SENT.filter((user) => user !== undefined),
		...CONTACTS.flatMap(({ email, phone }) => [email, phone]),
		DEFAULT_KEY.accessKeySecret,
		'custspaceid=',
		'signature=',
		'diverted',
	];
	for (const secret of secrets) {
		const text = String(secret ?? ' never').toLowerCase();
		for (const form of [
			text,
			encodeURIComponent(text).toLowerCase(),
			text.replace(/\D/g, '') || ' never',
		]) {
			check(form.length < 7 || !written.includes(form), `'${form}' stands in what the node wrote`);
		}
	}
}

function checkStop(one: FaultCase, { error }: Outcome, record: Record, check: Check) {
	const description = String(error?.description);
	const { acknowledged, flags } = record;
	const closed = flags.some((flag) => flag.acknowledged);
	check(one.onError === 'stop', `ended with '${error?.message}' although 'On Error' says to go on`);
	check(
		/^Batch \d+ was not accepted: ./.test(String(error?.message)),
		`message: ${error?.message}`,
	);
	check(description.includes('Running again is safe'), 'not told that running again is safe');
	check(typeof error?.context?.code === 'string', 'no code in the context');
	if (acknowledged.size === 0) {
		check(
			description.includes('No user was accepted'),
			`not told that nothing was accepted: ${description}`,
		);
		return;
	}
	const accepted =
		acknowledged.size === 1 ? '1 user in batch 1' : `${acknowledged.size} users in batch`;
	check(description.includes(`Accepted: ${accepted}`), `accepted users: ${description}`);
	check(
		description.includes(`The submission is ${closed ? 'closed' : 'not closed'}`),
		`closed: ${description}`,
	);
}

function checkFates(one: FaultCase, outcome: Outcome, record: Record, check: Check) {
	const { main, errorOutput } = outcome;
	const expected = SENT.map((user, item) => {
		if (user !== undefined) return record.acknowledged.has(user) ? 'submitted' : 'failed';
		return item === 2 ? 'refused' : 'duplicate';
	});
	const leaves = (fate: string) =>
		one.onError === 'output' && (fate === 'refused' || fate === 'failed');
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
		main.map(({ json }) => json as unknown as Summary),
		expected,
		record,
		check,
	);
}

function checkSummary(
	[summary, ...others]: Summary[],
	expected: string[],
	{ flags }: Record,
	check: Check,
) {
	check(summary !== undefined && others.length === 0, 'not one summary');
	if (!summary) return;
	const count = (fate: string) => expected.filter((one) => one === fate).length;
	const { received, submitted, duplicates, refused, failed, held, batches, closed } = summary;
	const figures = [received, submitted, duplicates, refused, failed, held].join();
	const right = [8, count('submitted'), 1, 1, count('failed'), 0].join();
	check(figures === right, `figures: ${figures} instead of ${right}`);
	const accepted = batches.filter(({ status }) => status === 'accepted');
	const total = (some: typeof batches) => some.reduce((sum, { users }) => sum + users, 0);
	check(total(accepted) === submitted, 'users of accepted batches do not add up to submitted');
	check(total(batches) === submitted + failed, 'users of batches do not add up');
	check(closed === flags.some(({ acknowledged }) => acknowledged), `closed: ${closed}`);
	check(
		batches.filter(({ last, status }) => last && status === 'accepted').length === Number(closed),
		'last flags in batches',
	);
}

function checkEffect(one: FaultCase, outcome: Outcome, record: Record, check: Check) {
	const { effect, length, onError, position } = one;
	const all = record.acknowledged.size === 6;
	const closed = record.flags.some(({ acknowledged }) => acknowledged);
	const first = { first: 0, middle: 1, last: 2 }[position];
	if (length === 'once' && (effect === 'retried' || effect === 'halved')) {
		check(all && closed && !outcome.error, 'a fault of one call cost users');
		check(effect === 'halved' || outcome.calls.length === 4, `${outcome.calls.length} calls`);
	}
	if (effect === 'access')
		check(outcome.calls.length === first + 1, 'calls went on after the key was refused');
	if (effect === 'rejected' && length === 'once') {
		const calls = onError === 'stop' ? first + 1 + Number(first > 0) : 3 + Number(first === 2);
		check(outcome.calls.length === calls, `${outcome.calls.length} calls instead of ${calls}`);
		check(closed === (onError !== 'stop' || first > 0), `closed: ${closed}`);
	}
	if (effect === 'retried' && length === 'batch') {
		check(closed === (onError !== 'stop' || first > 0), `closed: ${closed}`);
	}
	if (one.lost && length === 'once' && first === 2 && !outcome.error) {
		check(
			outcome.hints.some((hint) => hint.includes('was lost')),
			'no warning of the lost answer',
		);
	}
}
