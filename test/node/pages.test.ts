import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { Lasting } from '../store/lasting';

const simulator = useSimulator();

const MARY = { id: 1, name: 'Mary', email: 'mary@example.com', phone: '+4915112345678' };
const BOB = { id: 2, name: 'Bob', email: 'bob@example.com' };
const NOBODY = { id: 3, name: 'Cy', email: 'not an address' };
const AGENT = { id: 4, role: 'agent', email: 'agent@agency.example' };
const PAGE = { results: [MARY, BOB, NOBODY, AGENT], total: 4, next: null };
const ANN = { email: 'ann@example.com' };

type Settings = Partial<Parameters<typeof runNode>[0]>;

const run = (items: IDataObject[], { set, ...more }: Settings = {}) =>
	runNode({
		simulator,
		items,
		set: { underMinimum: 'warn', ...set },
		clock: stillClock(),
		...more,
	});

const usersIn = (calls: Array<{ users: unknown }>) => calls.flatMap(({ users }) => users);

describe('a page of contacts in one item', () => {
	it('is read as its contacts, which are counted one by one', async () => {
		const { output, calls } = await run([PAGE, ANN, { data: [BOB, { email: 'dee@example.com' }] }]);
		expect(usersIn(calls)).toEqual([
			{ Email: 'mary@example.com', Phone: '4915112345678' },
			{ Email: 'bob@example.com' },
			{ Email: 'ann@example.com' },
			{ Email: 'dee@example.com' },
		]);
		expect(output?.[0]).toMatchObject({ received: 7, submitted: 4, duplicates: 1 });
		expect(Object.values(output?.[0] as IDataObject)).toContainEqual({
			email_invalid: 1,
			staff: 1,
		});
	});

	it('returns one item for each of its contacts, with its own fields', async () => {
		const { output, items } = await run([ANN, PAGE], { set: { output: 'users' } });
		expect(output?.map(({ email }) => email)).toEqual([
			'ann@example.com',
			...PAGE.results.map(({ email }) => email),
		]);
		expect(output?.[1]).toMatchObject({
			...MARY,
			customAudience: { status: 'submitted', batch: 1 },
		});
		expect(output?.[4]).toMatchObject({ ...AGENT, customAudience: { reason: 'staff' } });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 1, 1, 1].map((item) => ({ item })),
		);
	});

	it('returns invalid contacts in the error output, each only with its own fields', async () => {
		const result = await run([PAGE, ANN, { email: 'x' }], { onError: 'output' });
		const { output, errorOutput: errors, errorItems } = result;
		expect(output).toHaveLength(1);
		expect(errors).toHaveLength(3);
		expect(errors?.[0]).toEqual({
			error: expect.stringContaining('email'),
			details: { status: expect.any(String), reason: 'email_invalid', contact: NOBODY },
		});
		expect(errors?.[1]).toMatchObject({ details: { reason: 'staff', contact: AGENT } });
		expect(errorItems.slice(0, 2).map(({ pairedItem }) => pairedItem)).toEqual([0, 0]);
		expect(errors?.[2]).toMatchObject({ email: 'x', details: { reason: 'email_invalid' } });
	});

	it.each(['stop', 'continue', 'output'] as const)(
		'is sent once with Retry On Fail, also if its first contact has a field named error: On Error %s',
		async (onError) => {
			const page = { results: [{ ...NOBODY, error: 'bounced' }, MARY, BOB] };
			const result = await run([page, ANN], {
				set: { output: 'users' },
				onError,
				retryOnFail: true,
			});
			expect(result.calls).toHaveLength(1);
			const { output = [], errorOutput: errors = [] } = result;
			expect(output.length + errors.length).toBe(4);
			expect(output.map(({ email }) => email)).toEqual(
				expect.arrayContaining(['mary@example.com', 'bob@example.com', 'ann@example.com']),
			);
		},
	);

	it('is run again by Retry On Fail if nothing was accepted, and sent completely', async () => {
		simulator.misbehave(
			1,
			{ kind: 'businessError', code: 'Audience.NotReady' },
			'AddCustomAudienceUser',
		);
		const { output, calls } = await run([PAGE], { set: { maxTries: 1 }, retryOnFail: true });
		expect(output?.[0]).toMatchObject({ received: 4, submitted: 2, invalid: 2 });
		expect(usersIn(calls.slice(-1))).toHaveLength(2);
	});

	it.each([false, true])(
		'is collected contact by contact, and sent with the contacts of a later page: Retry On Fail %s',
		async (retryOnFail) => {
			const lasting = new Lasting();
			const set = { underMinimum: 'collect', collectUntil: 3, minimumUsers: 3 };
			const first = await run([PAGE], { set, retryOnFail, ...lasting.run });
			expect(first.output?.[0]).toMatchObject({ received: 4, collected: 2, invalid: 2 });
			expect(first.calls).toEqual([]);
			const second = await run([{ data: [BOB, ANN] }], { set, retryOnFail, ...lasting.run });
			expect(second.output?.[0]).toMatchObject({ received: 2 });
			expect(
				usersIn(second.calls)
					.map((user) => (user as { Email: string }).Email)
					.sort(),
			).toEqual(['ann@example.com', 'bob@example.com', 'mary@example.com']);
		},
	);

	it.each<[string, IDataObject, string]>([
		[
			'an ID has an expression that fails',
			{ pageId: "={{ $('Nowhere').item.json.id }}" },
			'expression',
		],
		['an ID is missing', { pageId: '={{ $json.none }}' }, 'missing_id'],
		['no contact gets a country', { defaultCountry: '={{ $json.none }}' }, 'parameter'],
	])('fails contact by contact if %s', async (_, set, code) => {
		const items = [ANN, PAGE];
		const summary = await run(items, { set, onError: 'continue' });
		expect(summary.output).toMatchObject([{ received: 5, failed: 5 }]);
		const more = { set: { ...set, output: 'users' }, onError: 'continue' } as const;
		const { output } = await run(items, more);
		expect(output).toMatchObject(
			[ANN, ...PAGE.results].map((contact) => ({
				...contact,
				customAudience: { status: 'failed', code },
			})),
		);
		const { errorOutput } = await run(items, { set, onError: 'output' });
		expect(errorOutput.map(({ details }) => (details as IDataObject).contact)).toEqual([
			undefined,
			...PAGE.results,
		]);
	});

	it('that is empty is one invalid contact', async () => {
		const { output } = await run([{ results: [], total: 0 }, ANN], { set: { output: 'users' } });
		expect(output).toEqual([
			expect.objectContaining({
				results: [],
				customAudience: expect.objectContaining({ reason: 'empty_page' }),
			}),
			expect.objectContaining({ customAudience: expect.objectContaining({ status: 'submitted' }) }),
		]);
	});

	it('is planned in a dry run', async () => {
		const { output, calls } = await run([PAGE], { set: { dryRun: true } });
		expect(calls).toEqual([]);
		expect(output?.[0]).toMatchObject({ received: 4, held: 2 });
	});

	it.each([
		['as n8n inserts a field of its first entry', 'results[0].mail'],
		['from the entry on', 'mail'],
	])("is read with 'Map Each Field Below', %s", async (_, emailField) => {
		const entry = (mail: string) => ({ mail, email: 'other@example.com' });
		const page = { results: [entry('mary@example.com'), entry('bob@example.com')], total: 2 };
		const set = { mappingMode: 'defineBelow', emailField };
		const { calls } = await run([page], { set });
		expect(usersIn(calls)).toEqual([{ Email: 'mary@example.com' }, { Email: 'bob@example.com' }]);
	});

	it('with unknown names is read if the fields are mapped', async () => {
		const page = { results: [{ c1: 'mary@example.com' }, { c1: 'bob@example.com' }] };
		const set = { mappingMode: 'defineBelow', emailField: 'results[0].c1' };
		const { calls } = await run([page], { set });
		expect(usersIn(calls)).toEqual([{ Email: 'mary@example.com' }, { Email: 'bob@example.com' }]);
	});

	it('of many thousands of contacts is one upload', async () => {
		const results = Array.from({ length: 12_000 }, (_, at) => ({ email: `a${at}@example.com` }));
		const { output, calls } = await run([{ results }]);
		expect(calls.map(({ users }) => (users as unknown[]).length)).toEqual([10_000, 2000]);
		expect(output?.[0]).toMatchObject({ received: 12_000, submitted: 12_000 });
	});
});

describe('items with only an ID', () => {
	const changed = { subscriptionType: 'contact.creation', portalId: 1, contactId: 4951123456 };

	it('end the run with the node to insert', async () => {
		const { error, calls } = await run([changed, { ...changed, contactId: 5 }]);
		expect(error?.message).toContain("The items contain no contact, only 'contactId'");
		expect(JSON.stringify([error?.message, error?.description])).toContain(
			"Add a node that gets the contact, such as HubSpot 'Get a contact', before this one",
		);
		expect(calls).toEqual([]);
	});

	it.each(['continue', 'output'] as const)(
		'are invalid contacts with On Error %s',
		async (onError) => {
			const { output, errorOutput } = await run([changed], { onError, set: { output: 'users' } });
			const [item] = [...output, ...errorOutput];
			expect(JSON.stringify(item)).toContain('"reason":"only_ids"');
		},
	);

	it.each([
		['one of them has a contact', [changed, ANN]],
		['one of them has an empty email', [changed, { email: '' }]],
		['they are people without an email and a phone', [{ id: 5, name: 'Mary', company: 'Acme' }]],
	])('do not end the run if %s', async (_, items) => {
		expect((await run(items as IDataObject[])).error).toBeUndefined();
	});

	it('are reported in a dry run', async () => {
		const { output } = await run([changed], { set: { dryRun: true } });
		expect(JSON.stringify(output)).toContain("only 'contactId'");
	});
});

describe('a value that was not used', () => {
	const warningsOf = async (items: IDataObject[]) =>
		((await run(items)).output?.[0] as { warnings: string[] }).warnings.join('\n');

	it('is reported once, by name and count, if fewer than half have a phone', async () => {
		const items = Array.from({ length: 5 }, (_, at) => ({
			email: `a${at}@example.com`,
			...(at < 4 ? { field_3: `+49151123456${at}8` } : { phone: '+4915112345699' }),
		}));
		expect(await warningsOf(items)).toContain(
			"Not used: 'field_3' looks like a phone number in 4 of 5 contacts. Set 'Mapping Mode' to Map Each Field Below to use it",
		);
	});

	it('is reported with the number of further ones', async () => {
		const fields = [1, 2, 3, 4, 5, 6].map((n) => [`field_${n}`, `+491512345678${n}`]);
		const item = { email: 'a@example.com', ...Object.fromEntries(fields) } as IDataObject;
		expect(await warningsOf([item])).toMatch(
			/Not used: (?:'field_\d' looks like a phone number, ){3}'field_\d' looks like a phone number and 2 more\. .* to use them/,
		);
	});

	it('is reported without a person’s name', async () => {
		const items = [{ email: 'a@example.com', 'Mary Smith': '+4915112345678' }];
		const warnings = await warningsOf(items);
		expect(warnings).toContain("Not used: '[hidden]' looks like a phone number");
		expect(warnings).not.toContain('Mary');
	});

	it('is not reported if most have a phone, or if it is someone else’s', async () => {
		const phone = '+4915112345678';
		const items = [
			{ email: 'a@example.com', phone },
			{ email: 'b@example.com', phone: '+4915112345679' },
			{ email: 'c@example.com', field_3: phone },
		];
		expect(await warningsOf(items)).not.toContain('Not used');
		expect(await warningsOf([{ email: 'a@example.com', owner_phone: phone }])).not.toContain(
			'Not used',
		);
	});

	it('counts the other people of a record by their field', async () => {
		const attendees = [MARY, BOB, { email: 'dee@example.com' }];
		expect(await warningsOf([{ id: 'e1', title: 'Demo', attendees }])).toContain(
			"2 more people in 'attendees' were not used",
		);
		const order = {
			id: 7,
			buyer: { email: 'ann@example.com' },
			guest: { email: 'bo@example.com' },
		};
		expect(await warningsOf([order])).toMatch(
			/1 more person in 'buyer' was not used\. To send them too, return each person as an item/,
		);
	});
});
