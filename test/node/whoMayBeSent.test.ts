import type { IDataObject } from 'n8n-workflow';
import { byId, SAMPLE_IDS } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

const run = async (items: IDataObject[], set: IDataObject = {}, more: Partial<NodeRun> = {}) =>
	await runNode({
		simulator,
		items,
		set: { underMinimum: 'warn', ...set },
		clock: stillClock(),
		...more,
	});
const usersSent = () => simulator.attempts.flatMap(({ users = [] }) => users);
const statusesOf = ({ output }: Awaited<ReturnType<typeof run>>) =>
	output.map(({ customAudience }) => customAudience);

const ada = { email: 'ada@example.com' };
const bob = { email: 'bob@example.com', unsubscribed: true };
const cid = { email: 'cid@example.com', HasOptedOutOfEmail: true };

describe('contacts who said no to marketing', () => {
	it('are left out by default, and counted by field', async () => {
		const { output } = await run([ada, bob, cid]);
		expect(output).toMatchObject([
			{
				received: 3,
				submitted: 1,
				invalid: 2,
				invalidReasons: { opted_out: 2 },
				optedOut: { unsubscribed: 1, HasOptedOutOfEmail: 1 },
			},
		]);
		expect(usersSent()).toEqual([{ Email: 'ada@example.com' }]);
	});

	it("are sent with a warning if 'Opted-Out Contacts' is Send", async () => {
		const { output } = await run([ada, bob], { optedOut: 'send' });
		expect(output).toMatchObject([{ submitted: 2, optedOut: { unsubscribed: 1 } }]);
		expect(String(output[0]?.warnings)).toMatch(/1 contact who said no to marketing is included/);
	});

	it("are sent to an audience whose 'Opted-Out Contacts' is Send, whatever they said next to another", async () => {
		const items = [
			{ email: 'bob@example.com', to: '111', rule: 'send' },
			{ ...bob, to: '222', rule: 'leaveOut' },
		];
		const set = { customAudienceId: byId('={{ $json.to }}'), optedOut: '={{ $json.rule }}' };
		const { output } = await run(items, set);
		expect(output).toMatchObject([
			{ customAudienceId: '111', submitted: 1 },
			{ customAudienceId: '222', submitted: 0, optedOut: { unsubscribed: 1 } },
		]);
		expect(output[0]).not.toHaveProperty('optedOut');
	});

	it('are left out of files and pages, too', async () => {
		const content = 'email,Opt-in\nada@example.com,yes\nbob@example.com,no\n';
		const file = await run([], {}, { files: [{ name: 'list.csv', content }] });
		expect(file.output).toMatchObject([{ submitted: 1, optedOut: { 'Opt-in': 1 } }]);
		const page = await run([{ results: [ada, bob], total: 2 }]);
		expect(page.output).toMatchObject([
			{ received: 2, submitted: 1, optedOut: { unsubscribed: 1 } },
		]);
	});

	it('are removed from the Data Table, waiting or previously sent', async () => {
		const tables = new MemoryTables(() => Date.now());
		const more = { tables, staticData: {} };
		await run([{ email: 'bob@example.com' }], { underMinimum: 'collect' }, more);
		expect(JSON.stringify(tables.tables)).toContain('bob@example.com');
		await run([bob], { underMinimum: 'collect' }, more);
		expect(JSON.stringify(tables.tables)).not.toContain('bob@example.com');
	});
});

describe("'Consent Field'", () => {
	it.each(['consent', '={{ $json.consent }}', '={{ $json.consent ? "yes" : "" }}'])(
		'sends only contacts whose value says yes: %s',
		async (consentField) => {
			const items = [
				{ ...ada, consent: 'Yes' },
				{ email: 'dora@example.com', consent: '' },
				{ email: 'eve@example.com' },
			];
			const result = await run(items, { consentField, output: 'users' });
			expect(statusesOf(result)).toMatchObject([
				{ status: 'submitted' },
				{ status: 'invalid', reason: 'no_consent' },
				{ status: 'invalid', reason: 'no_consent' },
			]);
		},
	);

	it('reads the column of a file, and each entry of a page', async () => {
		const content = 'email,ok\nada@example.com,1\nbob@example.com,0\n';
		const file = await run([], { consentField: 'ok' }, { files: [{ name: 'a.csv', content }] });
		expect(file.output).toMatchObject([{ submitted: 1, invalidReasons: { no_consent: 1 } }]);
		const results = [{ ...ada, ok: true }, { email: 'bob@example.com' }];
		// An AI agent may write a column's position as a number.
		const rows = { content: 'a@example.com,yes\nb@example.com,no\n', name: 'a.csv' };
		const set = { headerRow: false, mappingMode: 'defineBelow', emailField: 0, consentField: 1 };
		const byPosition = await run([], set, { files: [rows] });
		expect(byPosition.output).toMatchObject([{ submitted: 1, invalidReasons: { no_consent: 1 } }]);
		const page = await run([{ results, total: 2 }], { consentField: 'ok' });
		expect(page.output).toMatchObject([{ submitted: 1, invalidReasons: { no_consent: 1 } }]);
	});
});

describe('countries that Meta cannot message', () => {
	const items = [
		{ email: 'ada@example.com', phone: '+14155550123' },
		{ email: 'bob@example.com', phone: '+4915112345678' },
		{ email: 'cid@example.com', country: 'Japan' },
		{ email: 'dora@example.com' },
	];
	const reach = { messageable: 1, notMessageable: { DE: 1, JP: 1 }, unknown: 1 };

	it.each([{}, { hash: 'sha256' }, { dryRun: true }])('are counted: %j', async (set) => {
		const { output } = await run(items, set);
		expect(output).toMatchObject([{ reach }]);
		expect(String(output[0]?.warnings)).toMatch(/2 of 4 contacts are in countries/);
	});

	it("are left out if 'Contacts Meta Can't Message' is Leave Out", async () => {
		const { output } = await run(items, { unreachable: 'leaveOut' });
		expect(output).toMatchObject([
			{
				submitted: 2,
				invalidReasons: { country_not_messageable: 2 },
				reach: { messageable: 1, notMessageable: {}, unknown: 1 },
			},
		]);
	});
});

describe("'Addresses' All of Them", () => {
	const several = (name: string) => ({
		email: `${name}@example.com`,
		email_2: `${name}@work.example`,
		phone: `+1415555${name === 'ada' ? '0123' : '0124'}`,
	});

	it("sends each contact's addresses in one batch, and counts contacts", async () => {
		const { output } = await run([several('ada'), several('bob')], {
			addresses: 'all',
			batchSize: 3,
		});
		expect(output).toMatchObject([{ received: 2, submitted: 2, users: 4 }]);
		expect(simulator.attempts.map(({ users = [] }) => users.length)).toEqual([2, 2]);
		expect(simulator.attempts[0]?.query.EstimatedNumTotal).toBe('4');
	});

	it('counts a contact as a duplicate only if none of its addresses is new', async () => {
		const items = [several('ada'), { email: 'ada@example.com' }, several('ada')];
		const { output } = await run(items, { addresses: 'all' });
		expect(output).toMatchObject([{ submitted: 1, duplicates: 2 }]);
	});

	it('stores the addresses of a contact together', async () => {
		const tables = new MemoryTables(() => Date.now());
		const set = { addresses: 'all', underMinimum: 'collect' };
		const { output } = await run([several('ada')], set, { tables, staticData: {} });
		expect(output).toMatchObject([{ collected: 1, collecting: { waiting: 1 } }]);
	});

	it('keeps the addresses of a contact from the table in one batch, and counts contacts', async () => {
		const more = { tables: new MemoryTables(() => Date.now()), staticData: {} };
		const set = { addresses: 'all', underMinimum: 'collect', collectUntil: 3, batchSize: 4 };
		await run([several('ada')], { ...set, minimumUsers: 10 }, more);
		const list = [several('bob'), { email: 'cid@example.com' }];
		const { output } = await run(list, { ...set, minimumUsers: 2 }, more);
		expect(output).toMatchObject([
			{ received: 2, submitted: 2, users: 3, collecting: { sentFromTable: 1, keptForTopUp: 2 } },
		]);
		expect(simulator.attempts.map(({ users = [] }) => users.length)).toEqual([3, 2]);
		simulator.reset();
		// 'ada', 'bob', and 'cid' are kept, the first two with two rows each.
		await run([{ email: 'eve@example.com' }], { ...set, collectHours: 0.001 }, more);
		const clock = { ...stillClock(), now: () => Date.now() + 60_000 };
		const topped = await run(
			[several('fay')],
			{ ...set, collectHours: 0.001, batchSize: 2 },
			{ ...more, clock },
		);
		expect(topped.output).toMatchObject([
			{ submitted: 1, collecting: { sentFromTable: 1, toppedUp: 1 } },
		]);
		const sizes = simulator.attempts.map(({ users = [] }) => users.length);
		expect(Math.max(...sizes)).toBe(2);
	});

	it('shows how many contacts Send Collected Users sent, not how many addresses', async () => {
		const more = { tables: new MemoryTables(() => Date.now()), staticData: {} };
		const set = { addresses: 'all', underMinimum: 'collect' };
		await run([several('ada'), several('bob')], set, more);
		const { output } = await runNode({
			simulator,
			operation: 'customAudience:sendCollected',
			set: { ...SAMPLE_IDS, force: true },
			clock: stillClock(),
			...more,
		});
		expect(output).toMatchObject([
			{ received: 2, submitted: 2, users: 4, collecting: { sentFromTable: 2 } },
		]);
	});
});

describe("'Keep Sent Contacts (Days)'", () => {
	const rowsIn = ({ tables }: MemoryTables) =>
		tables.flatMap(({ rows }) => rows.filter(({ status }) => status !== 'lease'));
	const list = (from: number) =>
		[0, 1, 2, 3].map((index) => ({ email: `u${from + index}@example.com` }));

	it('keeps the last contacts of a list, and says how many', async () => {
		const more = { tables: new MemoryTables(() => Date.now()), staticData: {} };
		const set = { underMinimum: 'collect', minimumUsers: 2, collectUntil: 3 };
		const { output } = await run(list(1), set, more);
		expect(output).toMatchObject([{ submitted: 4, collecting: { keptForTopUp: 3 } }]);
		expect(rowsIn(more.tables).map(({ email, status }) => [email, status])).toEqual([
			['u2@example.com', 'sent'],
			['u3@example.com', 'sent'],
			['u4@example.com', 'sent'],
		]);
	});

	it("keeps no one of a list if 'Fill Up With Sent Contacts' is off, and doesn't say so", async () => {
		const more = { tables: new MemoryTables(() => Date.now()), staticData: {} };
		const set = { underMinimum: 'collect', minimumUsers: 2, topUp: false };
		const { output, hints } = await run(list(1), set, more);
		expect(output).toMatchObject([{ submitted: 4 }]);
		expect(hints.map(({ message }) => message).join()).not.toContain('sent again');
		expect(rowsIn(more.tables)).toEqual([]);
	});

	it('keeps no one who was sent if it is 0: not of a list, not of those who waited, not of earlier runs', async () => {
		const more = { tables: new MemoryTables(() => Date.now()), staticData: {} };
		const set = { underMinimum: 'collect', minimumUsers: 2, collectUntil: 9 };
		await run(list(1), set, more);
		expect(rowsIn(more.tables)).toHaveLength(4);
		const none = { ...set, keepDays: 0 };
		await run([{ email: 'ada@example.com' }], none, more);
		const { output } = await run(list(5), none, more);
		expect(output).toMatchObject([
			{ submitted: 4, collecting: { waiting: 0, sentFromTable: 1, keptForTopUp: 0 } },
		]);
		expect(rowsIn(more.tables)).toEqual([]);
	});
});
