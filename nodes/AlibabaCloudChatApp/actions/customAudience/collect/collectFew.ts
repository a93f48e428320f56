import type { User } from '../../../contacts/contact';
import type { Message } from '../../../message';
import type { Ref } from '../../../sources/source';
import type { Rules } from '../../../store/due';
import type { Round } from '../../../store/round';
import { sendWaiting } from '../../../store/sending';
import type { State } from '../../../store/state';
import type { Store } from '../../../store/store';
import { TableTrouble, troubleOf } from '../../../store/trouble';
import { hundredRuleWarning } from '../../../submission/hundredRule';
import type { Outcome } from '../../../submission/outcome';
import type { Ready, Submission } from '../addUsers/submission';
import type { Delivering, Sender } from '../addUsers/submitting';
import { collectingReport, laterWarnings, WAITS_AGAIN } from './report';
import { laterAccount, planOf, roundSender, type Later, type RoundSender } from './roundSender';

type Few = Submission & { ready: Ready };

const COLLECTED: Outcome = { status: 'collected' };
const DUPLICATE: Outcome = { status: 'duplicate' };

/**
 * Stores a run's few users, and sends what waits if it is time.
 * @returns why the users could not be stored, or why no call could be made
 * @throws the cancel signal's reason
 */
export async function collectFew(
	run: Delivering,
	submission: Few,
	{ store, sender }: { store: Store; sender: Sender },
): Promise<Message | undefined> {
	const { ready, warnings } = submission;
	let state: State;
	let own: Map<string, Ref>;
	try {
		const added = await store.add(ready.users.slice(0, ready.users.length));
		state = added.state;
		own = account(submission, added.isNew);
	} catch (error) {
		return notStored(submission, troubleOf(error));
	}
	const rounds = sendRounds(run, submission, { sender, own });
	try {
		const sent = await sendWaiting(store, state, {
			...settingsOf(run, ready),
			deliver: rounds.deliver,
			isFirst: (user) => own.has(keyOf(user)),
			force: false,
		});
		tellOf(submission, sent.rounds, rounds.later);
		submission.collecting = collectingReport(run, { ...sent, rules: ready.options }, rounds.own());
	} catch (error) {
		// They are stored; only sending has to wait.
		warnings.push(troubleOf(error));
		submission.collecting = collectingReport(run, { rounds: [], state, rules: ready.options });
	}
	if (rounds.ended.error) throw rounds.ended.error;
	return rounds.ended.stop;
}

/** @returns the users that were stored, to be found again among those of the table */
function account({ ledger, ready }: Few, isNew: boolean[]): Map<string, Ref> {
	const stored = new Map<string, Ref>();
	ready.users.slice(0, ready.users.length).forEach((user, index) => {
		const ref = ready.refs.at(index) as Ref;
		ledger.record(ref, isNew[index] ? COLLECTED : DUPLICATE);
		if (isNew[index] && !stored.has(keyOf(user))) stored.set(keyOf(user), ref);
	});
	return stored;
}

// Where there is no way to a table at all, they are held as with 'Hold'; any other trouble has a cause to be mended.
function notStored({ ledger, warnings }: Few, trouble: TableTrouble): Message | undefined {
	if (trouble.code !== 'data_tables_unreachable') return trouble;
	warnings.push(trouble);
	ledger.settle({ status: 'held', reason: 'under_minimum' });
	return undefined;
}

function keyOf({ Email, Phone }: User): string {
	return JSON.stringify([Email, Phone]);
}

/** What holds for all rounds of a run. */
export function settingsOf(
	{ clock }: Pick<Delivering, 'clock'>,
	{ options }: { options: Rules & { keepDays: number } },
) {
	return { rules: options, keepDays: options.keepDays, now: () => clock.now() };
}

// The first round goes into the run's own account; a later one has only contacts of other runs.
function sendRounds(
	run: Delivering,
	submission: Few,
	{ sender, own }: { sender: Sender; own: Map<string, Ref> },
): RoundSender & { own(): number; later: Later[] } {
	const { ledger, warnings, ready } = submission;
	const { options } = ready;
	let refs: Ref[] | undefined;
	const later: Later[] = [];
	const rounds = roundSender(run, sender, (composed) => {
		const plan = planOf(options, composed);
		const rule = hundredRuleWarning(composed.users.length, options.minimumUsers);
		if (refs) return laterAccount(later, plan, rule);
		if (rule) warnings.push(rule);
		refs = firstRefs(composed.users.slice(0, own.size), own);
		submission.ready = { ...ready, users: composed.users, refs, plan };
		return { ledger, refs, plan };
	});
	return { ...rounds, own: () => refs?.length ?? 0, later };
}

function firstRefs(users: User[], own: Map<string, Ref>): Ref[] {
	const refs: Ref[] = [];
	for (const user of users) {
		const ref = own.get(keyOf(user));
		if (ref === undefined) break;
		refs.push(ref);
	}
	return refs;
}

function tellOf({ ledger, warnings }: Few, rounds: Round[], later: Later[]): void {
	warnings.push(...laterWarnings(rounds, later));
	const isAnyRefused = ledger.delivery.batches.some(({ refusal }) => refusal);
	if (isAnyRefused) {
		ledger.resettle(COLLECTED);
		warnings.push(WAITS_AGAIN);
	}
}
