import type { INodeProperties } from 'n8n-workflow';
import { MAX_AUDIENCES_PER_ACCOUNT } from '../../transport/advice';
import { FEWEST_MATCHES } from '../../upload/decide';
import { audienceFields, operationOf, showFor } from '../fields';
import * as addUsers from './addUsers/operation';
import * as create from './create';
import * as forgetUsers from './forgetUsers';
import * as getMany from './getMany';
import * as getResult from './getResult';
import { SMALL_UPLOADS } from './options';
import * as sendCollected from './sendCollected';

const RESOURCE = 'customAudience';

/** The package's README, which npm shows wherever the code is. */
const README = 'https://www.npmjs.com/package/n8n-nodes-alibaba-cloud-chat-app';

/** A link to a part of the README, for notices and hints in the panel. */
function readMore(words: string, heading: string): string {
	return `<a href="${README}#${heading}" target="_blank">${words}</a>`;
}

const { collectHours, collectUntil, keepDays, minimumUsers } = SMALL_UPLOADS;

/** What happens to small uploads and to sent contacts with the default options, shown only while it applies. */
const storingNotice: INodeProperties = {
	displayName: `Meta discards uploads with fewer than ${FEWEST_MATCHES} matches, so a run with fewer than ${minimumUsers.absent} contacts stores them in an n8n Data Table. By default, they are sent when ${collectUntil.absent} are waiting, or by the first run after ${collectHours.absent} hours if previously sent contacts bring the total to ${collectUntil.absent}. They then stay there, and every list you send leaves up to ${collectUntil.absent} contacts in the table, for ${keepDays.absent} days, to fill up later uploads. ${readMore('Learn more', 'small-uploads-and-the-100-match-rule')}`,
	name: 'storingNotice',
	type: 'notice',
	default: '',
	displayOptions: {
		hide: {
			dryRun: [true],
			'smallUploads.underMinimum': ['hold', 'warn', 'stop'],
			'advanced.lastBatch': ['more', 'set'],
		},
	},
};

/** The operations of 'Custom Audience' in the panel, and their fields. */
export const description: INodeProperties[] = [
	{
		...operationOf(RESOURCE, 'addUsers'),
		options: [
			{
				name: 'Add Users',
				value: 'addUsers',
				action: 'Add users to custom audience',
				description: `Send contacts to a custom audience and return the result for every contact. Fewer than ${minimumUsers.absent} contacts are collected first. An AI agent's tool call sends one contact, which is collected until there are enough.`,
				builderHint: {
					propertyHint:
						'Connect it directly after a CRM trigger, a form, or a node that returns contacts. It finds email and phone, cleans them, collects single contacts, and splits long lists, so no Set, Code, Loop, or Aggregate node is needed before it.',
				},
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create custom audience',
				description: `Create a custom audience for Add Users, or return the existing one with this name. Meta allows ${MAX_AUDIENCES_PER_ACCOUNT} per ad account.`,
			},
			{
				name: 'Forget Users',
				value: 'forgetUsers',
				action: 'Forget users',
				description:
					'Delete people from the Data Table, for all audiences, and never send or store them again in this project. It returns what you still have to do at Meta and Alibaba Cloud.',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many custom audiences',
				description:
					'Get the custom audiences of a Facebook Page, with the number of people in each who can be messaged',
			},
			{
				name: 'Get Match Result',
				value: 'getResult',
				action: 'Get match result',
				description:
					'Count the people who can be messaged and, if connected after Add Users, how many submitted contacts were matched. Run it a day after the upload.',
				builderHint: {
					propertyHint:
						'Connect it after Add Users with a Wait node of one day between them; it reads the summary that Add Users returns.',
				},
			},
			{
				name: 'Send Collected Users',
				value: 'sendCollected',
				action: 'Send collected users',
				description:
					'Send the contacts that Add Users has collected, if they are due. Connect it to a Schedule Trigger to send them on time.',
				builderHint: {
					propertyHint:
						"Use it in its own workflow after a Schedule Trigger that runs every hour, with 'Audiences' set to All Audiences in the Table.",
				},
			},
		],
	},
	...showFor(RESOURCE, 'addUsers', [storingNotice, ...audienceFields, ...addUsers.fields]),
	...showFor(RESOURCE, 'create', create.fields),
	...showFor(RESOURCE, 'forgetUsers', forgetUsers.fields),
	...showFor(RESOURCE, 'getMany', getMany.fields),
	...showFor(RESOURCE, 'getResult', getResult.fields),
	...showFor(RESOURCE, 'sendCollected', sendCollected.fields),
];
