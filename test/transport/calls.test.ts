import type { IDataObject } from 'n8n-workflow';
import * as calls from '../../nodes/AlibabaCloudChatApp/transport/api';
import {
	type ApiRequest,
	collectEntries,
	type FetchPage,
} from '../../nodes/AlibabaCloudChatApp/transport/api';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { IDS, PAGE, requestsTo } from './requests';

const { adAccountId, customAudienceId } = KNOWN;

const simulator = useSimulator();
const { request, sent } = requestsTo(simulator);

async function idsOf(pages: FetchPage, name: string): Promise<unknown[]> {
	return (await collectEntries(pages, Infinity)).map((entry: IDataObject) => entry[name]);
}

test('of the channels those of Messenger are asked for, page by page', async () => {
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
	expect(sent()).toEqual([['ListPageAdAccount', IDS]]);
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
			{ ...IDS, ...query, Page: `{"Index":${index + 1},"Size":40}` },
		]),
	);
});

test('a list that has fewer entries than its total is told of', async () => {
	const short: ApiRequest = async (action) => ({
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
])('an audience is made to be filled by calls (%s)', async (description, more) => {
	const audience = { adAccountId, name: 'Autumn', description };
	const created = await calls.createAudience(request, PAGE, audience);
	expect(created).toEqual({
		customAudienceId: expect.stringMatching(/^\d+$/),
		requestId: expect.stringMatching(/^[\w-]{36}$/),
	});
	const query = { ...IDS, AdAccountId: adAccountId, Name: 'Autumn', UploadType: 'intf', ...more };
	expect(sent()).toEqual([['CreateCustomAudience', query]]);
});

const answering =
	(body: Record<string, unknown>): ApiRequest =>
	async () => ({ accepted: true, requestId: 'request-1', body });

test('an audience that may have been made is not made again without a word', async () => {
	const audience = { adAccountId, name: 'Autumn', description: '' };
	const made = calls.createAudience(answering({ CustomAudienceId: 15 }), PAGE, audience);
	await expect(made).resolves.toMatchObject({ customAudienceId: '15' });
	simulator.misbehave(1, { kind: 'reset' }, 'CreateCustomAudience');
	const lost: unknown = await calls.createAudience(request, PAGE, audience).catch((e) => e);
	expect(lost).toMatchObject({ kind: 'rejected', answerLost: true });
	for (const CustomAudienceId of [undefined, null, '', {}, [], true]) {
		const nameless: unknown = await calls
			.createAudience(answering({ CustomAudienceId }), PAGE, audience)
			.catch((e) => e);
		expect(nameless).toBeInstanceOf(ApiError);
		expect(nameless).toMatchObject({
			action: 'CreateCustomAudience',
			kind: 'rejected',
			code: 'NoAudienceId',
			what: 'The answer says that all is well, but gives no ID of the audience',
			fix: expect.stringContaining("'Create or Use Existing'"),
			requestId: 'request-1',
			answerLost: true,
		});
		expect((nameless as ApiError).fix).toBe((lost as ApiError).fix);
	}
});

test.each<[string, (to: ApiRequest) => Promise<unknown>]>([
	['ListInstance', async (to) => await calls.channelPages(to, 50)()],
	['ListPageAdAccount', async (to) => await calls.listAdAccounts(to, PAGE)],
	['ListCustomAudience', async (to) => await calls.audiencePages(to, PAGE, {}, 50)()],
	['ListMessengerSubscriptionToken', async (to) => await calls.tokenPages(to, PAGE, '', 50)()],
])('%s that gives no list is named', async (action, list) => {
	await expect(list(answering({ Data: 'none' }))).rejects.toMatchObject({ action });
});
