import { ID_LABELS, WHERE_TO_FIND, type IdName } from '../ids/readId';

/** How the API calls each ID; an audience first, since messages about it name the others as well. */
const NAMES: Array<[IdName, string]> = [
	['customAudienceId', String.raw`(?:custom[\s_]*)?audience`],
	['adAccountId', String.raw`ad[\s_]*account`],
	['pageId', String.raw`page[\s_]*id|facebook page`],
	['custSpaceId', String.raw`cust[\s_]*space|channel`],
];

const NO_SUCH = String.raw`illegal|invalid|unknown|not\s*valid|not\s*(?:be\s*)?found|not\s*exist|n't\s*exist`;

const PATTERNS = NAMES.map(([name, called]): [IdName, RegExp] => [
	name,
	new RegExp(
		String.raw`(?:${called}).{0,30}?(?:${NO_SUCH})|(?:invalid|illegal|unknown|no such)\W{0,2}(?:${called})`,
		'i',
	),
]);

const THINGS: Record<IdName, string> = {
	custSpaceId: 'channel',
	pageId: 'Page',
	adAccountId: 'ad account',
	customAudienceId: 'custom audience',
};

const BELONGS: Partial<Record<IdName, string>> = {
	pageId: " and that it is the one behind 'Channel'",
	adAccountId: " and that it belongs to 'Page ID'",
	customAudienceId: " and that it belongs to 'Page ID' and 'Ad Account'",
};

/** Which of the IDs a service doesn't know, as far as its code or its message tells. */
export function refusedId(code: string, said: string): IdName | undefined {
	return PATTERNS.find(([, pattern]) => pattern.test(code) || pattern.test(said))?.[0];
}

/** What is told of an ID that a service doesn't know: what happened, and what to do. */
export function wordsForId(name: IdName): { what: string; fix: string } {
	return {
		what: `This ${THINGS[name]} wasn't found`,
		fix: `Check '${ID_LABELS[name]}' in the node${BELONGS[name] ?? ''}. ${WHERE_TO_FIND[name]}`,
	};
}
