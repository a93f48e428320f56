import type { IDataObject } from 'n8n-workflow';
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
});
