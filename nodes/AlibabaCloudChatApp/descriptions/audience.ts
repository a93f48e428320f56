import type { INodeProperties } from 'n8n-workflow';

function locator(
	displayName: string,
	name: string,
	text: { placeholder: string; description: string },
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'id', value: '' },
		description: text.description,
		modes: [
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: text.placeholder,
			},
		],
	};
}

/** The four fields that name an audience. */
export const audienceFields: INodeProperties[] = [
	locator('Channel', 'custSpaceId', {
		placeholder: 'e.g. cams-8c8…',
		description:
			'The Messenger channel; its ID is on the Channel Management page of Chat App Message Service',
	}),
	{
		displayName: 'Page ID',
		name: 'pageId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 104996122399160',
		description: 'The Facebook Page behind the channel; its ID is under About, Page transparency',
	},
	locator('Ad Account', 'adAccountId', {
		placeholder: 'e.g. 560153963234567',
		description: 'The Meta ad account that the audience belongs to',
	}),
	locator('Custom Audience', 'customAudienceId', {
		placeholder: 'e.g. 23851234567890123',
		description: 'The audience that the contacts are sent to',
	}),
];
