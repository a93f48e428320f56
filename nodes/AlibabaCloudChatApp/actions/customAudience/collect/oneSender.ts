import { sentence, type Message } from '../../../message';
import type { Store } from '../../../store/store';
import { TableTrouble, troubleOrThrow } from '../../../store/trouble';
import type { Ready, Submission } from '../addUsers/submission';
import { submitInTurn, type Delivering, type Sender } from '../addUsers/submitting';
import { acquire } from './lease';

/**
 * Sends a submission while no other worker feeds its audience; without that guard where the table can't be reached.
 * @returns why no call could be made
 * @throws the cancel signal's reason
 */
export async function alone(
	run: Delivering,
	{ ready, ledger, warnings }: Submission & { ready: Ready },
	{ store, sender }: { store: Store; sender: Sender },
): Promise<Message | undefined> {
	const { context, clock } = run;
	const { users, refs, plan } = ready;
	const outgoing = { users, refs, plan, ledger };
	const held = await acquire(store, clock, context.getExecutionCancelSignal()).catch(
		troubleOrThrow,
	);
	if (held instanceof TableTrouble) {
		warnings.push(notAlone(held));
		return await submitInTurn(run, { ...sender, barred: undefined }, outgoing);
	}
	try {
		return await submitInTurn(run, sender, outgoing);
	} finally {
		// A lease that can't be given back ends by itself.
		await store.release().catch(() => undefined);
	}
}

function notAlone(trouble: TableTrouble): Message {
	return {
		code: trouble.code,
		what: "'One Sender Across Workers' had no effect, so a run on another worker may have mixed its batches with these",
		fix: sentence(trouble),
	};
}
