import { Mutex } from 'async-mutex';

const audiences = new Map<string, Mutex>();

/**
 * Runs `work` when no other submission of this process feeds the audience; those that wait go on in order.
 * CAMS has no session id: two runs at once would mix their batches.
 * @throws the signal's reason when the execution is cancelled while it waits, and what `work` throws
 */
export async function inTurn<T>(
	audience: string,
	cancelSignal: AbortSignal | undefined,
	work: () => Promise<T>,
): Promise<T> {
	const mutex = audiences.get(audience) ?? new Mutex();
	audiences.set(audience, mutex);
	const turn = mutex.acquire();
	const release = () => {
		void turn.then((free) => {
			free();
			if (!mutex.isLocked()) audiences.delete(audience);
		});
	};
	try {
		await Promise.race([turn, cancelled(cancelSignal)]);
		cancelSignal?.throwIfAborted();
		return await work();
	} finally {
		release();
	}
}

function cancelled(signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal?.aborted) resolve();
		signal?.addEventListener('abort', () => resolve(), { once: true });
	});
}
