import { randomUUID } from 'node:crypto';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';

/** A clock with the real time, on which waits are recorded and end at once. */
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
