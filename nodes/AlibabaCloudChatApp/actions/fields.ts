import type { INodeProperties } from 'n8n-workflow';
import { type IdName, WHERE_TO_FIND } from '../ids';

/** Where a person reads on: the package's own README, which npm shows wherever the code lives. */
const README = 'https://www.npmjs.com/package/n8n-nodes-alibaba-cloud-chat-app';

/** A link to a part of the README, for notices and hints in the panel. */
export function readMore(words: string, heading: string): string {
	return `<a href="${README}#${heading}" target="_blank">${words}</a>`;
}

/** The fields as one operation of a resource shows them. */
export function showFor(
	resource: string,
	operation: string,
	fields: INodeProperties[],
): INodeProperties[] {
	return fields.map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, resource: [resource], operation: [operation] },
		},
	}));
}

/** The field 'Operation' of a resource, but for its options. @param first what is chosen at first */
export function operationOf(resource: string, first: string) {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		default: first,
	} satisfies Partial<INodeProperties>;
}

/** How many entries 'Get Many' gives. */
export const howMany: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** Whether 'Get Many' gives the usual fields under n8n's kind of names, or all as the API names them. */
export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

function locator(
	displayName: string,
	name: IdName,
	text: { list: string; search: string; placeholder: string; description: string },
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: text.description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: text.list,
				typeOptions: { searchListMethod: text.search, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: text.placeholder,
				hint: WHERE_TO_FIND[name],
			},
		],
	};
}

/** The Messenger channel. */
export const channelField = locator('Channel', 'custSpaceId', {
	list: 'Choose a channel…',
	search: 'searchChannels',
	placeholder: 'e.g. cams-8c8…',
	description: 'The Messenger channel that people write to',
});

/** The Facebook Page; nothing lists a channel's Pages without a Facebook token, so its ID is entered. */
export const pageField: INodeProperties = {
	displayName: 'Page ID',
	name: 'pageId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 104996122399160',
	description:
		'The Facebook Page behind the channel, by its ID or a Facebook URL that holds the ID',
	hint: WHERE_TO_FIND.pageId,
};

/** The Meta ad account. */
export const adAccountField = locator('Ad Account', 'adAccountId', {
	list: 'Choose an ad account…',
	search: 'searchAdAccounts',
	placeholder: 'e.g. 560153963234567',
	description: 'The Meta ad account that the audience belongs to',
});

/** The custom audience. */
export const customAudienceField = locator('Custom Audience', 'customAudienceId', {
	list: 'Choose a custom audience…',
	search: 'searchCustomAudiences',
	placeholder: 'e.g. 23851234567890123',
	description: 'The audience that the contacts are sent to',
});

/** The four fields that name an audience. */
export const audienceFields: INodeProperties[] = [
	channelField,
	pageField,
	adAccountField,
	customAudienceField,
];

/** The custom audience, where it may be left out. */
export const optionalAudienceField: INodeProperties = {
	...customAudienceField,
	description: 'The audience whose tokens are meant; leave it empty for all those of the Page',
};

/** The rule that costs most contacts, where it can't be overlooked. */
export const hundredRuleNotice: INodeProperties = {
	displayName: `A run with fewer than 100 contacts stores them in a Data Table until 500 are there for this audience, since nobody of an upload with fewer than 100 matches can be messaged; the output tells how many wait. ${readMore('Why', 'the-100-rule')}`,
	name: 'hundredRuleNotice',
	type: 'notice',
	default: '',
};
