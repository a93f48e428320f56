import * as fc from 'fast-check';
import {
	type IdName,
	locatorValue,
	missingId,
	readId,
	unevaluatedId,
	WHERE_TO_FIND,
} from '../nodes/AlibabaCloudChatApp/ids';

const PAGE = '104996122399160';
const META_IDS = ['pageId', 'adAccountId', 'customAudienceId'] as const;

describe('an ID is read from', () => {
	it.each<[string, IdName, unknown, string]>([
		['digits', 'pageId', PAGE, PAGE],
		['a number', 'pageId', 104996122399160, PAGE],
		['a locator', 'adAccountId', { __rl: true, mode: 'id', value: '42' }, '42'],
		['digits with spaces around', 'customAudienceId', ` ${PAGE}\n`, PAGE],
		['digits with direction marks', 'pageId', `\u200e${PAGE}\u202c`, PAGE],
		['full-width digits', 'pageId', '１０４', '104'],
		['digits in quotation marks', 'pageId', `"${PAGE}"`, PAGE],
		['digits with their label', 'pageId', `Page ID: ${PAGE}`, PAGE],
		['an ad account with its label', 'adAccountId', 'Account ID: act_560153', '560153'],
		["an ad account as in Meta's API", 'adAccountId', 'act_560153', '560153'],
		['an ad account as in its URL', 'adAccountId', 'ACT=560153', '560153'],
		['a label of two words', 'customAudienceId', `Custom audience ID ${PAGE}`, PAGE],
		['a label without anything between', 'pageId', `ID#${PAGE}'`, PAGE],
		['a channel', 'custSpaceId', ' cams-8c8A_1 ', 'cams-8c8A_1'],
		['a channel of digits alone', 'custSpaceId', 42, '42'],
		['a channel with direction marks', 'custSpaceId', '\u200ecams-1', 'cams-1'],
		['a channel in full-width letters', 'custSpaceId', 'ｃａｍｓ－１', 'cams-1'],
		['nothing', 'pageId', '', ''],
		['spaces', 'pageId', ' \u200b', ''],
		['no text', 'pageId', null, ''],
	])('%s', (_, name, given, id) => {
		expect(readId(name, given)).toBe(id);
	});

	it.each([
		`https://www.facebook.com/${PAGE}`,
		`https://www.facebook.com/${PAGE}/`,
		`http://m.facebook.com/${PAGE}?ref=page_internal`,
		`facebook.com/${PAGE}`,
		`https://www.facebook.com/profile.php?id=${PAGE}&sk=about`,
		`https://www.facebook.com/pages/My-Shop/${PAGE}`,
		`https://www.facebook.com/pages/My-Shop/${PAGE}/photos`,
		`https://www.facebook.com/pages/category/Shopping/My-Shop-${PAGE}/`,
		`https://de-de.facebook.com/pg/My-Shop-${PAGE}/about`,
		`https://www.facebook.com/My-Shop-${PAGE}`,
		`https://www.facebook.com/p/My-Shop-${PAGE}/`,
		`https://www.facebook.com/people/My-Shop/${PAGE}/`,
		`https://www.facebook.com/${PAGE}/posts/9876543210123`,
		`https://www.facebook.com/permalink.php?story_fbid=9876543210123&id=${PAGE}`,
		`https://business.facebook.com/latest/home?asset_id=${PAGE}&business_id=9876543210123`,
		`https://business.facebook.com/latest/settings/pages?business_id=98765&selected_asset_id=${PAGE}&selected_asset_type=page`,
		`https://www.facebook.com/ads/library/?view_all_page_id=${PAGE}`,
		`https://business.facebook.com/settings/pages/${PAGE}?business_id=9876543210123`,
		`https://m.me/${PAGE}`,
		`https://www.messenger.com/t/${PAGE}`,
		`https://www.facebook.com/messages/t/${PAGE}`,
	])('the Page in %s', (url) => {
		expect(readId('pageId', url)).toBe(PAGE);
	});

	it.each<[IdName, string, string]>([
		['adAccountId', 'https://adsmanager.facebook.com/adsmanager/manage/campaigns?act=77&x=8', '77'],
		['adAccountId', 'act=77', '77'],
		['adAccountId', 'https://business.facebook.com/settings/ad-accounts/77?business_id=8', '77'],
		[
			'adAccountId',
			'https://business.facebook.com/settings/ad-accounts?selected_asset_id=77&selected_asset_type=ad-account',
			'77',
		],
		[
			'customAudienceId',
			'https://adsmanager.facebook.com/adsmanager/audiences?act=77&audience_id=23',
			'23',
		],
	])('the %s in %s', (name, url, id) => {
		expect(readId(name, url)).toBe(id);
	});
});

describe('no ID is read from', () => {
	it.each<[IdName, unknown]>([
		['pageId', 'https://www.facebook.com/MyShop'],
		['pageId', 'https://www.facebook.com/MyShop/posts/9876543210123'],
		['pageId', 'https://www.facebook.com/groups/9876543210123'],
		['pageId', 'https://www.facebook.com/events/9876543210123'],
		['pageId', 'https://www.facebook.com/photo.php?fbid=9876543210123'],
		['pageId', 'https://www.facebook.com/summer-sale-2024'],
		['pageId', 'https://www.facebook.com.example.com/104996122399160'],
		['pageId', 'https://example.com/104996122399160'],
		['pageId', 'https://www.facebook.com/profile.php?id=My.Shop'],
		['pageId', 'My Shop'],
		['pageId', '@MyShop'],
		['pageId', '1.04996E+14'],
		['pageId', '1049 9612'],
		['pageId', -5],
		['pageId', 1.5],
		['pageId', 2 ** 60],
		['pageId', 'act_560153'],
		['pageId', 'act=560153'],
		['customAudienceId', 'act=560153'],
		['adAccountId', 'fact_560153'],
		['adAccountId', '1act_560153'],
		['adAccountId', 'pact=560153'],
		['pageId', `My own shop's Page ID: ${PAGE}`],
		['pageId', `Page ID: ${PAGE} x`],
		['pageId', `"${PAGE}" or "${PAGE}"`],
		['custSpaceId', 'cams-1/2'],
		['custSpaceId', 'cams 1'],
		['adAccountId', 'Shop EUR · 560153'],
		['customAudienceId', 'Newsletter readers'],
		['custSpaceId', 'Shop Messenger'],
		['custSpaceId', 'cams-\ud83d'],
		['custSpaceId', 'https://chatapp.console.alibabacloud.com/ChannelManagement'],
	])('%s %j', (name, given) => {
		expect(readId(name, given)).toMatchObject({ what: expect.stringMatching(/^'[A-Z]/) });
	});

	it('pasted text, but the message says in one sentence where the ID is, without quoting it', () => {
		expect(readId('pageId', 'https://www.facebook.com/mary.secret')).toEqual({
			code: 'invalid_id',
			what: "'Page ID' isn't a valid ID",
			fix: WHERE_TO_FIND.pageId,
		});
		for (const where of Object.values(WHERE_TO_FIND)) expect(where).not.toMatch(/[.?!]( |$)/);
	});

	it('anything: the result is digits, empty, or a reason', () => {
		fc.assert(
			fc.property(fc.constantFrom(...META_IDS), fc.anything(), (name, given) => {
				const id = readId(name, given);
				return typeof id === 'string' ? /^\d*$/.test(id) : id.fix !== '';
			}),
		);
	});
});

describe('a message says', () => {
	it.each([
		[
			'that the field is empty',
			() => missingId('pageId', { isExpression: false }),
			{ code: 'missing_id', what: "'Page ID' is empty", fix: 'Choose or enter it in the node' },
		],
		[
			"that the field's expression returned nothing",
			() => missingId('pageId', { isExpression: true }),
			{
				code: 'missing_id',
				what: "'Page ID' is empty: its expression returned nothing",
				fix: 'Check it in the node for this item',
			},
		],
		[
			"that the field's expression fails",
			() => unevaluatedId('custSpaceId'),
			{
				code: 'expression',
				what: "The expression in 'Channel' can't be evaluated",
				fix: 'Check it in the node for this item',
			},
		],
		[
			'that a number has too many digits to be exact',
			() => readId('customAudienceId', 2 ** 53),
			{
				code: 'expression',
				what: "'Custom Audience' is a number with too many digits to be exact",
				fix: 'Pass it as text: put it in quotes where it comes from',
			},
		],
		[
			'that there is no ID',
			() => readId('adAccountId', 'mine'),
			{
				code: 'invalid_id',
				what: "'Ad Account' isn't a valid ID",
				fix: WHERE_TO_FIND.adAccountId,
			},
		],
	])('%s, and what to do', (_, tell, message) => {
		expect(tell()).toEqual(message);
	});
});

it.each([
	[{ __rl: true, mode: 'id', value: 7 }, 7],
	[{ mode: 'id' }, { mode: 'id' }],
	[null, null],
	['x', 'x'],
	[undefined, undefined],
])("a field's value is its own, or that of its locator: %j", (given, value) => {
	expect(locatorValue(given)).toEqual(value);
});

it('the largest whole number that is exact is an ID', () => {
	expect(readId('pageId', Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
});
