import { dueAt, isDue, nextSentence } from '../../nodes/AlibabaCloudChatApp/store/due';
import { HOUR } from './scene';

const NOW = Date.parse('2026-11-24T10:40:00Z');
const RULES = { collectUntil: 100, collectHours: 24, topUp: true };
const WAITING = { users: 3, since: NOW - HOUR, earlier: 97, busy: false };
const SOONER = ". To send sooner, run your existing contacts through 'Add Users' once";

type Case = [what: string, waiting: object, rules: object, isDue: boolean, sentence: string];

const CASES: Case[] = [
	['nobody waits', { users: 0, since: undefined }, {}, false, '0 of 100 collected'],
	[
		'nobody has to wait, and nobody waits',
		{ users: 0 },
		{ collectUntil: 0 },
		false,
		'0 of 0 collected',
	],
	['one is missing', { users: 99, earlier: 0 }, {}, false, `99 of 100 collected${SOONER}`],
	['enough wait', { users: 100 }, {}, true, '100 of 100 collected: sent with the next run'],
	[
		'more than enough wait, whatever their age',
		{ users: 101, since: undefined, earlier: 0 },
		{ topUp: false },
		true,
		'101 of 100 collected: sent with the next run',
	],
	[
		'the oldest has not waited long enough',
		{ since: NOW - 24 * HOUR + 60_000 },
		{},
		false,
		'3 of 100 collected: sent when 100 are there, or today at 11:41 with earlier ones',
	],
	[
		'the oldest has waited long enough',
		{ since: NOW - 24 * HOUR },
		{},
		true,
		'3 of 100 collected: sent with the next run, with earlier ones',
	],
	[
		'there is one earlier contact too few',
		{ since: NOW - 99 * HOUR, earlier: 96 },
		{},
		false,
		`3 of 100 collected${SOONER}`,
	],
	[
		'it is not known since when they wait',
		{ since: undefined },
		{},
		false,
		`3 of 100 collected${SOONER}`,
	],
	[
		'earlier contacts are not to go again',
		{ since: NOW - 99 * HOUR },
		{ topUp: false },
		false,
		'3 of 100 collected: sent when 100 are there',
	],
	[
		'time does not matter',
		{ since: NOW - 99 * HOUR },
		{ collectHours: 0 },
		false,
		'3 of 100 collected: sent when 100 are there',
	],
	[
		'another run is sending and it is time',
		{ users: 100, busy: true },
		{},
		true,
		'100 of 100 collected: another run is sending to this audience, and they go when it ends',
	],
	[
		'another run is sending and it is not time',
		{ users: 2, earlier: 0, busy: true },
		{},
		false,
		`2 of 100 collected${SOONER}`,
	],
];

it.each(CASES)(
	'when %s, it is told whether and when they go',
	(...[, waiting, rules, due, sentence]) => {
		const given = [
			{ ...WAITING, ...waiting },
			{ ...RULES, ...rules },
		] as const;
		expect(isDue(...given, NOW)).toBe(due);
		expect(nextSentence(...given, { now: NOW, timeZone: 'Europe/Berlin' })).toBe(sentence);
	},
);

it('the moment is the one at which the oldest has waited for the hours that were chosen', () => {
	expect(dueAt(WAITING, { ...RULES, collectHours: 0.5 })).toBe(NOW - HOUR / 2);
});

it.each([
	[5, 'Europe/Berlin', 'today at 15:40'],
	[12, 'Europe/Berlin', 'today at 22:40'],
	[14, 'Europe/Berlin', 'tomorrow at 00:40'],
	[24, 'Europe/Berlin', 'tomorrow at 10:40'],
	[39, 'Europe/Berlin', 'on 26 November at 01:40'],
	[24 * 365, 'Europe/Berlin', 'on 24 November at 10:40'],
	[24 * 30, 'UTC', 'on 24 December at 09:40'],
	[14, 'America/Los_Angeles', 'today at 15:40'],
	[5, 'Mars/Olympus', 'today at 14:40'],
])('a moment after %d hours is said in %s as %s', (collectHours, timeZone, moment) => {
	const rules = { ...RULES, collectHours };
	expect(nextSentence(WAITING, rules, { now: NOW, timeZone })).toBe(
		`3 of 100 collected: sent when 100 are there, or ${moment} with earlier ones`,
	);
});
