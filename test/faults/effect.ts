import type { FaultCase } from './cases';
import type { Check, ServerRecord } from './invariants';
import type { Outcome } from './runCase';

/** Checks what the node made of the one fault of a case: how often it called, and what was sent in the end. */
export function checkEffect(one: FaultCase, outcome: Outcome, record: ServerRecord, check: Check) {
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
