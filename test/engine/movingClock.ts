import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { stillClock } from './stillClock';

/** A clock on which waits end at once but move its time forward, for a server that uses the same clock. */
export function movingClock(): Clock & { waits: number[] } {
	const clock = stillClock();
	let passed = 0;
	return {
		...clock,
		now: () => Date.now() + passed,
		async sleep(ms) {
			clock.waits.push(ms);
			passed += ms;
		},
	};
}
