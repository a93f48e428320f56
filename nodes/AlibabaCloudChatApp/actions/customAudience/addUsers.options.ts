import type { INodeProperties } from 'n8n-workflow';
import { MAX_USERS } from '../../submission/batches';

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Batch Size',
			name: 'batchSize',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: MAX_USERS, numberPrecision: 0 },
			default: MAX_USERS,
			description:
				'How many users one call carries at most. Lower it only when Alibaba Cloud or a proxy refuses calls as too large.',
		},
		{
			displayName: 'Default Country',
			name: 'defaultCountry',
			type: 'string',
			placeholder: 'e.g. DE',
			default: '',
			description:
				'Country of phone numbers without a country code. Set it when contacts have no country of their own, as the two-letter code or the English name.',
		},
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description:
				'Whether to make the whole plan without sending anything. Try it before the first real run.',
		},
		{
			displayName: 'Estimated Total',
			name: 'estimatedTotal',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
			description:
				"How many users the whole submission has. Enter it when a submission spans several runs; 0 means the run's own count, or no total when several runs follow.",
		},
		{
			displayName: 'Hash',
			name: 'hash',
			type: 'options',
			options: [
				{ name: 'None', value: 'none', description: 'Send emails and phone numbers as they are' },
				{ name: 'SHA-256', value: 'sha256', description: 'Send their SHA-256 hashes' },
			],
			default: 'none',
			description:
				'Whether emails and phone numbers are hashed before they leave n8n. Choose SHA-256 when your rules forbid sending them plain; values that are hashed already are sent as they are.',
		},
		{
			displayName: 'Invalid Users',
			name: 'invalidUsers',
			type: 'options',
			options: [
				{ name: 'Skip', value: 'skip', description: 'Send the others and report these' },
				{ name: 'Stop', value: 'stop', description: 'Send nothing if any contact is refused' },
			],
			default: 'skip',
			description:
				'What to do when a contact has no email or phone number that can be sent. Choose Stop when such a contact has to be mended before anything is sent.',
		},
		{
			displayName: 'Is Last Batch',
			name: 'isLastBatch',
			type: 'boolean',
			default: true,
			displayOptions: { show: { lastBatch: ['set'] } },
			description:
				"Whether this run's last batch closes the submission. Usually an expression, such as {{ $('Loop Over Items').context.noItemsLeft }}.",
		},
		{
			displayName: 'Last Batch',
			name: 'lastBatch',
			type: 'options',
			options: [
				{
					name: 'Automatic',
					value: 'auto',
					description: "This run's last batch closes the submission",
				},
				{ name: 'More Runs Follow', value: 'more', description: 'The submission stays open' },
				{
					name: "Set by 'Is Last Batch'",
					value: 'set',
					description: "The option 'Is Last Batch' decides",
				},
			],
			default: 'auto',
			description:
				'Change it only when one submission spans several runs, such as the pages of a loop',
		},
		{
			displayName: 'Max Tries',
			name: 'maxTries',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 5,
			description:
				'How often one call is made at most when the service is busy or out of reach. Lower it when a run has to end soon.',
		},
		{
			displayName: 'Minimum Users',
			name: 'minimumUsers',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 100,
			description:
				"How many users a submission should have. Raise it to 500 to be safe, since Meta discards a submission with fewer than 100 matches; 0 switches the check off. When 'Last Batch' is not Automatic, it is compared with 'Estimated Total', and not checked while that is 0.",
		},
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: [
				{ name: 'Summary', value: 'summary', description: 'One item for each submission' },
				{
					name: 'Users',
					value: 'users',
					description: 'One item for each input item, with its status',
				},
			],
			default: 'summary',
			description: 'What comes out. Choose Users to go on with each contact by its status.',
		},
		{
			displayName: 'Remove Duplicates',
			name: 'removeDuplicates',
			type: 'boolean',
			default: true,
			description:
				'Whether to leave out contacts that add no new email or phone number to the submission. Switch it off only to send every contact as it comes.',
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 0.001 },
			default: 60,
			description: 'How many seconds one call may take. Raise it on a slow network.',
		},
		{
			displayName: 'Under Minimum',
			name: 'underMinimum',
			type: 'options',
			options: [
				{ name: 'Hold', value: 'hold', description: 'Send nothing and report the users as held' },
				{ name: 'Stop', value: 'stop', description: 'End the run with the reason' },
				{ name: 'Warn', value: 'warn', description: 'Send them and add a warning' },
			],
			default: 'warn',
			description:
				"What to do with fewer users than 'Minimum Users'. Choose Hold when contacts come one by one; as a tool of an AI agent, the node holds them unless you choose otherwise.",
		},
	],
};
