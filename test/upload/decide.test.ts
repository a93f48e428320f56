import {
	type ContactCounts,
	decide,
	type SendingRules,
	totalOf,
} from '../../nodes/AlibabaCloudChatApp/upload/decide';

const RULES: SendingRules = {
	dryRun: false,
	estimatedTotal: 0,
	invalidContacts: 'skip',
	lastBatch: 'auto',
	minimumUsers: 100,
	underMinimum: 'warn',
};

/** The answer in a word: what is done, and why not sent. */
function answer(counts: Partial<ContactCounts>, rules: Partial<SendingRules>): string {
	const decision = decide({ contacts: 200, invalid: 0, ...counts }, { ...RULES, ...rules });
	const why = 'blocker' in decision && decision.blocker ? ` ${decision.blocker.code}` : '';
	const collects = 'collects' in decision && decision.collects ? ' and collects' : '';
	const isWithWaiting = 'withWaiting' in decision && decision.withWaiting;
	return `${decision.kind}${why}${collects}${isWithWaiting ? ' with waiting' : ''}`;
}

const VALUES = {
	underMinimum: ['warn', 'hold', 'stop', 'collect'],
	invalidContacts: ['skip', 'stop'],
	dryRun: [false, true],
	lastBatch: ['auto', 'more', 'set'],
	estimatedTotal: [0, 99, 100],
	minimumUsers: [0, 100],
	contacts: [0, 1, 99, 100, 101],
	invalid: [0, 1],
} as const;

type Case = { [Name in keyof typeof VALUES]: (typeof VALUES)[Name][number] };

function allCases(): Case[] {
	let cases: Array<Partial<Case>> = [{}];
	for (const [name, values] of Object.entries(VALUES)) {
		cases = cases.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
	}
	return cases as Case[];
}

const isInvalid = (one: Case) => one.invalidContacts === 'stop' && one.invalid > 0;
const size = (one: Case) => (one.lastBatch === 'auto' ? one.contacts : one.estimatedTotal);
const isSizeKnown = (one: Case) => one.lastBatch === 'auto' || one.estimatedTotal > 0;
const isFew = (one: Case) => isSizeKnown(one) && size(one) < one.minimumUsers;
// An upload that spans several runs waits as a whole.
const collects = (one: Case) => one.underMinimum === 'collect' && one.lastBatch === 'auto';

/** From top to bottom: the first that applies holds. */
const TABLE: Array<[applies: (one: Case) => boolean, expected: string]> = [
	[(one) => one.dryRun && isInvalid(one), 'dryRun invalid_users'],
	[(one) => one.dryRun && isFew(one) && collects(one) && one.contacts > 0, 'dryRun and collects'],
	[(one) => one.dryRun && isFew(one) && collects(one), 'dryRun nobody_to_send'],
	[(one) => one.dryRun && isFew(one) && one.underMinimum !== 'warn', 'dryRun under_minimum'],
	[(one) => one.dryRun, 'dryRun'],
	[isInvalid, 'stop invalid_users'],
	[(one) => isFew(one) && collects(one), 'collect'],
	[(one) => isFew(one) && one.underMinimum === 'hold', 'hold under_minimum'],
	[(one) => isFew(one) && one.underMinimum === 'collect', 'hold under_minimum'],
	[(one) => isFew(one) && one.underMinimum === 'stop', 'stop under_minimum'],
	[(one) => one.contacts === 0, 'hold nobody_to_send'],
	[collects, 'send with waiting'],
	[() => true, 'send'],
];

test('each combination of options, size, and invalid contacts has one decision', () => {
	const cases = allCases();
	expect(cases).toHaveLength(4 * 2 * 2 * 3 * 3 * 2 * 5 * 2);
	const wrong = cases.filter((one) => {
		const [, expected] = TABLE.find(([applies]) => applies(one)) as (typeof TABLE)[number];
		return answer(one, one) !== expected;
	});
	expect(wrong).toEqual([]);
});

test.each([
	['exactly the minimum is sent', { contacts: 100 }, { underMinimum: 'stop' }, 'send'],
	['one fewer is not', { contacts: 99 }, { underMinimum: 'stop' }, 'stop under_minimum'],
	[
		'a minimum of 0 stops nothing',
		{ contacts: 1 },
		{ underMinimum: 'stop', minimumUsers: 0 },
		'send',
	],
	[
		'a part of a large upload is sent',
		{ contacts: 1 },
		{ underMinimum: 'stop', lastBatch: 'more', estimatedTotal: 900 },
		'send',
	],
] as Array<[string, Partial<ContactCounts>, Partial<SendingRules>, string]>)(
	'%s',
	(_, counts, rules, expected) => {
		expect(answer(counts, rules)).toBe(expected);
	},
);

test.each([
	['the run alone: its own count', 'auto', 0, 200],
	['the run alone: what the person says', 'auto', 900, 900],
	['the run alone: no less than its users', 'auto', 199, 200],
	['several runs: no less than its users', 'set', 199, 200],
	['several runs: what the person says', 'more', 900, 900],
	['several runs: nothing when it is unknown', 'more', 0, undefined],
] as Array<[string, SendingRules['lastBatch'], number, number | undefined]>)(
	'the total of %s',
	(_, lastBatch, estimatedTotal, total) => {
		expect(totalOf(200, { lastBatch, estimatedTotal })).toBe(total);
	},
);

test.each([
	['too few', { contacts: 99 }, { underMinimum: 'hold' }, 'under_minimum'],
	['none', { contacts: 0 }, {}, 'stopped'],
] as Array<[string, Partial<ContactCounts>, Partial<SendingRules>, string]>)(
	'%s are held with their reason',
	(_, counts, rules, reason) => {
		const decision = decide({ contacts: 200, invalid: 0, ...counts }, { ...RULES, ...rules });
		expect(decision).toMatchObject({ kind: 'hold', reason });
	},
);
