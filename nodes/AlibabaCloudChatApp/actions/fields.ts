import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { type IdName, WHERE_TO_FIND } from '../ids';
import { mustBe } from './optionKinds';

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

/** The field 'Operation' of a resource, without its options. @param first the operation chosen by default */
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

/** How many entries 'Get Many' returns. */
export const limitFields: INodeProperties[] = [
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

/** Whether 'Get Many' returns the usual fields under camelCase names, or all fields under the API's names. */
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
		required: true,
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
	description: 'Messenger channel of Chat App Message Service',
});

/** The Facebook Page. Listing a channel's Pages needs a Facebook token, so people enter its ID. */
export const pageField: INodeProperties = {
	displayName: 'Page ID',
	name: 'pageId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 104996122399160',
	description: 'ID of the Facebook Page connected to the channel, or a Facebook URL with the ID',
	hint: WHERE_TO_FIND.pageId,
};

/** The Meta ad account. */
export const adAccountField = locator('Ad Account', 'adAccountId', {
	list: 'Choose an ad account…',
	search: 'searchAdAccounts',
	placeholder: 'e.g. 560153963234567',
	description: 'Meta ad account that owns the audience',
});

/** The custom audience. */
export const customAudienceField = locator('Custom Audience', 'customAudienceId', {
	list: 'Choose a custom audience…',
	search: 'searchCustomAudiences',
	placeholder: 'e.g. 23851234567890123',
	description: 'Audience to send the contacts to',
});

/** The four fields that name an audience. */
export const audienceFields: INodeProperties[] = [
	channelField,
	pageField,
	adAccountField,
	customAudienceField,
];

/** The custom audience where it is optional. */
export const optionalAudienceField: INodeProperties = {
	...customAudienceField,
	required: false,
	description: 'Audience to get or refresh tokens for; leave it empty for the whole Page',
};

/** The most entries to return. @throws UnusableValue */
export function limitOf(context: IExecuteFunctions, itemIndex: number): number {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return Infinity;
	const limit = Number(context.getNodeParameter('limit', itemIndex, 50));
	if (Number.isInteger(limit) && limit >= 1) return limit;
	throw mustBe('Limit', 'a whole number, 1 or higher');
}

/** The fields of an entry that 'Simplify' keeps, by the API's names. */
interface SimpleShape {
	fields: string[];
	/** Those of the fields that are points in time. */
	dates?: string[];
}

/** The entries simplified to the shape's fields under camelCase names, or as the API sent them. */
export function shapeEntries(
	context: IExecuteFunctions,
	itemIndex: number,
	entries: IDataObject[],
	{ fields, dates = [] }: SimpleShape,
): IDataObject[] {
	if (context.getNodeParameter('simplify', itemIndex, true) !== true) return entries;
	return entries.map((entry) =>
		Object.fromEntries(
			fields
				.filter((field) => entry[field] !== undefined)
				.map((field) => [
					field.charAt(0).toLowerCase() + field.slice(1),
					dates.includes(field) ? readableDate(entry[field]) : entry[field],
				]),
		),
	);
}

/** As seconds, a time in 5138; as milliseconds, one in March 1973: a number's size shows its unit. */
const FEWEST_MILLISECONDS = 1e11;

/** A time in ISO 8601, from seconds or milliseconds since 1970; anything else unchanged. */
function readableDate(given: IDataObject[string]): IDataObject[string] {
	const number = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
	if (typeof number !== 'number' || number <= 0) return given;
	const date = new Date(number < FEWEST_MILLISECONDS ? number * 1000 : number);
	return Number.isNaN(date.getTime()) ? given : date.toISOString();
}
