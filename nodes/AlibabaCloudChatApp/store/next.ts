import { DAY_MS, dueAt, isDue, type Rules, type Waiting } from './due';

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
