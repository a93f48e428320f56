import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { UnusableValue } from '../../../../credentials/credential';
import type { Clock } from '../../async';
import {
	audiencePages,
	createAudience,
	type FacebookPage,
	idOf,
	type CallWithRetries,
	textOf,
	walkPages,
} from '../../transport/api';
import { adAccountField, channelField, pageField } from '../fields';
import { forEachItem, type ItemTask, type OperationResult } from '../output';
import { facebookPageOf } from '../parameters';

/** The panel's fields of 'Create'. */
export const fields: INodeProperties[] = [
	channelField,
	pageField,
	adAccountField,
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Newsletter readers',
		description: 'Name of the audience in Alibaba Cloud and Meta',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Description',
				name: 'description',
				type: 'string',
				default: '',
				placeholder: 'e.g. Readers of the weekly newsletter',
				description: 'What the audience is for, shown in Alibaba Cloud and Meta',
			},
			{
				displayName: 'Reuse Existing Audience',
				name: 'useExisting',
				type: 'boolean',
				default: true,
				description:
					'Whether to return the existing audience if the ad account has one with exactly this name, instead of creating a second one',
			},
		],
	},
];

interface NewAudience {
	adAccountId: string;
	name: string;
	description: string;
}

/** Creates a custom audience for each name that the ad account doesn't have yet; 'Add Users' fills it. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	// A list may lag behind what was created a moment ago.
	const createdHere = new Map<string, string>();
	return await forEachItem({ context, clock, isWrite: true }, async (task) => {
		const { call, ids } = task;
		const facebookPage = facebookPageOf(ids);
		const { audience, useExisting } = readNewAudience(task);
		const key = JSON.stringify([facebookPage, audience.adAccountId, audience.name]);
		const existing = useExisting
			? (createdHere.get(key) ?? (await findByName(call, facebookPage, audience)))
			: undefined;
		const created =
			existing === undefined ? await createAudience(call, facebookPage, audience) : undefined;
		const customAudienceId = existing ?? created?.customAudienceId ?? '';
		createdHere.set(key, customAudienceId);
		const { adAccountId, name } = audience;
		const requestId = created?.requestId;
		return [
			{
				customAudienceId,
				customAudienceName: name,
				adAccountId,
				...facebookPage,
				created: created !== undefined,
				...(requestId && { requestId }),
			},
		];
	});
}

function readNewAudience({ context, item, ids }: ItemTask) {
	const adAccountId = ids.required('adAccountId');
	const name = textOf(context.getNodeParameter('name', item, ''));
	if (name === '') throw new UnusableValue("'Name' is empty", 'Enter it in the node');
	const options = context.getNodeParameter('options', item, {}) as IDataObject;
	const audience: NewAudience = { adAccountId, name, description: textOf(options.description) };
	return { audience, useExisting: String(options.useExisting) !== 'false' };
}

/** The ID of the ad account's audience of exactly this name. The API may match names more loosely. */
async function findByName(
	call: CallWithRetries,
	facebookPage: FacebookPage,
	{ adAccountId, name }: NewAudience,
): Promise<string | undefined> {
	for await (const { entries } of walkPages(
		audiencePages(call, facebookPage, { adAccountId, name }),
	)) {
		const found = entries.find((entry) => textOf(entry.CustomAudienceName) === name);
		if (!found) continue;
		const id = idOf(found.CustomAudienceId).trim();
		if (id !== '') return id;
		throw new UnusableValue(
			'The audience exists, but the response contains no ID for it',
			"Run again later, or copy the ID from Meta Ads Manager to 'Custom Audience'",
		);
	}
	return undefined;
}
