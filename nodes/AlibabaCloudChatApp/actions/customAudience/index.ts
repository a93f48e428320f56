import type { INodeProperties } from 'n8n-workflow';
import { audienceFields, hundredRuleNotice, operationOf, showFor } from '../fields';
import * as addUsers from './addUsers/operation';
import * as create from './create';
import * as getMany from './getMany';
import * as getResult from './getResult';
import * as sendCollected from './sendCollected';

const RESOURCE = 'customAudience';

export const description: INodeProperties[] = [
	{
		...operationOf(RESOURCE, 'addUsers'),
		options: [
			{
				name: 'Add Users',
				value: 'addUsers',
				action: 'Add users to a custom audience',
				description:
					"Send contacts to a custom audience in full batches, with an account of each one. As a tool it gets a single contact, which is below Meta's 100 rule and is collected until there are enough, unless 'Under Minimum' says otherwise.",
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create a custom audience',
				description:
					'Make a custom audience that Add Users can fill, or use the one of this name. Meta allows 500 for an ad account.',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many custom audiences',
				description:
					'Get the custom audiences of a Facebook Page, with how many people in each can be messaged',
			},
			{
				name: 'Get Result',
				value: 'getResult',
				action: 'Check how many users were matched',
				description:
					'Count who can be messaged and, behind Add Users, how many of those submitted were matched. Run it a day after the upload.',
			},
			{
				name: 'Send Collected Users',
				value: 'sendCollected',
				action: 'Send collected users',
				description:
					"Send what 'Add Users' has collected, if it is time. Put it behind a Schedule Trigger.",
			},
		],
	},
	...showFor(RESOURCE, 'addUsers', [hundredRuleNotice, ...audienceFields, ...addUsers.fields]),
	...showFor(RESOURCE, 'create', create.fields),
	...showFor(RESOURCE, 'getMany', getMany.fields),
	...showFor(RESOURCE, 'getResult', getResult.fields),
	...showFor(RESOURCE, 'sendCollected', sendCollected.fields),
];
