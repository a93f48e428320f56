/** When collected contacts are sent, as the person chose it. */
export interface Rules {
	/** So many waiting users are sent. */
	collectUntil: number;
	/** Hours after which the oldest waiting contact goes with earlier ones; 0: never. */
	collectHours: number;
	/** Whether earlier users go again with fewer than `collectUntil`. */
	topUp: boolean;
}

/** What is in the table for an audience. */
export interface Waiting {
	/** Users that wait; those of a sender that is gone are among them. */
	users: number;
	/** Since when the oldest has waited, in milliseconds since 1970; absent when nobody waits. */
	since?: number;
	/** Users that were sent and can go again; counted up to `collectUntil`. */
	earlier: number;
	/** Whether another run is sending to the audience. */
	busy: boolean;
}

const HOUR_MS = 60 * 60_000;
export const DAY_MS = 24 * HOUR_MS;

/** Whether it is time to send: so many wait, or the oldest has waited long enough and there are enough with earlier ones. */
export function isDue(waiting: Waiting, rules: Rules, now: number): boolean {
	if (waiting.users === 0) return false;
	if (waiting.users >= rules.collectUntil) return true;
	const at = dueAt(waiting, rules);
	return at !== undefined && at <= now;
}

/** When the oldest will have waited long enough; nothing when time alone won't do. */
export function dueAt(waiting: Waiting, rules: Rules): number | undefined {
	const { users, since, earlier } = waiting;
	if (!rules.topUp || rules.collectHours <= 0 || since === undefined) return undefined;
	if (users + earlier < rules.collectUntil) return undefined;
	return since + rules.collectHours * HOUR_MS;
}
