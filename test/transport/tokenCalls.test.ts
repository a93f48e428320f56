import * as calls from '../../nodes/AlibabaCloudChatApp/transport/api';
import { type ApiRequest, collectEntries } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { IDS, PAGE, requestsTo } from './requests';

const { customAudienceId } = KNOWN;

const simulator = useSimulator();
const { request, sent } = requestsTo(simulator);
const answering =
	(body: Record<string, unknown>): ApiRequest =>
	async () => ({ accepted: true, requestId: 'request-1', body });

test.each([
	['one audience', customAudienceId, { CustomAudienceId: customAudienceId }],
	['all audiences', '', {}],
])('the tokens of %s are brought over by a task', async (_name, id, query) => {
	const { taskCode, requestId } = await calls.syncTokens(request, PAGE, id);
	expect([taskCode, requestId]).toEqual([
		expect.stringMatching(/./),
		expect.stringMatching(/^[\w-]{36}$/),
	]);
	expect(sent()).toEqual([
		['SyncMessengerSubscriptionToken', { ...IDS, ...query, TokenType: 'customAudience' }],
	]);
});

test.each([
	['one audience', customAudienceId, { CustomAudienceId: customAudienceId }, 60],
	['all audiences', '', {}, 120],
])('the tokens of %s are read by the keys of their pages', async (_name, id, more, count) => {
	const pages = calls.tokenPages(request, PAGE, id, 50);
	await expect(collectEntries(pages, Infinity)).resolves.toHaveLength(count);
	const query = { ...IDS, ...more, TokenType: 'customAudience', Limit: '50' };
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
		const pages = calls.tokenPages(answering({ Data: [{}], NextPage }), PAGE, '', 50);
		await expect(pages()).resolves.toEqual({ entries: [{}] });
	},
);
