import { isDue, nextSentence } from '../../nodes/AlibabaCloudChatApp/store/state';
import { HOUR } from './scene';

const NOW = Date.parse('2026-11-24T10:40:00Z');
const RULES = { collectUntil: 100, collectHours: 24, topUp: true };
const WAITING = { waiting: 3, since: NOW - HOUR, previouslySentCount: 97, isBusy: false };
const SOONER = '. To send sooner, run your existing contacts through this node once';

type Case = [what: string, waiting: object, rules: object, isDue: boolean, sentence: string];

const CASES: Case[] = [
	['no one waits', { waiting: 0, since: undefined }, {}, false, '0 of 100 collected'],
	[
		'no one has to wait, and no one waits',
		{ waiting: 0 },
		{ collectUntil: 0 },
		false,
		'0 of 0 collected',
	],
	[
		'one is missing',
		{ waiting: 99, previouslySentCount: 0 },
		{},
		false,
		`99 of 100 collected${SOONER}`,
	],
	['enough wait', { waiting: 100 }, {}, true, '100 of 100 collected, to be sent with the next run'],
	[
		'more than enough wait, whatever their age',
		{ waiting: 101, since: undefined, previouslySentCount: 0 },
		{ topUp: false },
		true,
		'101 of 100 collected, to be sent with the next run',
	],
	[
		'the oldest has not waited long enough',
		{ since: NOW - 24 * HOUR + 60_000 },
		{},
		false,
		'3 of 100 collected, to be sent at 100, or by the first run after 11:41 today with previously sent contacts (time zone: Europe/Berlin)',
	],
	[
		'the oldest has waited long enough',
		{ since: NOW - 24 * HOUR },
		{},
		true,
		'3 of 100 collected, to be sent with the next run, with previously sent contacts',
	],
	[
		'there is one previously sent contact too few',
		{ since: NOW - 99 * HOUR, previouslySentCount: 96 },
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
		'previously sent contacts are not sent again',
		{ since: NOW - 99 * HOUR },
		{ topUp: false },
		false,
		'3 of 100 collected, to be sent at 100',
	],
	[
		'time does not matter',
		{ since: NOW - 99 * HOUR },
		{ collectHours: 0 },
		false,
		'3 of 100 collected, to be sent at 100',
	],
	[
		'another run is sending and it is time',
		{ waiting: 100, isBusy: true },
		{},
		true,
		'100 of 100 collected: another run is using this audience, so they will be sent after it or with the next run',
	],
	[
		'another run is sending and it is not time',
		{ waiting: 2, previouslySentCount: 0, isBusy: true },
		{},
		false,
		`2 of 100 collected${SOONER}`,
	],
];

it.each(CASES)(
	'when %s, the sentence says whether and when they are sent',
	(...[, waiting, rules, due, sentence]) => {
		const given = [
			{ ...WAITING, ...waiting },
			{ ...RULES, ...rules },
		] as const;
		expect(isDue(...given, NOW)).toBe(due);
		expect(nextSentence(...given, { now: NOW, timeZone: 'Europe/Berlin' })).toBe(sentence);
	},
);

it.each([
	[5, 'Europe/Berlin', '15:40 today'],
	[12, 'Europe/Berlin', '22:40 today'],
	[14, 'Europe/Berlin', '00:40 tomorrow'],
	[24, 'Europe/Berlin', '10:40 tomorrow'],
	[39, 'Europe/Berlin', '01:40 on November 26'],
	[24 * 365, 'Europe/Berlin', '10:40 on November 24'],
	[24 * 30, 'UTC', '09:40 on December 24'],
	[14, 'America/Los_Angeles', '15:40 today'],
	[5, 'Mars/Olympus', '14:40 today'],
])('the moment after %d hours in %s is %s', (collectHours, timeZone, moment) => {
	const rules = { ...RULES, collectHours };
	expect(nextSentence(WAITING, rules, { now: NOW, timeZone })).toBe(
		`3 of 100 collected, to be sent at 100, or by the first run after ${moment} with previously sent contacts (time zone: ${timeZone === 'Mars/Olympus' ? 'UTC' : timeZone})`,
	);
});
