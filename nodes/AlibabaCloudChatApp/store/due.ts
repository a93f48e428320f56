/** When collected contacts are sent, as the person chose it. */
export interface Rules {
	/** The number of waiting contacts to send at once. */
	collectUntil: number;
	/** Hours after which the oldest waiting contact is sent together with previously sent ones; 0: never. */
	collectHours: number;
	/** Whether previously sent contacts are added to an upload of fewer than `collectUntil`. */
	topUp: boolean;
}

/** What the table contains for an audience. */
export interface Waiting {
	/** Contacts that wait, including those claimed by a sender that is gone. */
	waiting: number;
	/** Since when the oldest has waited, in milliseconds since 1970; absent when no one waits. */
	since?: number;
	/** Previously sent contacts that can be sent again; counted up to `collectUntil`. */
	previouslySent: number;
	/** Whether another run is sending to the audience. */
	busy: boolean;
}

const HOUR_MS = 60 * 60_000;
/** Milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/**
 * Whether it is time to send: enough contacts are waiting, or the oldest has waited long enough and previously sent
 * contacts make up the rest.
 */
export function isDue(state: Waiting, rules: Rules, now: number): boolean {
	if (state.waiting === 0) return false;
	if (state.waiting >= rules.collectUntil) return true;
	const at = dueAt(state, rules);
	return at !== undefined && at <= now;
}

/** When the oldest will have waited long enough; undefined if time alone isn't enough. */
function dueAt(state: Waiting, rules: Rules): number | undefined {
	const { waiting, since, previouslySent } = state;
	if (!rules.topUp || rules.collectHours <= 0 || since === undefined) return undefined;
	if (waiting + previouslySent < rules.collectUntil) return undefined;
	return since + rules.collectHours * HOUR_MS;
}

/**
 * What happens next to an audience's contacts, as a sentence without its period.
 * @param when the current time, and the time zone in which a person reads it
 */
export function nextSentence(
	state: Waiting,
	rules: Rules,
	when: { now: number; timeZone: string },
): string {
	const { collectUntil, collectHours, topUp } = rules;
	const count = `${state.waiting} of ${collectUntil} collected`;
	if (state.waiting === 0) return count;
	if (state.busy && isDue(state, rules, when.now)) {
		return `${count}: another run is sending to this audience and sends these next`;
	}
	if (state.waiting >= collectUntil) return `${count}: sent with the next run`;
	const at = dueAt(state, rules);
	if (at !== undefined) {
		return at <= when.now
			? `${count}: sent with the next run, with previously sent contacts`
			: `${count}: sent at ${collectUntil}, or by the first run after ${moment(at, when)} with previously sent contacts (time zone: ${knownZone(when.timeZone)})`;
	}
	if (!topUp || collectHours <= 0) return `${count}: sent at ${collectUntil}`;
	return `${count}. To send sooner, run your existing contacts through this node once`;
}

/** A moment as a person says it: "10:40 today", "10:40 tomorrow", "10:40 on May 3". */
function moment(at: number, { now, timeZone }: { now: number; timeZone: string }): string {
	const time = inZone(at, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	const day = (ms: number) =>
		inZone(ms, timeZone, { day: 'numeric', month: 'long', year: 'numeric' });
	if (day(at) === day(now)) return `${time} today`;
	if (day(at) === day(now + DAY_MS)) return `${time} tomorrow`;
	return `${time} on ${inZone(at, timeZone, { day: 'numeric', month: 'long' })}`;
}

function inZone(ms: number, timeZone: string, format: Intl.DateTimeFormatOptions): string {
	const zone = knownZone(timeZone);
	return new Intl.DateTimeFormat('en-US', { ...format, timeZone: zone }).format(ms);
}

/** The time zone, or UTC where this machine doesn't know it. */
function knownZone(timeZone: string): string {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
	} catch {
		return 'UTC';
	}
}
