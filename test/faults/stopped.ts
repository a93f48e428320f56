import type { Check, ServerRecord, Settings } from './invariants';
import type { Outcome } from './runCase';

/** Checks what a run says that ended with a rejected batch. */
export function checkStop(one: Settings, { error }: Outcome, record: ServerRecord, check: Check) {
	const description = String(error?.description);
	const { acknowledged, flags } = record;
	const closed = flags.some((flag) => flag.acknowledged);
	check(one.onError === 'stop', `ended with '${error?.message}' although 'On Error' says to go on`);
	check(/^\S+ \S+/.test(String(error?.message)), `message: ${error?.message}`);
	check(description.includes('Running again is safe'), 'not told that running again is safe');
	check(typeof error?.context?.code === 'string', 'no code in the context');
	if (acknowledged.size === 0) {
		check(
			/No contacts (were|are known to have been) accepted/.test(description),
			`not told that nothing was accepted: ${description}`,
		);
		return;
	}
	const accepted =
		acknowledged.size === 1 ? '1 contact in batch 1' : `${acknowledged.size} contacts in batch`;
	check(description.includes(`Accepted: ${accepted}`), `accepted users: ${description}`);
	check(
		description.includes(`The upload is ${closed ? 'complete' : 'not complete'}`),
		`closed: ${description}`,
	);
}
