import { decide, type Facts, type Wishes } from '../../nodes/AlibabaCloudChatApp/upload/decide';

const WISHES: Wishes = {
	batchSize: 10_000,
	dryRun: false,
	estimatedTotal: 0,
	invalidContacts: 'skip',
	lastBatch: 'auto',
	minimumUsers: 100,
	underMinimum: 'warn',
};

/** The answer in a word: what is done, and why not sent. */
function answer(facts: Partial<Facts>, wishes: Partial<Wishes>): string {
	const all = { users: 200, refused: 0, closes: true, ...facts };
	const decision = decide(all, { ...WISHES, ...wishes });
	const why = 'why' in decision && decision.why ? ` ${decision.why.code}` : '';
	const collects = 'collects' in decision && decision.collects ? ' and collects' : '';
	return `${decision.kind}${why}${collects}`;
}

const VALUES = {
	underMinimum: ['warn', 'hold', 'stop', 'collect'],
	invalidContacts: ['skip', 'stop'],
	dryRun: [false, true],
	lastBatch: ['auto', 'more', 'set'],
	estimatedTotal: [0, 99, 100],
	minimumUsers: [0, 100],
	users: [0, 1, 99, 100, 101],
	refused: [0, 1],
} as const;

type Case = { [Name in keyof typeof VALUES]: (typeof VALUES)[Name][number] };

function allCases(): Case[] {
	let cases: Array<Partial<Case>> = [{}];
	for (const [name, values] of Object.entries(VALUES)) {
		cases = cases.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
	}
	return cases as Case[];
}

const isInvalid = (one: Case) => one.invalidContacts === 'stop' && one.refused > 0;
const size = (one: Case) => (one.lastBatch === 'auto' ? one.users : one.estimatedTotal);
const isSizeKnown = (one: Case) => one.lastBatch === 'auto' || one.estimatedTotal > 0;
const isFew = (one: Case) => isSizeKnown(one) && size(one) < one.minimumUsers;
// A submission that spans several runs waits as a whole.
const collects = (one: Case) => one.underMinimum === 'collect' && one.lastBatch === 'auto';

/** From top to bottom: the first that applies holds. */
const TABLE: Array<[applies: (one: Case) => boolean, expected: string]> = [
	[(one) => one.dryRun && isInvalid(one), 'preview invalid_users'],
	[(one) => one.dryRun && isFew(one) && collects(one) && one.users > 0, 'preview and collects'],
	[(one) => one.dryRun && isFew(one) && collects(one), 'preview nobody_to_send'],
	[(one) => one.dryRun && isFew(one) && one.underMinimum !== 'warn', 'preview under_minimum'],
	[(one) => one.dryRun, 'preview'],
	[isInvalid, 'stop invalid_users'],
	[(one) => isFew(one) && collects(one), 'collect'],
	[(one) => isFew(one) && one.underMinimum === 'hold', 'hold under_minimum'],
	[(one) => isFew(one) && one.underMinimum === 'collect', 'hold under_minimum'],
	[(one) => isFew(one) && one.underMinimum === 'stop', 'stop under_minimum'],
	[(one) => one.users === 0, 'hold nobody_to_send'],
	[collects, 'send and collects'],
	[() => true, 'send'],
];

test('each combination of options, size and refused contacts has its one answer', () => {
	const cases = allCases();
	expect(cases).toHaveLength(4 * 2 * 2 * 3 * 3 * 2 * 5 * 2);
	const wrong = cases.filter((one) => {
		const [, expected] = TABLE.find(([applies]) => applies(one)) as (typeof TABLE)[number];
		return answer(one, one) !== expected;
	});
	expect(wrong).toEqual([]);
});

test.each([
	['exactly the minimum goes', { users: 100 }, { underMinimum: 'stop' }, 'send'],
	['one fewer does not', { users: 99 }, { underMinimum: 'stop' }, 'stop under_minimum'],
	['a minimum of 0 stops nobody', { users: 1 }, { underMinimum: 'stop', minimumUsers: 0 }, 'send'],
	[
		'a part of a large submission goes',
		{ users: 1 },
		{ underMinimum: 'stop', lastBatch: 'more', estimatedTotal: 900 },
		'send',
	],
] as Array<[string, Partial<Facts>, Partial<Wishes>, string]>)(
	'%s',
	(_, facts, wishes, expected) => {
		expect(answer(facts, wishes)).toBe(expected);
	},
);

test.each([
	['the run alone: its own count', 'auto', 0, 200],
	['the run alone: what the person says', 'auto', 900, 900],
	['several runs: what the person says', 'more', 900, 900],
	['several runs: nothing when nobody knows', 'more', 0, undefined],
] as Array<[string, Wishes['lastBatch'], number, number | undefined]>)(
	'the total of %s',
	(_, lastBatch, estimatedTotal, total) => {
		const facts = { users: 200, refused: 0, closes: lastBatch === 'auto' };
		const decision = decide(facts, { ...WISHES, lastBatch, estimatedTotal });
		expect(decision).toMatchObject({ kind: 'send', plan: { closes: facts.closes } });
		expect((decision as { plan: { total?: number } }).plan.total).toBe(total);
	},
);

test.each([
	['too few', { users: 99 }, { underMinimum: 'hold' }, 'under_minimum'],
	['nobody', { users: 0 }, {}, 'stopped'],
] as Array<[string, Partial<Facts>, Partial<Wishes>, string]>)(
	'%s are held with their reason',
	(_, facts, wishes, reason) => {
		const all = { users: 200, refused: 0, closes: true, ...facts };
		expect(decide(all, { ...WISHES, ...wishes })).toMatchObject({ kind: 'hold', reason });
	},
);
