import { UserError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { resolveCountry } from '../../contacts/country';
import type { HashMode } from '../../contacts/hash';
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
				"How many users the whole submission has. Enter it when a submission spans several runs; 0 means the run's own count.",
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
				'How many users a submission should have. Raise it to 500 to be safe, since Meta discards a submission with fewer than 100 matches; 0 switches the check off.',
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

export interface AddUsersOptions {
	batchSize: number;
	/** ISO 3166 alpha-2, or empty. */
	defaultCountry: string;
	dryRun: boolean;
	/** 0 when nobody knows it. */
	estimatedTotal: number;
	hash: HashMode;
	invalidUsers: 'skip' | 'stop';
	lastBatch: 'auto' | 'more' | 'set';
	maxTries: number;
	minimumUsers: number;
	removeDuplicates: boolean;
	/** Milliseconds. */
	timeout: number;
	underMinimum: 'hold' | 'stop' | 'warn';
}

/**
 * The options as they hold for a submission, read at one of its items.
 * @throws UserError that names the option when a value is out of its range
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): AddUsersOptions {
	const given = context.getNodeParameter('options', itemIndex, {});
	// An agent's tool call hands over one contact, which is lost below the 100 rule.
	const underMinimum = context.isToolExecution() ? 'hold' : 'warn';
	return {
		batchSize: wholeNumber('Batch Size', given.batchSize ?? MAX_USERS, { min: 1, max: MAX_USERS }),
		defaultCountry: country(given.defaultCountry ?? ''),
		dryRun: booleanOption('Dry Run', given.dryRun ?? false),
		estimatedTotal: wholeNumber('Estimated Total', given.estimatedTotal ?? 0, { min: 0 }),
		hash: oneOf('Hash', given.hash ?? 'none', ['none', 'sha256']),
		invalidUsers: oneOf('Invalid Users', given.invalidUsers ?? 'skip', ['skip', 'stop']),
		lastBatch: oneOf('Last Batch', given.lastBatch ?? 'auto', ['auto', 'more', 'set']),
		maxTries: wholeNumber('Max Tries', given.maxTries ?? 5, { min: 1 }),
		minimumUsers: wholeNumber('Minimum Users', given.minimumUsers ?? 100, { min: 0 }),
		removeDuplicates: booleanOption('Remove Duplicates', given.removeDuplicates ?? true),
		timeout: seconds('Timeout', given.timeout ?? 60),
		underMinimum: oneOf('Under Minimum', given.underMinimum ?? underMinimum, [
			'hold',
			'stop',
			'warn',
		]),
	};
}

/** Whether the run's last batch closes the submission; 'Is Last Batch' is read at the submission's last item. */
export function readCloses(
	context: IExecuteFunctions,
	lastBatch: AddUsersOptions['lastBatch'],
	lastItem: number,
): boolean {
	if (lastBatch !== 'set') return lastBatch === 'auto';
	const value = context.getNodeParameter('options.isLastBatch', lastItem, true);
	return booleanOption('Is Last Batch', value);
}

/** @throws UserError when it is neither */
export function readOutput(context: IExecuteFunctions): 'summary' | 'users' {
	const output = context.getNodeParameter('options.output', 0, 'summary');
	return oneOf('Output', output, ['summary', 'users']);
}

function wholeNumber(label: string, value: unknown, range: { min: number; max?: number }): number {
	const { min, max = Number.MAX_SAFE_INTEGER } = range;
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) {
		return number;
	}
	const upTo = range.max === undefined ? ` of at least ${min}` : ` from ${min} to ${max}`;
	throw new UserError(`'${label}' is not usable. Enter a whole number${upTo}`);
}

function seconds(label: string, value: unknown): number {
	const number = Number(value);
	// A timer takes at most 2^31 - 1 milliseconds.
	if (number > 0 && number <= 2_000_000) return Math.max(1, Math.round(number * 1000));
	throw new UserError(`'${label}' is not usable. Enter a number of seconds above 0`);
}

function booleanOption(label: string, value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw new UserError(`'${label}' is neither true nor false. Check the value or its expression`);
}

function oneOf<T extends string>(label: string, value: unknown, allowed: T[]): T {
	const found = allowed.find((candidate) => candidate === value);
	if (found !== undefined) return found;
	throw new UserError(`'${label}' is not usable. Choose one of: ${allowed.join(', ')}`);
}

function country(value: unknown): string {
	if (typeof value !== 'string')
		throw new UserError("'Default Country' is not a text. Enter e.g. DE");
	if (value.trim() === '') return '';
	const code = resolveCountry(value);
	if (code === undefined) {
		throw new UserError(
			"'Default Country' is not a country. Enter its two-letter code, e.g. DE, or its English name",
		);
	}
	return code;
}
