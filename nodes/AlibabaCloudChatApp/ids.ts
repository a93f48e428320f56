import { isResourceLocatorValue } from 'n8n-workflow';
import type { Message } from './message';

/** The parameters that contain an ID. */
export type IdName = 'custSpaceId' | 'pageId' | 'adAccountId' | 'customAudienceId';

/** The four IDs that identify an audience; contacts that differ in one of them form separate uploads. */
export interface Audience {
	custSpaceId: string;
	pageId: string;
	adAccountId: string;
	customAudienceId: string;
}

/** An ID as the API accepts it, empty when the field is; or why there is none. */
export type IdOrMessage = string | Message;

/** The panel's labels. */
export const ID_LABELS: Record<IdName, string> = {
	custSpaceId: 'Channel',
	pageId: 'Page ID',
	adAccountId: 'Ad Account',
	customAudienceId: 'Custom Audience',
};

/** Where a person finds each ID, as a sentence without its period. */
export const WHERE_TO_FIND: Record<IdName, string> = {
	custSpaceId:
		"The channel's ID, such as cams-8c8…, is on the Channel Management page of Chat App Message Service",
	pageId: "The Page's ID, digits only, is on the Facebook Page under About, Page transparency",
	adAccountId:
		"The ad account's ID, digits only, is in Meta Ads Manager next to the account's name and after 'act=' in the URL",
	customAudienceId:
		"The audience's ID, digits only, is in Meta Ads Manager under Audiences, and in the output of this node's 'Get Many' and 'Create'",
};

// 'Page ID: 104996122399160', as copied with its label, and IDs in quotation marks.
const LABELED = /^(?:["']|(?:[a-z]+ ){0,2}id\s*[:#]?\s*)((?:act_)?\d+)["']?$/i;
// What the gateway accepts as a space's or an instance's ID: never a name with spaces or a URL.
const CHANNEL_ID = /^[\w.-]+$/;
// Byte order marks, direction marks, and the like, which are copied with text from a web page.
const FORMAT_CHARACTERS = /\p{Cf}/gu;

/**
 * Reads a field for an ID: the ID itself, an ad account's as `act_123`, or a Facebook URL that contains it.
 * @param given the field's value, or a locator
 */
export function readId(name: IdName, given: unknown): IdOrMessage {
	const value = locatorValue(given);
	// Meta's IDs may be longer than JavaScript's exact whole numbers.
	if (typeof value === 'number' && !Number.isSafeInteger(value)) return inexact(name);
	if (typeof value !== 'string' && typeof value !== 'number') return '';
	const plain = String(value);
	if (name !== 'custSpaceId' && DIGITS_ONLY.test(plain)) return plain;
	const text = plain.normalize('NFKC').replace(FORMAT_CHARACTERS, '').trim();
	if (text === '') return '';
	if (name === 'custSpaceId') return CHANNEL_ID.test(text) ? text : notAnId(name);
	return metaIdIn(name, text) ?? notAnId(name);
}

function metaIdIn(name: MetaId, text: string): string | undefined {
	const copied = LABELED.exec(text)?.[1] ?? text;
	const bare = name === 'adAccountId' ? copied.replace(/^act[_=]/i, '') : copied;
	return DIGITS_ONLY.test(bare) ? bare : idInMetaUrl(name, text);
}

/** A field's value: a locator's own, anything else as it is. */
export function locatorValue(given: unknown): unknown {
	return isResourceLocatorValue(given) ? given.value : given;
}

/** For an operation that needs an ID where the field is empty, or its expression returned nothing. */
export function missingId(name: IdName, { isExpression }: { isExpression: boolean }): Message {
	const what = `'${ID_LABELS[name]}' is empty`;
	return {
		code: 'missing_id',
		what: isExpression ? `${what}: its expression returned nothing` : what,
		fix: isExpression ? CHECK_EXPRESSION : 'Choose or enter it in the node',
	};
}

const CHECK_EXPRESSION = 'Check it in the node for this item';

/** For a field whose expression n8n can't evaluate; n8n's own message would quote its data. */
export function unevaluatedId(name: IdName): Message {
	const what = `The expression in '${ID_LABELS[name]}' can't be evaluated`;
	return { code: 'expression', what, fix: CHECK_EXPRESSION };
}

function inexact(name: IdName): Message {
	const what = `'${ID_LABELS[name]}' is a number with too many digits to be exact`;
	return {
		code: 'expression',
		what,
		fix: 'Pass it as text: put it in quotes where it comes from',
	};
}

function notAnId(name: IdName): Message {
	return {
		code: 'invalid_id',
		what: `'${ID_LABELS[name]}' isn't a valid ID`,
		fix: WHERE_TO_FIND[name],
	};
}

type MetaId = 'pageId' | 'adAccountId' | 'customAudienceId';

const META_HOST = /^(?:[\w-]+\.)*(?:facebook\.com|fb\.com|messenger\.com|m\.me)$/i;
const DIGITS_ONLY = /^\d+$/;
// 'My-Shop-104996122399160'; a year at the end of a name isn't an ID.
const NAME_AND_ID = /^.*-(\d{8,})$/;

/** Names of query parameters whose value is the ID, in any URL. */
const PARAMETERS: Record<MetaId, RegExp> = {
	pageId: /^(?:view_all_)?page_?id$|^asset_id$/i,
	adAccountId: /^act$|^ad_?account_?id$/i,
	customAudienceId: /^(?:\w+_)?audience_?ids?$/i,
};

/** Types of the asset that `selected_asset_id` identifies in Meta's Business Settings. */
const ASSET_TYPES: Partial<Record<MetaId, RegExp>> = {
	pageId: /^page$/i,
	adAccountId: /^ad[-_]?account$/i,
};

/** The ID in a URL of Facebook, Messenger, Business Suite, or Ads Manager; undefined when there is none. */
function idInMetaUrl(name: MetaId, text: string): string | undefined {
	const url = parseUrl(text);
	if (!url || !META_HOST.test(url.hostname)) return undefined;
	return idInQuery(name, url) ?? idInPath(name, url);
}

function idInQuery(name: MetaId, { searchParams }: URL): string | undefined {
	const id = [...searchParams]
		.filter(([key]) => PARAMETERS[name].test(key))
		.map(([, value]) => value.replace(/^act_/i, ''))
		.find((value) => DIGITS_ONLY.test(value));
	if (id !== undefined) return id;
	const type = searchParams.get('selected_asset_type') ?? '';
	const asset = searchParams.get('selected_asset_id') ?? '';
	return ASSET_TYPES[name]?.test(type) && DIGITS_ONLY.test(asset) ? asset : undefined;
}

function idInPath(name: MetaId, url: URL): string | undefined {
	const [settings, kind = '', id] = url.pathname.split('/').filter((segment) => segment !== '');
	if (settings === 'settings' && SETTINGS[name]?.test(kind)) return idInSegment(id);
	return name === 'pageId' ? pageInUrl(url) : undefined;
}

/** Types of assets in URLs of Meta's Business Settings that end with the asset's ID. */
const SETTINGS: typeof ASSET_TYPES = { pageId: /^pages$/i, adAccountId: /^ad-?accounts$/i };

function parseUrl(text: string): URL | undefined {
	try {
		return new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
	} catch {
		return undefined;
	}
}

/** The Page that a URL is about. Digits at its end are those of a post, a photo, or an event. */
function pageInUrl({ pathname, searchParams }: URL): string | undefined {
	const segments = pathname.split('/').filter((segment) => segment !== '' && segment !== 'pg');
	const first = segments[0] ?? '';
	if (/^(?:profile|permalink|story)\.php$/i.test(first)) {
		const id = searchParams.get('id') ?? '';
		return DIGITS_ONLY.test(id) ? id : undefined;
	}
	// '/pages/Name/123', '/pages/category/Shop/Name-123'
	if (/^pages$/i.test(first)) return segments.slice(2).map(idInSegment).find(Boolean);
	// '/people/Name/123', '/messages/t/123', '/p/Name-123', '/t/123'
	if (/^(?:people|messages)$/i.test(first)) return idInSegment(segments[2]);
	if (/^(?:p|t)$/i.test(first)) return idInSegment(segments[1]);
	return idInSegment(first);
}

function idInSegment(segment: string | undefined): string | undefined {
	if (segment === undefined) return undefined;
	return DIGITS_ONLY.test(segment) ? segment : NAME_AND_ID.exec(segment)?.[1];
}
