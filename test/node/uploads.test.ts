import { runNode, type NodeResult } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const people = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ email: `person${index}@example.com` }));

const run = async (contacts: object[], set: Record<string, unknown> = {}) =>
	await runNode({
		simulator,
		items: contacts as never,
		set,
		clock: stillClock(),
	});

const callsOf = ({ calls }: NodeResult) =>
	calls.map(({ query, users }) => [users.length, query.EstimatedNumTotal, query.BatchLastFlag]);

describe('an upload', () => {
	it.each([
		[1, [[1, '1', 'true']]],
		[10_000, [[10_000, '10000', 'true']]],
		[
			10_001,
			[
				[10_000, '10001', 'false'],
				[1, '10001', 'true'],
			],
		],
		[
			25_000,
			[
				[10_000, '25000', 'false'],
				[10_000, '25000', 'false'],
				[5_000, '25000', 'true'],
			],
		],
	])('of %i users is sent in full calls, the last one with the flag', async (count, calls) => {
		const contacts = people(count);
		const result = await run(contacts);
		expect(callsOf(result)).toEqual(calls);
		expect(simulator.uploads).toHaveLength(1);
		expect(simulator.uploads[0]?.users).toEqual(contacts.map(({ email }) => ({ Email: email })));
		expect(result.output?.[0]).toMatchObject({ received: count, submitted: count, complete: true });
	});

	it('is created for each audience of a run, with its own total and one last flag', async () => {
		const contacts = people(7).map((person, index) => ({
			...person,
			audience: index % 3 === 0 ? '111' : '222',
		}));
		const result = await run(contacts, { customAudienceId: '={{ $json.audience }}', batchSize: 2 });
		expect(
			simulator.uploads.map(({ customAudienceId, batches, complete, mixed }) => ({
				customAudienceId,
				complete,
				mixed,
				batches: batches.map(({ users, total, last }) => [users.length, total, last]),
			})),
		).toEqual([
			{
				customAudienceId: '111',
				complete: true,
				mixed: false,
				batches: [
					[2, 3, false],
					[1, 3, true],
				],
			},
			{
				customAudienceId: '222',
				complete: true,
				mixed: false,
				batches: [
					[2, 4, false],
					[2, 4, true],
				],
			},
		]);
		expect(result.output?.map(({ received }) => received)).toEqual([3, 4]);
	});

	it('is created for each audience even if all of its IDs are expressions', async () => {
		const contacts = people(3).map((person, index) => ({ ...person, id: `${index % 2}11` }));
		const id = '={{ $json.id }}';
		const set = { custSpaceId: id, pageId: id, adAccountId: id, customAudienceId: id };
		const result = await run(contacts, set);
		expect(callsOf(result).map(([users]) => users)).toEqual([2, 1]);
	});

	it('is returned with its own items, in their order', async () => {
		const contacts = people(5).map((person, index) => ({ ...person, audience: `${index % 2}11` }));
		const set = { customAudienceId: '={{ $json.audience }}' };
		const { items } = await runNode({
			simulator,
			items: contacts,
			set,
			clock: stillClock(),
		});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 2 }, { item: 4 }],
			[{ item: 1 }, { item: 3 }],
		]);
	});

	it('stays open if more runs follow, with the given total', async () => {
		const result = await run(people(3), { lastBatch: 'more', estimatedTotal: 900, batchSize: 2 });
		expect(callsOf(result)).toEqual([
			[2, '900', 'false'],
			[1, '900', 'false'],
		]);
		expect(result.output?.[0]).toMatchObject({ complete: false, submitted: 3, warnings: [] });
	});

	it('has no total if it spans runs and none was given, and says so', async () => {
		const result = await run(people(2), { lastBatch: 'more' });
		expect(callsOf(result)).toEqual([[2, undefined, 'false']]);
		expect(String(result.output?.[0]?.warnings)).toContain("'Total Contacts'");
	});

	it.each([
		[true, 'true'],
		[false, 'false'],
	])(
		"with 'Set', is completed as the expression says for its last item: %s",
		async (isLast, flag) => {
			const contacts = people(3).map((person, index) => ({
				...person,
				done: index === 2 ? isLast : !isLast,
			}));
			const result = await run(contacts, {
				lastBatch: 'set',
				isLastBatch: '={{ $json.done }}',
				estimatedTotal: 600,
			});
			expect(callsOf(result)).toEqual([[3, '600', flag]]);
		},
	);

	it("with 'Set', is completed if 'Is Last Batch' isn't added", async () => {
		const result = await run(people(2), { lastBatch: 'set', estimatedTotal: 600 });
		expect(callsOf(result)).toEqual([[2, '600', 'true']]);
	});

	it('says that it stays open if its last page has no valid contact', async () => {
		const result = await run([{ email: 'nobody' }], {
			lastBatch: 'set',
			isLastBatch: true,
			estimatedTotal: 600,
		});
		expect(result.calls).toEqual([]);
		expect(String(result.output?.[0]?.warnings)).toContain('ends the upload 90 minutes after');
	});

	it('has the 100 rule in the output and as a hint', async () => {
		const result = await run(people(59));
		const [warning] = result.output?.[0]?.warnings as string[];
		expect(warning).toContain(
			'This upload has 59 contacts, of which Meta is expected to match 11–41',
		);
		const hint = { message: warning, type: 'warning', location: 'outputPane' };
		expect(result.hints).toContainEqual(hint);
	});

	it('reads contacts at paths, with an expression that names a field, and with any other expression', async () => {
		const contacts = [{ contact: { mail: 'Ann@Example.com' }, tel: '+1 650 555 1212', land: 'us' }];
		await run(contacts, {
			mappingMode: 'defineBelow',
			emailField: '={{ $json.contact.mail }}',
			phoneField: 'tel',
			countryField: '={{ $json.land.toUpperCase() }}',
		});
		expect(simulator.uploads[0]?.users).toEqual([
			{ Email: 'ann@example.com', Phone: '16505551212' },
		]);
	});

	it('keeps Users out of the URL and in a form body', async () => {
		await run(people(3));
		const [call] = simulator.attempts;
		expect(call?.url).not.toContain('Users');
		expect(call?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
		expect(Object.keys(call?.query ?? {}).sort()).toEqual([
			'AdAccountId',
			'BatchLastFlag',
			'CustSpaceId',
			'CustomAudienceId',
			'EstimatedNumTotal',
			'PageId',
		]);
	});

	it('has a forecast for all of its runs in a dry run', async () => {
		const set = { dryRun: true, lastBatch: 'more', estimatedTotal: 5000 };
		const result = await run(people(3), set);
		expect(result.output?.[0]?.plan).toMatchObject({ expectedMatches: { low: 1000, high: 3500 } });
	});

	it("names the first invalid contacts and reasons even if it can't end the run", async () => {
		const { output } = await runNode({
			simulator,
			items: [{ email: 'ann@example.com' }, { email: 'nobody' }],
			set: { invalidContacts: 'stop' },
			onError: 'continue',
			clock: stillClock(),
		});
		expect(String(output?.[0]?.warnings)).toMatch(/Item 1: The email address is incomplete/);
	});

	it.each([
		['warn', undefined, 'none of the contacts can be sent'],
		['stop', 'under_minimum', ''],
	])(
		"without any valid contact is reported with 'When Below Minimum' %s",
		async (underMinimum, code, warning) => {
			const { output, error, calls } = await run([{}], { underMinimum });
			expect(calls).toEqual([]);
			expect(error?.code).toBe(code);
			if (warning) expect(String(output?.[0]?.warnings)).toContain(warning);
		},
	);

	it('may have been received if its response was lost, and the error says so', async () => {
		simulator.misbehave([1, 2], { kind: 'cutOff' });
		const { error } = await run(people(4), { batchSize: 2, maxTries: 2 });
		expect(error?.description).toContain('No contacts are known to have been accepted');
		expect(error?.description).toContain('may still have been received');
	});

	it('may have been received before it was halved, and the result says so', async () => {
		simulator.misbehave(1, { kind: 'html', status: 502, received: true });
		simulator.misbehave(2, { kind: 'html', status: 413 });
		const halved = await run(people(4));
		expect(halved.output?.[0]).toMatchObject({ submitted: 4, complete: true });
		expect(String(halved.output?.[0]?.warnings)).toContain(
			'A response to the last request was lost',
		);
		simulator.reset();
		simulator.misbehave(1, { kind: 'html', status: 502, received: true });
		simulator.misbehave(2, { kind: 'html', status: 413 });
		simulator.misbehave(3, { kind: 'error', status: 400, code: 'Invalid' });
		const { error } = await run(people(4));
		expect(error?.description).toContain('No contacts are known to have been accepted');
	});

	it('is not sent with a key that was rejected for another upload of the run', async () => {
		const { output, calls } = await runNode({
			simulator,
			items: people(4).map((person, index) => ({ ...person, audience: `${111 + (index % 2)}` })),
			set: { customAudienceId: '={{ $json.audience }}', batchSize: 1 },
			credential: { accessKeyId: 'LTAI5tNobody' },
			onError: 'continue',
			clock: stillClock(),
		});
		expect(calls).toHaveLength(1);
		const code = 'InvalidAccessKeyId.NotFound';
		const untried = { status: 'failed', tries: 0, code };
		expect(output).toMatchObject([
			{ failed: 2, batches: [{ tries: 1, code }, untried] },
			{ failed: 2, batches: [untried, untried] },
		]);
	});

	it('of several runs stays open when its last run fails, and the error says so', async () => {
		simulator.misbehave(1, { kind: 'error', status: 400, code: 'Invalid' });
		const { error } = await run(people(4), { lastBatch: 'set', isLastBatch: true });
		expect(error?.description).toContain('The upload is not complete');
	});

	it('that ends with a rejected batch names its first item, and how many were not sent', async () => {
		simulator.misbehave(
			2,
			{ kind: 'error', status: 400, code: 'Invalid' },
			'AddCustomAudienceUser',
		);
		const { error } = await runNode({
			simulator,
			items: [{ email: 'nobody' }, ...people(7)],
			set: { batchSize: 2 },
			clock: stillClock(),
		});
		expect(error).toMatchObject({
			context: { itemIndex: 3 },
			description: expect.stringContaining('2 contacts in batch 2, and 3 contacts not sent.'),
		});
	});

	it.each([
		['dryRun', "'Dry Run' must be true or false"],
		['lastBatch', "'Last Batch' must be auto, more or set"],
		['underMinimum', "'When Below Minimum' must be collect, hold, warn or stop"],
	])('is rejected if the expression in %s returns nothing', async (option, message) => {
		const { error, calls } = await run(people(2), { [option]: '={{ $json.nothing }}' });
		expect(error?.message).toContain(message);
		expect(calls).toEqual([]);
	});

	it('is rejected if an ID is a number that has lost digits', async () => {
		const audience: unknown = JSON.parse('23851234567890123');
		const contacts = people(2).map((person) => ({ ...person, audience }));
		const { error, calls } = await run(contacts, { customAudienceId: '={{ $json.audience }}' });
		expect(error?.message).toBe("'Custom Audience' is a number with too many digits to be exact");
		expect(error?.description).toContain('as text');
		expect(calls).toEqual([]);
	});

	it.each([
		[
			{ mappingMode: 'foo' },
			"'Mapping Mode' must be autoMapInputData or defineBelow",
			/^Check the value/,
		],
		[
			{ mappingMode: 'defineBelow', emailField: '={{ syntax error' },
			"An expression in the node can't be evaluated",
			/Check the fields/,
		],
		[
			{ defaultCountry: '={{ syntax error' },
			"An expression in the node can't be evaluated",
			/^Check the fields and options that contain an expression/,
		],
	])('is rejected with a message for %j', async (set, message, advice) => {
		const { error, calls } = await run(people(1), set);
		expect(error?.message).toContain(message);
		expect(error?.description).toMatch(advice);
		expect(calls).toEqual([]);
	});
});
