import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { stillClock } from './stillClock';

/** A clock on which waiting takes no time but moves the clock on, for a server that goes by it too. */
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
