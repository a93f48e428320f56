import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is there, for what tells nobody when it is ready.
 * @returns the first answer that is neither undefined nor false
 * @throws when it isn't there in time, with the last reason
 */
export async function until<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	{ seconds = 180, everyMs = 100 } = {},
): Promise<T> {
	const end = Date.now() + seconds * 1000;
	let reason = '';
	for (;;) {
		try {
			const answer = await ask();
			if (answer !== undefined && answer !== false) return answer;
		} catch (error) {
			reason = error instanceof Error ? `: ${error.message}` : '';
			if (error instanceof GiveUp) throw error;
		}
		if (Date.now() > end) throw new Error(`${what}: not after ${seconds} s${reason}`);
		await sleep(everyMs);
	}
}

/** What asking again can't mend. */
export class GiveUp extends Error {}
