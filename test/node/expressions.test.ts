import { Expression, type IDataObject } from 'n8n-workflow';
import { ALL_IDS } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();
const { pageId } = KNOWN;

/** Runs the node with 'Page ID' from an expression, and counts how often n8n evaluates it. */
async function run(expression: string, items: IDataObject[], set: Record<string, unknown> = {}) {
	const evaluate = jest.spyOn(Expression.prototype, 'resolveSimpleParameterValue');
	const contacts = items.map((item, index) => ({ email: `u${index}@example.com`, ...item }));
	const { output } = await runNode({
		simulator,
		items: contacts,
		set: { pageId: expression, ...set },
		onError: 'continue',
	});
	const times = evaluate.mock.calls.filter(([value]) => value === expression).length;
	evaluate.mockRestore();
	return { output, times };
}

const FIRST = "$('Start').first().json";

describe("n8n's evaluation of an expression takes long, so", () => {
	it('one that only names a field is read from the item', async () => {
		const items = [{ page: { id: pageId } }, { page: { id: pageId } }, { page: { id: '7' } }];
		const { output, times } = await run('={{ $json.page.id }}', items);
		expect(output).toMatchObject([
			{ pageId, received: 2 },
			{ pageId: '7', received: 1 },
		]);
		expect(times).toBe(0);
	});

	it.each([
		[`={{ ${FIRST}.id }}`, 1],
		['={{ $("Start").last().json.body["page id"] }}', 1],
		["={{ $('Start').params.notice.value }}", 1],
		[`={{ ${FIRST}.ids[$itemIndex] }}`, 2],
		["={{ $('Start').item.json.id }}", 2],
		['={{ $vars.page || 104996 }}', 1],
		['={{ $vars.page || $json.id }}', 2],
		["={{ $execution.mode === 'x' ? $workflow.id : 104996 }}", 1],
		['={{ $input.first().json.ids[0] }}', 1],
		["={{ $('Start').all().length > 1 ? $input.all()[0].json.id : $now.year }}", 1],
		['={{ $input.item.json.id }}', 2],
		["={{ $('Start').all()[$itemIndex].json.id }}", 2],
		[`={{ ${FIRST}.id + $json.none }}`, 2],
	])('%s is evaluated as often as it can differ: %i of 2 times', async (expression, times) => {
		const item = { id: pageId, body: { 'page id': pageId }, ids: [pageId, pageId] };
		expect(await run(expression, [item, item])).toMatchObject({ times });
	});
});

it('an expression in an ID may return another one for each item', async () => {
	const items = [pageId, pageId, '7', 'My Shop', undefined].map((id) => ({ id }));
	const { output } = await run('={{ $json.id }}', items, { output: 'users' });
	expect(output.map(({ customAudience }) => customAudience)).toMatchObject([
		{ status: 'submitted' },
		{ status: 'submitted' },
		{ status: 'submitted' },
		{ status: 'failed', code: 'invalid_id' },
		{ status: 'failed', code: 'missing_id' },
	]);
});

describe("an expression in 'Default Country'", () => {
	const phones = async (expression: string, items: IDataObject[]) => {
		const { calls, output } = await runNode({
			simulator,
			items,
			set: { defaultCountry: expression, output: 'users' },
			onError: 'continue',
		});
		const results = output.map(({ customAudience }) => customAudience as IDataObject);
		return {
			sent: calls.flatMap(({ users }) => (users as IDataObject[]).map(({ Phone }) => Phone)),
			reasons: results.flatMap(({ reason }) => reason ?? []),
		};
	};

	it.each(['={{ $json.home }}', '={{ $json.home.trim() }}'])(
		'may return another one for each item: %s',
		async (expression) => {
			const items = [
				{ phone: '0151 12345678', home: 'DE' },
				{ phone: '650 253 0000', home: 'United States' },
				{ phone: '0151 12345679', home: ' ' },
				{ phone: '0151 12345679', home: 'Atlantis' },
				{ phone: '8123 4567', home: 'DE', country: 'SG' },
			];
			expect(await phones(expression, items)).toEqual({
				sent: ['4915112345678', '16502530000', '6581234567'],
				reasons: ['phone_no_country', 'phone_country_unknown'],
			});
		},
	);

	it.each([
		['a country that is not known', 'Atlantis'],
		['none', undefined],
		['null', null],
		['an object', {}],
	])('may return %s for some items, also for the first one', async (_, home) => {
		const items = [
			{ email: 'ann@example.com', phone: '0151 12345678', home },
			{ phone: '0151 12345678', home: 'DE' },
		] as IDataObject[];
		for (const given of [items, items.toReversed()]) {
			simulator.reset();
			const { output } = await runNode({
				simulator,
				items: given,
				set: { defaultCountry: '={{ $json.home }}' },
			});
			expect(output).toMatchObject([{ submitted: 2, failed: 0 }]);
			expect(output[0]?.warnings).toContainEqual(
				expect.stringMatching(
					/^The expression in 'Default Country' returned no country for 1 of 2/,
				),
			);
		}
	});

	it('may return none for the only contact of a run, and an empty text without a warning', async () => {
		const contact = { email: 'ann@example.com' };
		const set = { defaultCountry: '={{ $json.home }}' };
		const lead = await runNode({ simulator, items: [contact], set });
		expect(lead.output).toMatchObject([{ submitted: 1 }]);
		expect(String(lead.output[0]?.warnings)).toContain('returned no country for the contact');
		const empty = await runNode({ simulator, items: [{ ...contact, home: '' }], set });
		expect(String(empty.output[0]?.warnings)).not.toContain('Default Country');
	});

	it('fails only its contact if it fails for an item and the run continues, and otherwise ends the run', async () => {
		const items = [{ isOdd: true, email: 'ann@example.com' }, { phone: '0151 12345678' }];
		const set = {
			defaultCountry: "={{ $json.isOdd ? $('Nowhere').first().json.home : 'DE' }}",
		};
		const { output } = await runNode({ simulator, items, set, onError: 'continue' });
		expect(output).toMatchObject([
			{ submitted: 1, invalid: 1, invalidReasons: { expression_failed: 1 } },
		]);
		expect(String(output[0]?.warnings)).toContain("can't be evaluated for item 0");
		simulator.reset();
		const { error, calls } = await runNode({ simulator, items, set });
		expect(error).toMatchObject({ context: { itemIndex: 0 } });
		expect(calls).toEqual([]);
	});

	it('applies to each contact of a page', async () => {
		const page = (phone: string, home: string) => ({ home, results: [{ phone }, { phone }] });
		const items = [page('0151 12345678', 'DE'), page('650 253 0000', 'US')];
		const { sent } = await phones('={{ $json.home }}', items);
		expect(sent).toEqual(['4915112345678', '16502530000']);
	});
});

describe('an option that counts for all items of an upload', () => {
	const contacts = (values: unknown[]) =>
		values.map((value, index) => ({ email: `u${index}@example.com`, value }) as IDataObject);

	it.each([
		['Dry Run', { dryRun: '={{ $json.value }}' }, [false, false, true]],
		['Dry Run', { dryRun: '={{ !$json.value }}' }, [true, true, false]],
		[
			'Hash Contacts',
			{ hash: "={{ $json.value === 'DE' ? 'sha256' : 'none' }}" },
			['SG', 'SG', 'DE'],
		],
		['Opted-Out Contacts', { optedOut: '={{ $json.value }}' }, ['leaveOut', 'leaveOut', 'send']],
		['Data Table Name', { collectTable: '={{ $json.value }}' }, ['a', 'a', 'b']],
		['Total Contacts', { estimatedTotal: '={{ $json.value }}' }, [5, '5', undefined]],
		['Output', { output: '={{ $json.value }}' }, ['users', 'users', 'summary']],
		[
			'Mapping Mode',
			{ mappingMode: '={{ $json.value }}' },
			['autoMapInputData', 'autoMapInputData', 'defineBelow'],
		],
	])("must not differ between them: '%s' with %j", async (label, set, values) => {
		const { error } = await runNode({ simulator, items: contacts(values), set });
		expect(error).toMatchObject({
			message: `'${label}' must be the same for all items, but item 2 has another value`,
			description: 'To treat items differently, use an If node and two of these nodes',
			code: 'parameter',
			context: { itemIndex: 2 },
		});
		expect(simulator.requests).toEqual([]);
		const { output } = await runNode({
			simulator,
			items: contacts(values),
			set: { ...set, output: 'summary', ...('output' in set && set) },
			onError: 'continue',
		});
		expect(simulator.requests).toEqual([]);
		expect(JSON.stringify(output)).toMatch(/parameter|must be the same for all items/);
	});

	it('may be written in different ways, and be another one for another audience', async () => {
		const items = contacts(['none', 'none', 'sha256']).map((contact, index) => ({
			...contact,
			audience: index < 2 ? '111' : '222',
			dry: index === 0 ? false : 'false',
		}));
		const set = {
			customAudienceId: '={{ $json.audience }}',
			hash: '={{ $json.value }}',
			dryRun: '={{ $json.dry }}',
		};
		const { calls } = await runNode({ simulator, items, set });
		expect(calls.map(({ users }) => users.length)).toEqual([2, 1]);
		expect(calls[1]?.users).toEqual([{ Email: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
	});

	it("is evaluated once if its expression can't differ", async () => {
		const evaluate = jest.spyOn(Expression.prototype, 'resolveSimpleParameterValue');
		const expression = "={{ $execution.mode === 'test' }}";
		await runNode({
			simulator,
			items: contacts(Array.from({ length: 50 })),
			set: { dryRun: expression },
		});
		const times = evaluate.mock.calls.filter(([value]) => value === expression).length;
		evaluate.mockRestore();
		expect(times).toBe(1);
	});

	it('must not differ in the other operations that have it', async () => {
		const items = contacts(['a', 'b']);
		const set = { collectTable: '={{ $json.value }}' };
		for (const operation of ['sendCollected', 'forgetUsers']) {
			const { error } = await runNode({
				simulator,
				operation: `customAudience:${operation}`,
				items,
				set: operation === 'sendCollected' ? { ...ALL_IDS, ...set } : set,
			});
			expect(error?.message).toBe(
				"'Data Table Name' must be the same for all items, but item 1 has another value",
			);
		}
	});
});

describe("the audience's name", () => {
	const ID = KNOWN.customAudienceId;

	const nameOf = async (customAudienceId: unknown, item: IDataObject = {}) =>
		(await run(pageId, [item], { customAudienceId })).output[0]?.customAudienceName;

	it.each([
		['the list shows it', 'Leads · 1,200 people', 'Leads'],
		['the list shows it from right to left', '\u2068Leads\u2069 · none', 'Leads'],
		['its ID, if it has no name', ID, undefined],
		['a value that is no name', 7, undefined],
		['nothing', undefined, undefined],
	])('is known if the chosen entry has one: %s', async (_, cachedResultName, name) => {
		const chosen = { __rl: true, mode: 'list', value: ID, cachedResultName };
		expect(await nameOf(chosen)).toBe(name);
		expect(await nameOf({ ...chosen, value: Number(ID) })).toBe(name);
	});

	it("is known from the output of 'Create' for the same ID", async () => {
		const expression = '={{ $json.customAudienceId }}';
		const created = { customAudienceId: ID, customAudienceName: 'Made' };
		expect(await nameOf(expression, created)).toBe('Made');
		expect(await nameOf(expression, { ...created, customAudienceId: Number(ID) })).toBe('Made');
		expect(await nameOf(expression, { ...created, customAudienceName: 5 })).toBeUndefined();
		expect(await nameOf(ID, { ...created, customAudienceId: '99' })).toBeUndefined();
		expect(await nameOf(ID)).toBeUndefined();
	});
});

describe('where an expression fails and the run continues', () => {
	const broken = "={{ $json.page ? $('Nowhere').first().json.home : 'DE' }}";
	const statuses = async (items: IDataObject[], set: IDataObject) => {
		const { output, calls } = await runNode({
			simulator,
			items,
			set: { output: 'users', ...set },
			onError: 'continue',
		});
		expect(calls).toEqual([]);
		return output.map(({ customAudience }) => {
			const { status, reason } = customAudience as IDataObject;
			return [status, reason];
		});
	};
	const failed = ['invalid', 'expression_failed'];
	const ann = { email: 'ann@example.com' };

	it.each([
		['Default Country', { defaultCountry: broken }],
		['Consent Field', { consentField: broken }],
		['Email Field', { mappingMode: 'defineBelow', emailField: broken }],
	])("each contact of a page is invalid because of it: '%s'", async (_, set) => {
		const page = {
			page: 1,
			results: [ann, { email: 'bob@example.com' }, { phone: '+6581234567' }],
		};
		// n8n evaluates a collection's options together, so 'Output' is read at an item without the fault.
		const [, ...ofPage] = await statuses([{ email: 'invalid' }, page], set);
		expect(ofPage).toEqual([failed, failed, failed]);
		const [, ofItem] = await statuses([{ email: 'invalid' }, { ...ann, page: 1 }], set);
		expect(ofItem).toEqual(failed);
	});

	it('a contact who opted out still has that reason, unless such contacts are sent', async () => {
		const items = [{ ...ann, page: 1, unsubscribed: true }];
		const set = { defaultCountry: broken };
		expect(await statuses(items, set)).toEqual([['invalid', 'opted_out']]);
		expect(await statuses(items, { ...set, optedOut: 'send' })).toEqual([failed]);
	});
});
