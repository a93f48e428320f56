import type { IDataObject } from 'n8n-workflow';
import * as calls from '../../nodes/AlibabaCloudChatApp/transport/api';
import {
	type CallWithRetries,
	collectEntries,
	createCaller,
	type FetchPage,
} from '../../nodes/AlibabaCloudChatApp/transport/api';
import { ApiError, KeyRejections } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { stillClock } from '../engine/stillClock';
import { KNOWN, PAGE_IDS } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';
import { error, PAGE, requestsTo } from './requests';

const { adAccountId, customAudienceId } = KNOWN;

const simulator = useSimulator();
const { request, sent } = requestsTo(simulator);

async function idsOf(pages: FetchPage, name: string): Promise<unknown[]> {
	return (await collectEntries(pages, Infinity)).map((entry: IDataObject) => entry[name]);
}

test('the channels of Messenger are listed, page by page', async () => {
	await expect(idsOf(calls.channelPages(request, 2), 'CustSpaceId')).resolves.toEqual([
		'cams-simulator1',
		'cams-simulator2',
		'cams-simulator3',
	]);
	const query = { ChannelType: 'messenger', PageSize: '2' };
	expect(sent()).toEqual([
		['ListInstance', { ...query, PageIndex: '1' }],
		['ListInstance', { ...query, PageIndex: '2' }],
	]);
});

test('the ad accounts are those of the Page', async () => {
	await expect(calls.listAdAccounts(request, PAGE)).resolves.toMatchObject([
		{ AdAccountId: adAccountId },
		{ AdAccountId: '300000000000002' },
	]);
	expect(sent()).toEqual([['ListPageAdAccount', PAGE_IDS]]);
});

test.each<[string, calls.AudienceFilter, Record<string, string>, number]>([
	['nothing', {}, {}, 45],
	['what is empty', { adAccountId: '', customAudienceId: '', name: '' }, {}, 45],
	['an ad account', { adAccountId }, { AdAccountId: adAccountId }, 30],
	['an ID', { customAudienceId }, { CustomAudienceId: customAudienceId }, 1],
	['a name', { name: 'Newsletter readers' }, { CustomAudienceName: 'Newsletter readers' }, 1],
])('the audiences of a Page are narrowed by %s', async (_name, filter, query, count) => {
	const pages = calls.audiencePages(request, PAGE, filter, 40);
	await expect(collectEntries(pages, Infinity)).resolves.toHaveLength(count);
	expect(sent()).toEqual(
		Array.from({ length: Math.ceil(count / 40) }, (_, index) => [
			'ListCustomAudience',
			{ ...PAGE_IDS, ...query, Page: `{"Index":${index + 1},"Size":40}` },
		]),
	);
});

test('a list with fewer entries than its total is reported', async () => {
	const short: CallWithRetries = async (action) => ({
		accepted: true,
		requestId: '',
		body: { Data: [], [action === 'ListInstance' ? 'TotalCount' : 'Total']: 7 },
	});
	for (const pages of [calls.channelPages(short, 50), calls.audiencePages(short, PAGE, {}, 50)]) {
		await expect(pages()).resolves.toEqual({ entries: [], missing: 7 });
	}
});

test.each([
	['Made for the sale', { Description: 'Made for the sale' }],
	['', {}],
])('an audience is created to be filled by calls (%s)', async (description, more) => {
	const audience = { adAccountId, name: 'Autumn', description };
	const created = await calls.createAudience(request, PAGE, audience);
	expect(created).toEqual({
		customAudienceId: expect.stringMatching(/^\d+$/),
		requestId: expect.stringMatching(/^[\w-]{36}$/),
	});
	const query = {
		...PAGE_IDS,
		AdAccountId: adAccountId,
		Name: 'Autumn',
		UploadType: 'intf',
		...more,
	};
	expect(sent()).toEqual([['CreateCustomAudience', query]]);
});

const responding =
	(body: Record<string, unknown>): CallWithRetries =>
	async () => ({ accepted: true, requestId: 'request-1', body });

test('an audience that may have been created is not created again', async () => {
	const audience = { adAccountId, name: 'Autumn', description: '' };
	const made = calls.createAudience(responding({ CustomAudienceId: 15 }), PAGE, audience);
	await expect(made).resolves.toMatchObject({ customAudienceId: '15' });
	simulator.misbehave(1, { kind: 'reset' }, 'CreateCustomAudience');
	const lost: unknown = await calls.createAudience(request, PAGE, audience).catch((e) => e);
	expect(lost).toMatchObject({ kind: 'rejected', responseLost: true });
	for (const CustomAudienceId of [undefined, null, '', {}, [], true]) {
		const nameless: unknown = await calls
			.createAudience(responding({ CustomAudienceId }), PAGE, audience)
			.catch((e) => e);
		expect(nameless).toBeInstanceOf(ApiError);
		expect(nameless).toMatchObject({
			action: 'CreateCustomAudience',
			kind: 'rejected',
			code: 'NoAudienceId',
			what: 'The request was accepted, but the response contains no audience ID',
			fix: expect.stringContaining("'Reuse Existing Audience'"),
			requestId: 'request-1',
			responseLost: true,
		});
		expect((nameless as ApiError).fix).toBe((lost as ApiError).fix);
	}
});

test.each<[string, (to: CallWithRetries) => Promise<unknown>]>([
	['ListInstance', async (to) => await calls.channelPages(to, 50)()],
	['ListPageAdAccount', async (to) => await calls.listAdAccounts(to, PAGE)],
	['ListCustomAudience', async (to) => await calls.audiencePages(to, PAGE, {}, 50)()],
	['ListMessengerSubscriptionToken', async (to) => await calls.tokenPages(to, PAGE, '', 50)()],
])('an error names %s when it returns no list', async (action, list) => {
	await expect(list(responding({ Data: 'none' }))).rejects.toMatchObject({ action });
});

test.each([
	['one audience', customAudienceId, { CustomAudienceId: customAudienceId }],
	['all audiences', '', {}],
])('a task refreshes the tokens of %s', async (_name, id, query) => {
	const { taskCode, requestId } = await calls.syncTokens(request, PAGE, id);
	expect([taskCode, requestId]).toEqual([
		expect.stringMatching(/./),
		expect.stringMatching(/^[\w-]{36}$/),
	]);
	expect(sent()).toEqual([
		['SyncMessengerSubscriptionToken', { ...PAGE_IDS, ...query, TokenType: 'customAudience' }],
	]);
});

test.each([
	['one audience', customAudienceId, { CustomAudienceId: customAudienceId }, 60],
	['all audiences', '', {}, 120],
])('the tokens of %s are read by the keys of their pages', async (_name, id, more, count) => {
	const pages = calls.tokenPages(request, PAGE, id, 50);
	await expect(collectEntries(pages, Infinity)).resolves.toHaveLength(count);
	const query = { ...PAGE_IDS, ...more, TokenType: 'customAudience', Limit: '50' };
	const asked = sent().map(([, given]) => given as Record<string, string>);
	expect(asked[0]).toEqual(query);
	expect(asked.slice(1)).toEqual(
		asked.slice(1).map(() => ({ ...query, PageKey: expect.stringMatching(/./) })),
	);
	expect(asked).toHaveLength(Math.ceil(count / 50));
});

test.each([[undefined], [''], [null], [{}]])(
	'tokens end where there is no key of a next page: %p',
	async (NextPage) => {
		const pages = calls.tokenPages(responding({ Data: [{}], NextPage }), PAGE, '', 50);
		await expect(pages()).resolves.toEqual({ entries: [{}] });
	},
);

const ids = (space = 'cams-simulator1') => ({ CustSpaceId: space, PageId: '100000000000001' });
const AD_ACCOUNTS = 'ListPageAdAccount';

const open = (maxAttempts = 3, clock = stillClock()) =>
	createCaller(connectionTo(simulator, { clock }), maxAttempts);

test('a call is made again where that can help, with limited attempts', async () => {
	simulator.misbehave([1, 2], { kind: 'throttle' }, AD_ACCOUNTS);
	const clock = stillClock();
	await expect(open(3, clock)(AD_ACCOUNTS, ids())).resolves.toMatchObject({
		accepted: true,
		requestId: expect.stringMatching(/./),
		body: { Code: 'OK' },
	});
	expect(clock.waits).toHaveLength(2);
	simulator.reset();
	simulator.misbehave([1, 2, 3], error(503, 'ServiceUnavailable'), AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids())).rejects.toMatchObject({
		action: AD_ACCOUNTS,
		kind: 'temporary',
		code: 'ServiceUnavailable',
	});
	expect(simulator.requests).toHaveLength(3);
});

test('the request names the version of the API', async () => {
	await open()(AD_ACCOUNTS, ids());
	expect(simulator.requests[0]?.headers['x-acs-version']).toBe('2020-06-06');
});

test.each([
	['SignatureDoesNotMatch', 400, 'key', [1, 1, 1, 1]],
	['NoPermission', 403, 'permission', [1, 2, 3, 3]],
	['InvalidParameter', 400, 'rejected', [1, 2, 3, 4]],
] as const)(
	'%s also rejects the calls that it applies to, without another request',
	async (code, status, kind, counts) => {
		for (const action of [AD_ACCOUNTS, 'ListCustomAudience']) {
			simulator.misbehave(() => true, error(status, code), action);
		}
		const request = open();
		const Page = '{"Index":1,"Size":50}';
		const calls: Array<[action: string, query: Record<string, string>]> = [
			[AD_ACCOUNTS, ids()],
			[AD_ACCOUNTS, ids('cams-simulator2')],
			['ListCustomAudience', { ...ids(), Page }],
			[AD_ACCOUNTS, ids()],
		];
		for (const [index, [action, query]] of calls.entries()) {
			await expect(request(action, query)).rejects.toMatchObject({
				action,
				kind,
				code,
			});
			expect(simulator.requests).toHaveLength(counts[index] ?? NaN);
		}
	},
);

const FIX = 'Check first whether it was created';

test.each([
	['a reset connection', { kind: 'reset' }],
	['the page of a gateway', { kind: 'html', status: 502 }],
	['half a response', { kind: 'cutOff' }],
] as const)('what must not be done twice is not done again after %s', async (_name, fault) => {
	simulator.misbehave(1, fault, AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids(), FIX)).rejects.toMatchObject({
		kind: 'rejected',
		fix: FIX,
		responseLost: true,
		what: expect.stringMatching(/./),
	});
	expect(simulator.requests).toHaveLength(1);
	simulator.reset();
	simulator.misbehave(1, fault, AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids())).resolves.toMatchObject({ accepted: true });
});

test('what must not be done twice is done again when it was not done', async () => {
	simulator.misbehave(1, { kind: 'throttle' }, AD_ACCOUNTS);
	await expect(open()(AD_ACCOUNTS, ids(), FIX)).resolves.toMatchObject({ accepted: true });
	simulator.misbehave(3, error(400, 'InvalidParameter'), AD_ACCOUNTS);
	const rejected: unknown = await open()(AD_ACCOUNTS, ids(), FIX).catch((e) => e);
	expect(rejected).toMatchObject({ code: 'InvalidParameter', responseLost: false });
	expect(rejected).not.toMatchObject({ fix: FIX });
});

test('a canceled run ends its waits and makes no more calls', async () => {
	simulator.misbehave(() => true, { kind: 'throttle' }, AD_ACCOUNTS);
	const controller = new AbortController();
	const clock = {
		...stillClock(),
		sleep: async () => {
			controller.abort(new Error('stopped'));
			await new Promise<never>(() => {});
		},
	};
	const cancelSignal = controller.signal;
	const request = createCaller(connectionTo(simulator, { clock, cancelSignal }), 3);
	await expect(request(AD_ACCOUNTS, ids())).rejects.toThrow('stopped');
	expect(simulator.requests).toHaveLength(1);
});

test('what the run knows about its key is shared with other calls', async () => {
	const rejections = new KeyRejections();
	simulator.misbehave(1, error(400, 'SignatureDoesNotMatch'), AD_ACCOUNTS);
	const connection = connectionTo(simulator);
	await expect(createCaller(connection, 1, rejections)(AD_ACCOUNTS, ids())).rejects.toThrow();
	const other = createCaller(connection, 1, rejections)('ListInstance', {});
	await expect(other).rejects.toMatchObject({ kind: 'key', action: 'ListInstance', requestId: '' });
	expect(simulator.requests).toHaveLength(1);
});
