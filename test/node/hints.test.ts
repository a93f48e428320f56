import type { IDataObject } from 'n8n-workflow';
import { ALL_IDS } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

const ids = {
	...ALL_IDS,
	customAudienceId: {
		...ALL_IDS.customAudienceId,
		mode: 'list',
		cachedResultName: 'Newsletter readers · 1,200 people',
	},
};
const contacts = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, n) => ({ email: `reader${n}@example.com` }));
const INVALID = { email: 'reader@' };

async function hintsOf(items: IDataObject[], set: IDataObject = {}, more: Partial<NodeRun> = {}) {
	const { hints } = await runNode({
		simulator,
		items,
		set: { ...ids, ...set },
		clock: stillClock(),
		tables: new MemoryTables(() => Date.now()),
		staticData: {},
		...more,
	});
	return hints.map(({ message }) => message);
}

it('says of how many uploads the figures are, if they are the same', async () => {
	const items = contacts(4).map((contact, n) => ({ ...contact, id: `2385100000000000${n % 2}` }));
	const set = { customAudienceId: '={{ $json.id }}', underMinimum: 'warn' };
	const [first, ...others] = await hintsOf(items, set);
	expect(first).toBe('2 contacts sent to the audience, in each of 2 uploads');
	expect(others.join()).not.toContain('sent to the audience');
});

it('a dry run expects matches only of contacts whom Meta can message', async () => {
	const people = (code: string) =>
		Array.from({ length: 120 }, (_, n) => ({ phone: `${code}${n + 100}` }));
	const inGermany = people('+491512345');
	const dryRun = async (items: IDataObject[]) =>
		(await hintsOf(items, { dryRun: true })).join('\n');
	expect(await dryRun(inGermany)).toContain('120 contacts would be sent, no matches expected');
	const mixed = await dryRun([...inGermany, ...people('+6581231')]);
	expect(mixed).toContain('240 contacts would be sent, 24–84 matches expected');
});

it.each([
	['a real run', {}],
	['a dry run', { dryRun: true }],
])(
	"in %s, 'Send When Collected' below 100 is reported before its upload is lost",
	async (_, set) => {
		const warning = /^'Send When Collected' is 50, but Meta discards an upload with fewer than 100/;
		const hints = await hintsOf(contacts(3), { collectUntil: 50, ...set });
		expect(hints).toContainEqual(expect.stringMatching(warning));
		const enough = await hintsOf(contacts(3), { collectUntil: 100, ...set });
		expect(enough.join()).not.toContain('Meta discards');
	},
);

describe('the first hint next to the output', () => {
	const list = [...contacts(600), ...contacts(2), INVALID];

	it.each<[string, IDataObject[], IDataObject, Partial<NodeRun>, string]>([
		[
			'says how many contacts of a list were sent, and how to get the others',
			list,
			{},
			{},
			"600 of 603 contacts sent to 'Newsletter readers'. 2 are duplicates. 1 is invalid: to get it, set 'On Error' to Continue (using error output)",
		],
		[
			'points to the output where it lists every contact',
			[...list, INVALID],
			{ output: 'users' },
			{},
			"600 of 604 contacts sent to 'Newsletter readers'. 2 are duplicates. 2 are invalid: see 'reason' in the output",
		],
		[
			'names the error output where invalid contacts are returned there',
			list,
			{},
			{ onError: 'output' },
			"600 of 603 contacts sent to 'Newsletter readers'. 2 are duplicates. 1 is invalid: see the error output",
		],
		[
			'says that a short list will be sent again',
			contacts(120),
			{},
			{},
			"120 contacts sent to 'Newsletter readers', and will be sent again with the next contacts",
		],
		[
			'says what a dry run would send, and the matches to expect',
			[...contacts(603), INVALID],
			{ dryRun: true },
			{},
			"Dry run: 603 of 604 contacts would be sent, 120–422 matches expected. 1 is invalid: to get it, set 'On Error' to Continue (using error output). To send, turn off 'Dry Run'",
		],
		[
			'says what a dry run would store',
			[...contacts(2), ...contacts(1), INVALID],
			{ dryRun: true, output: 'users' },
			{},
			"Dry run: 2 of 4 contacts would be stored, and sent when 500 are collected. 1 is a duplicate. 1 is invalid: see 'reason' in the output. To send, turn off 'Dry Run'",
		],
		[
			'says how many of a few contacts were stored',
			[...contacts(2), ...contacts(1), INVALID],
			{},
			{ onError: 'output' },
			'2 of 4 contacts were stored. 1 is a duplicate. 1 is invalid: see the error output',
		],
		[
			'is what comes next where contacts were stored',
			contacts(1),
			{},
			{},
			'1 of 500 collected. To send sooner, run your existing contacts through this node once',
		],
	])('%s', async (_, items, set, more, hint) => {
		expect((await hintsOf(items, set, more))[0]).toBe(hint);
	});
});

it('says so if a contact is stored already', async () => {
	const tables = new MemoryTables(() => Date.now());
	await hintsOf(contacts(1), {}, { tables });
	expect((await hintsOf(contacts(1), {}, { tables }))[0]).toBe(
		'No contacts were stored. 1 is a duplicate',
	);
});

it('says a dry run only once', async () => {
	for (const count of [1, 600]) {
		const hints = await hintsOf(contacts(count), { dryRun: true });
		expect(hints.filter((hint) => /dry run|a real run/i.test(hint))).toHaveLength(1);
	}
});

it.each([
	[
		'the reason that all contacts share',
		[{ phone: '(202) 555-0117' }, { phone: '(202) 555-0118' }],
		/none of the contacts can be sent\. The phone number has no country code .* or set 'Default Country'$/,
	],
	[
		'where to find several reasons',
		[{ phone: '(202) 555-0117' }, INVALID],
		/none of the contacts can be sent\. The summary counts the reasons/,
	],
	[
		'nothing more where no field was found',
		[{ Eintrag: 'x' }],
		/none of the contacts can be sent$/,
	],
])('if no contact can be sent, names %s, in a dry run too', async (_, items, text) => {
	for (const dryRun of [false, true]) {
		expect(await hintsOf(items, { dryRun })).toContainEqual(expect.stringMatching(text));
	}
});

it('after a first contact in a manual run, names the dry run and where a test contact is stored', async () => {
	const hints = await hintsOf(contacts(1), {}, { mode: 'manual' });
	expect(hints.slice(-2)).toEqual([
		"1 of 500 collected. To send sooner, run your existing contacts through this node once. To check the connection, turn on 'Dry Run'",
		"This contact is stored in the Data Table 'alibaba_cloud_chat_app_contacts'. If it was only a test, open Data Tables in n8n and delete its row",
	]);
});

it('names the rows of several first contacts', async () => {
	const hints = await hintsOf(contacts(3), {}, { mode: 'manual' });
	expect(hints.at(-1)).toMatch(/^These contacts are stored .* delete their rows$/);
});

it('says with how many waiting contacts the last one of them was sent', async () => {
	const tables = new MemoryTables(() => Date.now());
	const options = { collectUntil: 120 };
	await hintsOf(contacts(99), options, { tables });
	const fresh = contacts(22).map(({ email }) => ({ email: `new-${String(email)}` }));
	await hintsOf(fresh.slice(0, 20), options, { tables });
	const [first] = await hintsOf(fresh.slice(20, 21), options, { tables });
	expect(first).toBe("1 contact sent to 'Newsletter readers', with 119 contacts that were waiting");
	await hintsOf(fresh.slice(21), options, { tables });
	const more = contacts(100).map(({ email }) => ({ email: `more-${String(email)}` }));
	const [filled] = await hintsOf(more, options, { tables });
	expect(filled).toBe(
		"100 contacts sent to 'Newsletter readers', with 1 contact that was waiting and 19 previously sent contacts to fill up",
	);
});

it('says with how many previously sent contacts an upload is filled up', async () => {
	const tables = new MemoryTables(() => Date.now());
	await hintsOf(contacts(650), {}, { tables });
	const fresh = contacts(180).map(({ email }) => ({ email: `new-${String(email)}` }));
	const [first] = await hintsOf(fresh, {}, { tables });
	expect(first).toBe(
		"180 contacts sent to 'Newsletter readers', with 320 previously sent contacts to fill up",
	);
});

it.each(['stop', 'hold'])(
	'if none of too few can be sent, says why with %s',
	async (underMinimum) => {
		for (const dryRun of [false, true]) {
			const hints = await hintsOf([INVALID], { underMinimum, dryRun }, { onError: 'continue' });
			expect(hints).toContainEqual(
				expect.stringMatching(/none of the contacts can be sent\. The email address is incomplete/),
			);
		}
	},
);

it('says that an upload without anyone whom Meta can message is discarded', async () => {
	const items = contacts(120).map((contact) => ({ ...contact, country: 'DE' }));
	expect(await hintsOf(items, { dryRun: true })).toContainEqual(
		expect.stringMatching(
			/^This upload has no contacts that Meta can message\. .*will be discarded/,
		),
	);
});

it.each([
	[5, /^5 more people/],
	[130, /^At least \d+ more people/],
])('counts the others of %d people in a list, as far as it reads them', async (count, text) => {
	const hints = await hintsOf([{ email: 'mary@example.com', attendees: contacts(count) }]);
	expect(hints).toContainEqual(expect.stringMatching(text));
});

it('advises collecting more contacts before they are sent, not after', async () => {
	const advice = 'Collect more contacts and send them together';
	expect(String(await hintsOf(contacts(120), { dryRun: true }))).toContain(advice);
	expect(String(await hintsOf(contacts(120)))).not.toContain(advice);
});

it('shows the status before the contact with Output set to One Item per Contact', async () => {
	const { output } = await runNode({
		simulator,
		items: [{ name: 'Ada', customAudience: 'mine', email: 'ada@example.com' }],
		set: { output: 'users', underMinimum: 'warn' },
	});
	expect(Object.keys(output[0] ?? {})).toEqual(['customAudience', 'name', 'email']);
	expect(output[0]?.customAudience).toMatchObject({ status: 'submitted' });
});
