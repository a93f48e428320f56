import { randomUUID } from 'node:crypto';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';

/** A clock on which waiting takes no time: each wait only moves it on, and is noted. */
export function stillClock(): Clock & { waits: number[] } {
	const waits: number[] = [];
	return {
		waits,
		now: () => Date.now(),
		async sleep(ms) {
			waits.push(ms);
		},
		random: () => 0.5,
		nonce: () => randomUUID(),
	};
}
