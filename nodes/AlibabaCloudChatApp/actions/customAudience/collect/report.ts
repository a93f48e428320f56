import type { IExecuteFunctions } from 'n8n-workflow';
import { sentence, type Message } from '../../../message';
import { nextSentence } from '../../../store/next';
import type { Rules } from '../../../store/due';
import type { Round } from '../../../store/round';
import type { State } from '../../../store/state';
import type { TableTrouble } from '../../../store/trouble';
import type { Collecting } from '../../../submission/report';
import type { Clock } from '../../../transport/clock';
import { deliveryWarnings, stillTrue } from '../addUsers/deliveryMessages';
import type { Later } from './roundSender';

/** What a run tells of the table. */
export function collectingReport(
	run: { context: IExecuteFunctions; clock: Clock },
	{ rounds, state, rules }: { rounds: Round[]; state: State; rules: Rules },
	/** How many of the first round's users from the table are the run's own. */
	own = 0,
): Collecting {
	let sentFromTable = 0;
	let toppedUp = 0;
	rounds.forEach(({ composed, accepted }, index) => {
		const from = composed.own + (index === 0 ? own : 0);
		const top = composed.own + composed.fromTable;
		sentFromTable += countIn(accepted, from, top);
		toppedUp += countIn(accepted, top, top + composed.toppedUp);
	});
	const when = { now: run.clock.now(), timeZone: run.context.getTimezone() };
	return { waiting: state.users, sentFromTable, toppedUp, next: nextSentence(state, rules, when) };
}

function countIn(accepted: Round['accepted'], from: number, to: number): number {
	return accepted.reduce(
		(sum, { start, end }) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
		0,
	);
}

/** What was to be told before a round was sent, as far as it still holds, and how it went. */
export function roundWarnings({ ledger: { delivery }, warnings }: Later): Message[] {
	return [
		...stillTrue(warnings, delivery),
		...deliveryWarnings(delivery, { closes: true, severalRuns: false }),
	];
}

/** What the table did to a run's rounds, and what became of those behind the first. */
export function laterWarnings(rounds: Round[], later: Later[]): Message[] {
	return [
		...later.flatMap(roundWarnings),
		...rounds.flatMap(({ trouble }) => (trouble ? [tableTroubleLater(trouble)] : [])),
	];
}

/** Contacts whose batches were not accepted are in the table. */
export const WAITS_AGAIN: Message = {
	code: 'waits_again',
	what: 'The contacts that were not accepted wait in the Data Table',
	fix: 'They go with the next run',
};

/** The table let a run down after its contacts were stored or sent. */
export function tableTroubleLater(trouble: TableTrouble): Message {
	return {
		code: trouble.code,
		what: 'The Data Table could not be kept up to date, so some contacts may go once more',
		fix: `Meta counts each person once. ${sentence(trouble)}`,
	};
}

/** A list went without what waits in the table. */
export function tableLeftOut(trouble: TableTrouble): Message {
	return {
		code: trouble.code,
		what: 'The contacts that wait for this audience did not go along',
		fix: sentence(trouble),
	};
}
