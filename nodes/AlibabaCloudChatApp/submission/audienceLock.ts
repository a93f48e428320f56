import { Mutex } from 'async-mutex';
import { untilAborted } from '../abort';

const audiences = new Map<string, Mutex>();

/**
 * Runs `work` when no other submission of this process feeds the audience; those that wait go on in order.
 * CAMS has no session id: two runs at once would mix their batches.
 * @throws the signal's reason when the execution is canceled while it waits, and what `work` throws
 */
export async function withAudienceLock<T>(
	audience: string,
	cancelSignal: AbortSignal | undefined,
	work: () => Promise<T>,
): Promise<T> {
	const mutex = audiences.get(audience) ?? new Mutex();
	audiences.set(audience, mutex);
	const turn = mutex.acquire();
	try {
		await untilAborted(turn, cancelSignal);
		return await work();
	} finally {
		// Also when it was canceled while it waited: its turn passes on as soon as it comes.
		void turn.then((free) => {
			free();
			if (!mutex.isLocked()) audiences.delete(audience);
		});
	}
}
