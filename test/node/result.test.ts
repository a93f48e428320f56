import type { IDataObject } from 'n8n-workflow';
import { REASONS } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';
import { ALL_IDS } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { KNOWN, startSimulator } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

function people(count: number, more: IDataObject = {}): IDataObject[] {
	return Array.from({ length: count }, (_, n) => ({ email: `p${n}@example.com`, ...more }));
}

async function run(contacts: IDataObject[], more: Partial<NodeRun> = {}) {
	const set = { underMinimum: 'warn', ...more.set };
	return await runNode({ simulator, clock: stillClock(), ...more, items: contacts, set });
}

async function warningsOf(...given: Parameters<typeof run>): Promise<string[]> {
	const { output } = await run(...given);
	return output?.[0]?.warnings as string[];
}

describe('the summary', () => {
	it('begins with the counts and the warnings, and ends with the IDs and the calls', async () => {
		const { output } = await run([{ email: 'nobody' }, ...people(120)]);
		const keys = Object.keys(output?.[0] ?? {});
		const [received, warnings, id, batches] = [
			'received',
			'warnings',
			'custSpaceId',
			'batches',
		].map((key) => keys.indexOf(key));
		expect(received).toBe(0);
		expect(warnings).toBeLessThan(id as number);
		expect(keys.indexOf('invalidReasons')).toBeLessThan(id as number);
		expect(keys.indexOf('held')).toBeLessThan(warnings as number);
		expect(batches).toBe(keys.length - 1);
	});

	it('contains the advice for each reason next to its count', async () => {
		const { output } = await run([{ email: 'nobody' }, { phone: '12' }, ...people(120)]);
		expect(output?.[0]).toMatchObject({
			invalidReasons: { email_invalid: 1 },
			advice: { email_invalid: REASONS.email_invalid },
		});
		const { invalidReasons, advice } = output?.[0] as Record<string, object>;
		expect(Object.keys(advice ?? {})).toEqual(Object.keys(invalidReasons ?? {}));
	});

	it.each([
		['as it was chosen from the list', 'Autumn · 10 people · 42', 'Autumn'],
		['written from right to left', '\u2068عملاء\u2069 · nobody yet · 42', 'عملاء'],
		['that has none', '42 · nobody yet', undefined],
	])('shows the name of the audience %s', async (_, cachedResultName, name) => {
		const customAudienceId = { __rl: true, mode: 'list', value: '42', cachedResultName };
		const { output } = await run(people(120), { set: { customAudienceId } });
		expect(output?.[0]?.customAudienceName).toBe(name);
	});

	it("shows the name from 'Create', only for its own audience", async () => {
		const contacts = [
			...people(120, { customAudienceId: KNOWN.customAudienceId, customAudienceName: 'Autumn' }),
		];
		const set = { customAudienceId: '={{ $json.customAudienceId }}' };
		expect((await run(contacts, { set })).output).toMatchObject([{ customAudienceName: 'Autumn' }]);
		const [other] = (await run(contacts, { set: { customAudienceId: '7' } })).output ?? [];
		expect(other).not.toHaveProperty('customAudienceName');
	});
});

describe('warnings never contradict each other', () => {
	const LOST = /that nobody of this one/;

	it('no one expects 0 to 0 matches', async () => {
		for (const count of [1, 2, 4, 5]) {
			expect((await warningsOf(people(count))).join()).not.toMatch(/match 0 to 0/);
		}
	});

	it.each(['hold', 'stop'])('what is not sent (%s) has one warning', async (underMinimum) => {
		const more = { set: { underMinimum }, onError: 'continue' as const };
		expect(await warningsOf(people(20), more)).toEqual([
			expect.stringMatching(/^Nothing was sent: there are only 20 contacts/),
		]);
		const dry = await warningsOf(people(20), { set: { underMinimum, dryRun: true } });
		expect(dry.filter((text) => LOST.test(text))).toEqual([]);
	});

	it("an upload that wasn't accepted isn't called lost as well", async () => {
		simulator.misbehave(
			1,
			{ kind: 'businessError', code: 'Audience.NotReady' },
			'AddCustomAudienceUser',
		);
		const warnings = await warningsOf(people(20), { onError: 'continue' });
		expect(warnings.join()).toMatch(/1 batch was rejected/);
		expect(warnings.join()).not.toMatch(LOST);
		expect(warnings.join()).not.toMatch(/not complete/);
	});

	it("an upload whose last response was lost isn't called open as well", async () => {
		simulator.misbehave((n) => n > 1, { kind: 'reset', received: true }, 'AddCustomAudienceUser');
		const set = { batchSize: 60, maxTries: 1 };
		const warnings = await warningsOf(people(120), { set, onError: 'continue' });
		expect(warnings.join()).toMatch(/A response to the last request was lost/);
		expect(warnings.join()).not.toMatch(/is not complete/);
	});

	it("an upload that couldn't start isn't called open as well", async () => {
		const set = { lastBatch: 'set', isLastBatch: true, estimatedTotal: 600 };
		const credential = { accessKeyId: '' };
		expect(await warningsOf(people(20), { set, credential, onError: 'continue' })).toEqual([
			expect.stringMatching(/^The credential can't be used/),
		]);
	});

	it('says when matches appear if one upload of several was accepted', async () => {
		simulator.misbehave(1, { kind: 'businessError', code: 'Full' }, 'AddCustomAudienceUser');
		const contacts = ['111', '222'].map((audience) => ({ email: 'ann@example.com', audience }));
		const set = { customAudienceId: '={{ $json.audience }}' };
		const { hints = [] } = await run(contacts, { set, onError: 'continue' });
		expect(hints.map(({ message }) => message).join()).toMatch(/matches appear/);
	});

	it('says when matches appear only if something was submitted', async () => {
		const hinted = async (set: IDataObject) => {
			const { hints = [] } = await run(people(20), { set, onError: 'continue' });
			const [hint] = hints.filter(({ message }) => /matches appear/.test(message));
			if (hint) expect(hint).toMatchObject({ type: 'info', location: 'outputPane' });
			return hint !== undefined;
		};
		expect(await hinted({})).toBe(true);
		for (const set of [{ underMinimum: 'hold' }, { dryRun: true }, { pageId: '' }]) {
			expect(await hinted(set)).toBe(false);
		}
	});
});

describe('a dry run', () => {
	const dry = async (more: Partial<NodeRun> = {}) => {
		const set = { ...ALL_IDS, dryRun: true, ...more.set };
		return await run(people(600), { ...more, set });
	};
	const powerless = { accessKeyId: 'LTAI5tNobody', accessKeySecret: 'secret' };

	it("says that nothing was sent, and shows the audience's name", async () => {
		const { output, hints } = await dry();
		const message = "Dry run: nothing was sent. To send, turn off 'Dry Run'";
		expect(output).toMatchObject([
			{ warnings: [message], customAudienceName: 'Newsletter readers' },
		]);
		expect(hints).toEqual([
			expect.objectContaining({
				type: 'info',
				message:
					"Dry run: 600 contacts would be sent, 120–420 matches expected. To send, turn off 'Dry Run'",
			}),
		]);
		expect(simulator.requests.map(({ action }) => action).sort()).toEqual([
			'ListCustomAudience',
			'ListInstance',
			'ListPageAdAccount',
		]);
	});

	it.each([
		['custSpaceId', 'cams-nowhere', 'Channel'],
		['adAccountId', '1', 'Ad Account'],
		['customAudienceId', '1', 'Custom Audience'],
	])("finds an ID in %s that doesn't exist", async (name, id, label) => {
		const { output } = await dry({ set: { [name]: id } });
		const warnings = output?.[0]?.warnings as string[];
		expect(warnings.join()).toContain(`'${label}' `);
	});

	it('names the Page ID first if the Page has no ad account', async () => {
		const { output } = await dry({ set: { pageId: '199999999999999' } });
		const warnings = (output?.[0]?.warnings as string[]).filter((text) => /^The ID in/.test(text));
		expect(warnings).toEqual([
			expect.stringContaining("'Page ID' wasn't found"),
			expect.stringContaining("'Ad Account' wasn't found"),
		]);
	});

	it.each([
		['cams:ListInstance', 'Channel'],
		['cams:ListPageAdAccount', 'Ad Account'],
		['cams:ListCustomAudience', 'Custom Audience'],
	])('finds what a key can see that may only %s', async (permission, label) => {
		const key = { accessKeyId: 'LTAI5tOne', accessKeySecret: 'secret', allow: [permission] };
		const server = await startSimulator({ keys: [key] });
		const wrong = { custSpaceId: 'cams-nowhere', adAccountId: '1', customAudienceId: '1' };
		const { output } = await dry({ simulator: server, credential: key, set: wrong });
		await server.close();
		const warnings = (output?.[0]?.warnings as string[]).filter((text) => /IDs? /.test(text));
		expect(warnings).toEqual([expect.stringContaining(`'${label}' `)]);
	});

	it.each([
		["isn't known", powerless, /because the AccessKey doesn't exist or is disabled\. Check/],
		['is empty', { accessKeyId: '' }, /because the credential can't be used: .+\. .+/],
	])('says so if the key %s', async (_, credential, text) => {
		const { output } = await dry({ credential });
		expect(output?.[0]?.warnings).toContainEqual(expect.stringMatching(text));
		const tables = new MemoryTables(() => Date.now());
		const set = { ...ALL_IDS, underMinimum: 'collect' };
		for (const [name, mode] of Object.entries({ ann: 'webhook', bob: 'manual' } as const)) {
			const contacts = [{ email: `${name}@example.com` }];
			const collected = await run(contacts, { credential, tables, mode, set });
			expect(collected.output).toMatchObject([{ collected: 1 }]);
			expect(collected.output?.[0]?.warnings).toEqual([
				expect.stringMatching(/^The collected contacts can't be sent, because the .+\. .+/),
			]);
		}
	});

	it("finds a direct customer's channel by the instance's ID", async () => {
		const channel = { InstanceId: 'cams-direct', InstanceName: '', CustSpaceId: '', State: '' };
		const channels = [{ ...channel, ChannelType: 'messenger' }];
		const server = await startSimulator({ world: { channels } });
		const { output } = await dry({ simulator: server, set: { custSpaceId: 'cams-direct' } });
		await server.close();
		expect(String(output?.[0]?.warnings)).not.toMatch(/'Channel'/);
	});

	it('checks the first twenty audiences of many, and says so with the others', async () => {
		const contacts = Array.from({ length: 22 }, (_, n) => ({
			email: 'ann@example.com',
			audience: `${1000 + n}`,
		}));
		const set = { ...ALL_IDS, customAudienceId: '={{ $json.audience }}', dryRun: true };
		const { output = [] } = await run(contacts, { set });
		const isTold = ({ warnings }: IDataObject) =>
			/wasn't found with this key/.test(String(warnings));
		expect(output.map(isTold)).toEqual([...Array<boolean>(20).fill(true), false, false]);
		const isUnchecked = ({ warnings }: IDataObject) =>
			/not checked, because a run checks only those of its first 20/.test(String(warnings));
		expect(output.map(isUnchecked)).toEqual([...Array<boolean>(20).fill(false), true, true]);
	});

	it('shows each contact as held for the dry run', async () => {
		const { output } = await dry({ set: { output: 'users' } });
		expect(output?.[0]?.customAudience).toEqual({ status: 'held', reason: 'dry_run' });
	});

	it('finds that the service rejects the Page', async () => {
		const fault = {
			kind: 'businessError',
			code: 'PageIllegal',
			message: 'PageId is illegal',
		} as const;
		simulator.misbehave(() => true, fault, 'ListPageAdAccount');
		const { output } = await dry();
		expect(String(output?.[0]?.warnings)).toMatch(/'Page ID' /);
	});

	it.each([
		['an HTML page', { kind: 'html', status: 404 }],
		['a redirect', { kind: 'redirect', status: 302, location: 'http://127.0.0.1:9/' }],
		['no list', { kind: 'fields', fields: { Data: 'none' } }],
		['that the service is not active', { kind: 'businessError', code: 'Product.Unsubscript' }],
	] as const)('names no ID where the response is %s', async (_, fault) => {
		for (const action of ['ListInstance', 'ListPageAdAccount', 'ListCustomAudience']) {
			simulator.misbehave(() => true, fault, action);
		}
		const { output } = await dry();
		expect(String(output?.[0]?.warnings)).not.toMatch(/wasn't found/);
		expect(String(output?.[0]?.warnings)).toMatch(/The IDs were not checked/);
	});

	it.each(['ListPageAdAccount', 'ListInstance'])(
		'says so if the audiences and %s cannot be read',
		async (list) => {
			for (const action of ['ListCustomAudience', list]) {
				simulator.misbehave(() => true, { kind: 'throttle' }, action);
			}
			const { output } = await dry();
			expect(String(output?.[0]?.warnings)).toMatch(/The IDs were not checked/);
		},
	);

	it('shows no name of another audience that the service returns', async () => {
		const other = { CustomAudienceId: '1', CustomAudienceName: 'Other' };
		const fields = { Data: [other, { ...other, CustomAudienceId: '2' }], Total: 2 };
		simulator.misbehave(() => true, { kind: 'fields', fields }, 'ListCustomAudience');
		const { output } = await dry();
		expect(output?.[0]?.customAudienceName ?? '').toBe('');
	});

	it('says so if the key may not read, and still plans', async () => {
		for (const credential of [powerless, { accessKeyId: '', accessKeySecret: '' }]) {
			const { output, error } = await dry({ credential });
			expect(error).toBeUndefined();
			expect(output).toMatchObject([{ held: 600, plan: { estimatedTotal: 600 } }]);
			expect(String(output?.[0]?.warnings)).toMatch(/The IDs were not checked/);
		}
	});
});
