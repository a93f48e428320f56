type MetaId = 'pageId' | 'adAccountId' | 'customAudienceId';

const HOST = /^(?:[\w-]+\.)*(?:facebook\.com|fb\.com|messenger\.com|m\.me)$/i;
const DIGITS = /^\d+$/;
// 'My-Shop-104996122399160'; a year at the end of a name is no ID.
const NAME_AND_ID = /^.*-(\d{8,})$/;

/** Names of query parameters whose value is the ID, wherever they stand. */
const PARAMETERS: Record<MetaId, RegExp> = {
	pageId: /^(?:view_all_)?page_?id$|^asset_id$/i,
	adAccountId: /^act$|^ad_?account_?id$/i,
	customAudienceId: /^(?:\w+_)?audience_?ids?$/i,
};

/** Of what kind the thing is that `selected_asset_id` names in Meta's Business Settings. */
const ASSET_TYPES: Partial<Record<MetaId, RegExp>> = {
	pageId: /^page$/i,
	adAccountId: /^ad[-_]?account$/i,
};

/** The ID that a URL of Facebook, Messenger, Business Suite or Ads Manager holds; undefined when it holds none. */
export function idInMetaUrl(name: MetaId, text: string): string | undefined {
	const url = parse(text);
	if (!url || !HOST.test(url.hostname)) return undefined;
	const asked = [...url.searchParams]
		.filter(([key]) => PARAMETERS[name].test(key))
		.map(([, value]) => value.replace(/^act_/i, ''))
		.find((value) => DIGITS.test(value));
	if (asked !== undefined) return asked;
	const type = url.searchParams.get('selected_asset_type') ?? '';
	const asset = url.searchParams.get('selected_asset_id') ?? '';
	if (ASSET_TYPES[name]?.test(type) && DIGITS.test(asset)) return asset;
	const [settings, kind, id] = url.pathname.split('/').filter((step) => step !== '');
	if (settings === 'settings' && SETTINGS[name]?.test(kind ?? '')) return idOfStep(id);
	return name === 'pageId' ? pageOf(url) : undefined;
}

/** Of what kind the thing is whose ID ends the address of Meta's Business Settings. */
const SETTINGS: typeof ASSET_TYPES = { pageId: /^pages$/i, adAccountId: /^ad-?accounts$/i };

function parse(text: string): URL | undefined {
	try {
		return new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
	} catch {
		return undefined;
	}
}

/** The Page that an address is about. Digits further behind are those of a post, a photo or an event. */
function pageOf({ pathname, searchParams }: URL): string | undefined {
	const steps = pathname.split('/').filter((step) => step !== '' && step !== 'pg');
	const first = steps[0] ?? '';
	if (/^(?:profile|permalink|story)\.php$/i.test(first)) {
		const id = searchParams.get('id') ?? '';
		return DIGITS.test(id) ? id : undefined;
	}
	// '/pages/Name/123', '/pages/category/Shop/Name-123'
	if (/^pages$/i.test(first)) return steps.slice(2).map(idOfStep).find(Boolean);
	// '/people/Name/123', '/messages/t/123', '/p/Name-123', '/t/123'
	if (/^(?:people|messages)$/i.test(first)) return idOfStep(steps[2]);
	if (/^(?:p|t)$/i.test(first)) return idOfStep(steps[1]);
	return idOfStep(first);
}

function idOfStep(step: string | undefined): string | undefined {
	if (step === undefined) return undefined;
	return DIGITS.test(step) ? step : NAME_AND_ID.exec(step)?.[1];
}
