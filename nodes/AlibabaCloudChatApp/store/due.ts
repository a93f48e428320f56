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

/**
 * What happens next to the contacts of an audience, as a sentence without its full stop.
 * @param when the moment, and the time zone in which a person reads it
 */
export function nextSentence(
	waiting: Waiting,
	rules: Rules,
	when: { now: number; timeZone: string },
): string {
	const { collectUntil, collectHours, topUp } = rules;
	const count = `${waiting.users} of ${collectUntil} collected`;
	if (waiting.users === 0) return count;
	if (waiting.busy && isDue(waiting, rules, when.now)) {
		return `${count}: another run is sending to this audience, and they go when it ends`;
	}
	if (waiting.users >= collectUntil) return `${count}: sent with the next run`;
	const enough = `sent when ${collectUntil} are there`;
	const at = dueAt(waiting, rules);
	if (at !== undefined) {
		return at <= when.now
			? `${count}: sent with the next run, with earlier ones`
			: `${count}: ${enough}, or ${moment(at, when)} with earlier ones`;
	}
	if (!topUp || collectHours <= 0) return `${count}: ${enough}`;
	return `${count}. To send sooner, run your existing contacts through 'Add Users' once`;
}

/** A moment as a person says it: "today at 10:40", "tomorrow at 10:40", "on 3 May at 10:40". */
function moment(at: number, { now, timeZone }: { now: number; timeZone: string }): string {
	const time = inZone(at, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	const day = (ms: number) =>
		inZone(ms, timeZone, { day: 'numeric', month: 'long', year: 'numeric' });
	if (day(at) === day(now)) return `today at ${time}`;
	if (day(at) === day(now + DAY_MS)) return `tomorrow at ${time}`;
	return `on ${inZone(at, timeZone, { day: 'numeric', month: 'long' })} at ${time}`;
}

function inZone(ms: number, timeZone: string, form: Intl.DateTimeFormatOptions): string {
	try {
		return new Intl.DateTimeFormat('en-GB', { ...form, timeZone }).format(ms);
	} catch {
		// A zone that this machine doesn't know.
		return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' }).format(ms);
	}
}
