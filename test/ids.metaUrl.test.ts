import { type IdName, readId } from '../nodes/AlibabaCloudChatApp/ids';

/** The ID in a URL; undefined where a field would reject it. */
function idInMetaUrl(name: IdName, text: string): string | undefined {
	const id = readId(name, text);
	return typeof id === 'string' && id !== '' ? id : undefined;
}

const PAGE = '104996122399160';
const OTHER = '9876543210123';

it.each([
	['facebook.com', PAGE],
	['business.facebook.com', PAGE],
	['a.b-c.facebook.com', PAGE],
	['FB.com', PAGE],
	['messenger.com', PAGE],
	['m.me', PAGE],
	['evilfacebook.com', undefined],
	['facebook.com.example.com', undefined],
	['facebook.com.', undefined],
	['facebook.de', undefined],
	['facebookxcom', undefined],
	['fbxcom', undefined],
	['messengerxcom', undefined],
	['mxme', undefined],
	['example.com', undefined],
])("only Meta's own hosts are read: %s", (host, id) => {
	for (const scheme of ['', 'https://', 'http://', 'HTTPS://']) {
		expect(idInMetaUrl('pageId', `${scheme}${host}/${PAGE}`)).toBe(id);
	}
});

it.each([
	'',
	'https://',
	'facebook.com:x',
	`ftp://facebook.com/${PAGE}`,
	`to https://m.me/${PAGE}`,
])("text that isn't a URL has no ID: %j", (text) => {
	expect(idInMetaUrl('pageId', text)).toBeUndefined();
});

it.each<[string, string, string | undefined]>([
	['page_id=1', 'pageId', '1'],
	['pageID=1', 'pageId', '1'],
	['view_all_page_id=1', 'pageId', '1'],
	['asset_id=1', 'pageId', '1'],
	['my_page_id=1', 'pageId', undefined],
	['page_ids=1', 'pageId', undefined],
	['business_asset_id=1', 'pageId', undefined],
	['asset_ids=1', 'pageId', undefined],
	['page_id=mine&asset_id=2', 'pageId', '2'],
	['page_id=1a', 'pageId', undefined],
	['page_id=x1', 'pageId', undefined],
	['act=1', 'adAccountId', '1'],
	['ACT=1', 'adAccountId', '1'],
	['act=act_1', 'adAccountId', '1'],
	['act=ACT_1', 'adAccountId', '1'],
	['act=fact_1', 'adAccountId', undefined],
	['act=1act_2', 'adAccountId', undefined],
	['ad_account_id=1', 'adAccountId', '1'],
	['adaccountid=1', 'adAccountId', '1'],
	['fact=1', 'adAccountId', undefined],
	['acts=1', 'adAccountId', undefined],
	['my_ad_account_id=1', 'adAccountId', undefined],
	['ad_account_ids=1', 'adAccountId', undefined],
	['audience_id=1', 'customAudienceId', '1'],
	['selected_audience_ids=1', 'customAudienceId', '1'],
	['audienceid=1', 'customAudienceId', '1'],
	['page_id=1&act=2', 'customAudienceId', undefined],
	['no-audience_id=1', 'customAudienceId', undefined],
	['audience_idx=1', 'customAudienceId', undefined],
	['selected_asset_id=1&selected_asset_type=page', 'pageId', '1'],
	['selected_asset_id=1&selected_asset_type=PAGE', 'pageId', '1'],
	['selected_asset_id=1&selected_asset_type=homepage', 'pageId', undefined],
	['selected_asset_id=1&selected_asset_type=pages', 'pageId', undefined],
	['selected_asset_id=1', 'pageId', undefined],
	['selected_asset_type=page', 'pageId', undefined],
	['selected_asset_id=mine&selected_asset_type=page', 'pageId', undefined],
	['selected_asset_id=1&selected_asset_type=ad-account', 'pageId', undefined],
	['selected_asset_id=1&selected_asset_type=ad_account', 'adAccountId', '1'],
	['selected_asset_id=1&selected_asset_type=AdAccount', 'adAccountId', '1'],
	['selected_asset_id=1&selected_asset_type=ad-accounts', 'adAccountId', undefined],
	['selected_asset_id=1&selected_asset_type=bad-account', 'adAccountId', undefined],
	['selected_asset_id=1&selected_asset_type=page', 'customAudienceId', undefined],
])('an ID is read only from a parameter of its kind: ?%s as %s', (query, name, id) => {
	const kind = name as 'pageId' | 'adAccountId' | 'customAudienceId';
	expect(idInMetaUrl(kind, `https://business.facebook.com/?${query}`)).toBe(id);
});

it.each<[string, string | undefined]>([
	[`${PAGE}`, PAGE],
	[`/${PAGE}`, PAGE],
	[`${PAGE}?u=https://example.com`, PAGE],
	[`My-Shop-${PAGE}`, PAGE],
	['My-Shop-12345678', '12345678'],
	['My-Shop-1234567', undefined],
	[`My-Shop-${PAGE}-x`, undefined],
	[`MyShop${PAGE}`, undefined],
	[`x${PAGE}`, undefined],
	[`${PAGE}x`, undefined],
	['', undefined],
	[`MyShop/${PAGE}`, undefined],
	[`pg/${PAGE}/about`, PAGE],
	[`pg//My-Shop-${PAGE}`, PAGE],
	[`profile.php?id=${PAGE}`, PAGE],
	[`Permalink.PHP?story_fbid=${OTHER}&id=${PAGE}`, PAGE],
	[`story.php?story_fbid=${OTHER}&id=${PAGE}`, PAGE],
	['profile.php', undefined],
	['profile.php?id=My.Shop', undefined],
	[`myprofile.php?id=${PAGE}`, undefined],
	[`profile.phpx?id=${PAGE}`, undefined],
	[`profilexphp?id=${PAGE}`, undefined],
	[`photo.php?id=${PAGE}`, undefined],
	[`?id=${PAGE}`, undefined],
	[`pages/My-Shop/${PAGE}/photos/${OTHER}`, PAGE],
	[`Pages/category/Shop/My-Shop-${PAGE}/`, PAGE],
	[`pages/${PAGE}`, undefined],
	['pages/My-Shop', undefined],
	[`homepages/My-Shop/${PAGE}`, undefined],
	[`pagesx/My-Shop/${PAGE}`, undefined],
	[`people/My-Shop/${PAGE}/${OTHER}`, PAGE],
	[`People/My-Shop/${PAGE}`, PAGE],
	[`people/${PAGE}`, undefined],
	[`messages/t/${PAGE}`, PAGE],
	[`messages/${PAGE}`, undefined],
	[`mypeople/t/${PAGE}`, undefined],
	[`messagesx/t/${PAGE}`, undefined],
	[`p/My-Shop-${PAGE}/${OTHER}`, PAGE],
	[`T/${PAGE}`, PAGE],
	['t', undefined],
	[`px/${PAGE}`, undefined],
	[`xt/${PAGE}`, undefined],
	[`groups/${PAGE}`, undefined],
	[`settings/pages/${PAGE}`, PAGE],
	[`settings/Pages/My-Shop-${PAGE}/x`, PAGE],
	['settings/pages', undefined],
	['settings', undefined],
	[`settings/pagesx/${PAGE}`, undefined],
	[`settings/mypages/${PAGE}`, undefined],
	[`settings/ad-accounts/${PAGE}`, undefined],
	[`x/pages/${PAGE}`, undefined],
])('the Page of a URL is the one it is about: /%s', (path, id) => {
	for (const scheme of ['https://', '']) {
		expect(idInMetaUrl('pageId', `${scheme}www.facebook.com/${path}`)).toBe(id);
	}
});

it.each<[string, string | undefined]>([
	['settings/ad-accounts/77', '77'],
	['settings/AdAccounts/77', '77'],
	['settings/pages/77', undefined],
	['settings/my-ad-accounts/77', undefined],
	['settings/ad-accountsx/77', undefined],
	['77', undefined],
])('an ad account is read only from the URL of its settings: /%s', (path, id) => {
	expect(idInMetaUrl('adAccountId', `https://business.facebook.com/${path}`)).toBe(id);
	expect(idInMetaUrl('customAudienceId', `https://business.facebook.com/${path}`)).toBeUndefined();
});
