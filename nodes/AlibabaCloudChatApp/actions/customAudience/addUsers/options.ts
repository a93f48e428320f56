import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { MAX_USERS } from '../../../upload/batches';
import {
	boolean,
	choice,
	country,
	notUsable,
	number,
	type Option,
	type Shown,
	text,
	wholeNumber,
} from '../../optionKinds';

/** Seconds: a timer takes at most 2^31 - 1 milliseconds. */
const LONGEST_TIMEOUT = 2_000_000;

/** The options of how calls are made. */
export const CALL_OPTIONS = {
	maxTries: wholeNumber({
		displayName: 'Max Tries',
		default: 5,
		min: 1,
		description:
			'When a run has to end soon, lower it: how often one call is made at most while the service is busy or out of reach',
	}),
	sendUsersIn: choice({
		displayName: 'Send Users In',
		default: 'auto',
		choices: {
			auto: ['Automatic', 'The body, and the query where a gateway reads nothing else'],
			body: ['Body', 'The body of the request, in calls of up to 10,000 users'],
			query: ['Query', 'The URL, in calls of some 60 users'],
		},
		description:
			'When Alibaba Cloud answers that users are missing, choose where a call carries them. Choose Query only when you know that Alibaba Cloud does not read the body: it takes far more calls, and addresses are in the URLs that Alibaba Cloud gets, over TLS.',
	}),
	timeout: number({
		displayName: 'Timeout',
		default: 60,
		min: 0.001,
		max: LONGEST_TIMEOUT,
		unit: 'seconds',
		hint: 'In seconds',
		description: 'When the network is slow, raise it: how many seconds one call may take',
	}),
};

/** The table that is used unless the person names another. */
const DEFAULT_TABLE = 'alibaba_cloud_chat_app_contacts';

const LONGEST_HOURS = 24 * 365;
const LONGEST_DAYS = 36_500;
const MOST_USERS = 10_000;

/** The options of collecting: one number for each step. */
export const COLLECT_OPTIONS = {
	collectHours: number({
		displayName: 'Collect Hours',
		default: 24,
		min: 0,
		max: LONGEST_HOURS,
		unit: 'hours',
		description:
			"When leads must not wait so long, lower it: after so many hours the oldest collected contact goes with users that were sent before, as soon as they are 'Collect Until' together. 0 means never.",
	}),
	collectTable: text({
		displayName: 'Collect Table',
		default: DEFAULT_TABLE,
		description:
			'Only to keep contacts apart, choose another name: the Data Table where contacts are collected. The node makes it, and several workflows may share one.',
	}),
	collectUntil: wholeNumber({
		displayName: 'Collect Until',
		default: 500,
		min: 1,
		max: MOST_USERS,
		description:
			'Only when Meta finds more than one in five of your contacts, lower it: so many collected users of an audience are sent together. Nobody of an upload with fewer than 100 matches can be messaged.',
	}),
	keepDays: number({
		displayName: 'Keep Days',
		default: 180,
		min: 0,
		max: LONGEST_DAYS,
		unit: 'days',
		description:
			'When your rules ask for it, lower it: after so many days contacts that were sent are deleted from the Data Table. Those that wait never are.',
	}),
	oneSender: boolean({
		displayName: 'One Sender Across Workers',
		default: false,
		description:
			"Whether runs for the same audience wait for each other in queue mode too. Switch it on only with several workers, and not where 'Under Minimum' is Collect, which does so itself.",
	}),
	topUp: boolean({
		displayName: 'Top Up',
		default: true,
		description:
			"Whether users that were sent before go again where there are fewer than 'Collect Until'. Meta counts each person once, so switch it off only to send nobody twice.",
	}),
};

const forFiles = { show: { '/source': ['file'] } };

/** Options that only a file needs. */
export const FILE_OPTIONS = {
	encoding: choice({
		displayName: 'Encoding',
		default: 'auto',
		displayOptions: forFiles,
		choices: {
			auto: ['Automatic', 'As the beginning of the file shows'],
			'utf-16be': ['UTF-16 (Big Endian)', 'Rare'],
			'utf-16le': ['UTF-16 (Little Endian)', 'What Excel calls Unicode text'],
			'utf-8': ['UTF-8', 'What most systems write'],
			'windows-1252': ['Windows-1252', 'What Excel writes as plain CSV in western countries'],
		},
		description:
			"Only when letters such as ü or ł come out wrong, change it: how the file's text is stored",
	}),
	headerRow: boolean({
		displayName: 'First Row Holds Names',
		default: true,
		displayOptions: forFiles,
		description:
			"Whether the first row of the file holds the names of its columns. Switch it off when it is a contact already, and give the columns by position under 'Map Each Field': 0 for the first.",
	}),
	separator: separator({
		displayName: 'Separator',
		default: 'auto',
		displayOptions: forFiles,
		description:
			"Only when the columns are not told apart, change it: the character between the file's cells",
	}),
};

/** The sign between a file's cells; `auto`: as the file's beginning tells. */
function separator(shown: Shown<string>): Option<string> {
	return {
		property: {
			...shown,
			type: 'options',
			options: [
				{ name: 'Automatic', value: 'auto', description: 'As the first rows of the file show' },
				{ name: 'Comma (,)', value: ',' },
				{ name: 'Semicolon (;)', value: ';' },
				{ name: 'Tab', value: '\t' },
				{ name: 'Vertical Bar (|)', value: '|' },
			],
		},
		read(value) {
			const sign = value === '\\t' || value === 'tab' ? '\t' : value;
			if (sign === 'auto' || (typeof sign === 'string' && /^[^\r\n"]$/.test(sign))) return sign;
			throw notUsable(shown.displayName, 'Choose one from the list or enter one character');
		},
	};
}

/** The collection 'Options' of the panel, in the order of the alphabet. */
export function optionsFieldOf(options: Record<string, Option<unknown>>): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: Object.entries(options)
			.map(([name, { property }]) => ({ ...property, name }))
			.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}

/** Each option once: its name, what the panel shows, its default and its range. */
export const OPTIONS = {
	batchSize: wholeNumber({
		displayName: 'Batch Size',
		default: MAX_USERS,
		min: 1,
		max: MAX_USERS,
		description:
			'Only when Alibaba Cloud or a proxy refuses calls as too large, lower it: how many users one call carries at most',
	}),
	defaultCountry: country({
		displayName: 'Default Country',
		default: '',
		placeholder: 'e.g. DE',
		description:
			'When phone numbers have no country code and contacts have no country of their own, enter theirs: the two-letter code or the English name',
	}),
	dryRun: boolean({
		displayName: 'Dry Run',
		default: false,
		description:
			'Whether to try it first: checks the IDs and shows the whole plan before the first real run, with nothing sent',
	}),
	encoding: FILE_OPTIONS.encoding,
	estimatedTotal: wholeNumber({
		displayName: 'Estimated Total',
		default: 0,
		min: 0,
		description:
			"When a submission spans several runs, enter how many users the whole of it has; 0 means the run's own count, or no total when several runs follow",
	}),
	headerRow: FILE_OPTIONS.headerRow,
	hash: choice({
		displayName: 'Hash',
		default: 'none',
		choices: {
			none: ['None', 'Send emails and phone numbers as they are'],
			sha256: ['SHA-256', 'Send their SHA-256 hashes'],
		},
		description:
			'When your rules forbid plain emails and phone numbers, or when plain ones match nobody, choose SHA-256. Meta says that values should be hashed, while the examples of Alibaba Cloud are plain; values that are hashed already are sent as they are.',
	}),
	invalidUsers: choice({
		displayName: 'Invalid Users',
		default: 'skip',
		choices: {
			skip: ['Skip', 'Send the others and report these'],
			stop: ['Stop', 'Send nothing if any contact is refused'],
		},
		description:
			"When a contact that can't be sent has to be put right before anything goes, choose Stop",
	}),
	isLastBatch: boolean({
		displayName: 'Is Last Batch',
		default: true,
		displayOptions: { show: { lastBatch: ['set'] } },
		description:
			"Whether this run's last batch closes the submission. Usually an expression, such as {{ $('Loop Over Items').context.noItemsLeft }}.",
	}),
	lastBatch: choice({
		displayName: 'Last Batch',
		default: 'auto',
		choices: {
			auto: ['Automatic', "This run's last batch closes the submission"],
			more: ['More Runs Follow', 'The submission stays open'],
			set: ["Set by 'Is Last Batch'", "The option 'Is Last Batch' decides"],
		},
		description:
			'Only when one submission spans several runs, such as the pages of a loop, change it',
	}),
	maxTries: CALL_OPTIONS.maxTries,
	minimumUsers: wholeNumber({
		displayName: 'Minimum Users',
		default: 100,
		min: 0,
		description:
			"To be safe, raise it to 500: a run with fewer users for an audience does what 'Under Minimum' says. 0 switches that off. When 'Last Batch' is not Automatic, it is compared with 'Estimated Total', and not checked while that is 0.",
	}),
	output: choice({
		displayName: 'Output',
		default: 'summary',
		choices: {
			summary: ['Summary', 'One item for each submission'],
			users: [
				'Users',
				'One item for each input item, with its status; for a file one item with account.csv',
			],
		},
		description: 'To go on with each contact by its status, choose Users',
	}),
	removeDuplicates: boolean({
		displayName: 'Remove Duplicates',
		default: true,
		description:
			'Whether to leave out contacts that add no new email or phone number to the submission. Switch it off only to send every contact as it comes.',
	}),
	sendUsersIn: CALL_OPTIONS.sendUsersIn,
	separator: FILE_OPTIONS.separator,
	timeout: CALL_OPTIONS.timeout,
	underMinimum: choice({
		displayName: 'Under Minimum',
		default: 'collect',
		choices: {
			collect: ['Collect', 'Store them in a Data Table and send them when there are enough'],
			hold: ['Hold', 'Send and store nothing, and report the users as held'],
			warn: ['Send Anyway', 'Send them and add a warning'],
			stop: ['Stop', 'End the run with the reason'],
		},
		description:
			"When too few contacts are not to be collected, choose otherwise: what a run does with fewer users than 'Minimum Users' for an audience. When 'Last Batch' is not Automatic, Collect means Hold.",
	}),
	...COLLECT_OPTIONS,
};

export const optionsField = optionsFieldOf(OPTIONS);

type Values = { [Name in keyof typeof OPTIONS]: ReturnType<(typeof OPTIONS)[Name]['read']> };

/** The options of a submission; `timeout` in seconds. */
export type AddUsersOptions = Omit<Values, 'isLastBatch' | 'output'>;

/**
 * The options as they hold for a submission, read at one of its items. One whose expression gives nothing is refused:
 * the run would send what it was only to plan, or take 100 for the person's own minimum.
 * @throws UnusableValue that names the option when a value is out of its range
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): AddUsersOptions {
	const given = context.getNodeParameter('options', itemIndex, {});
	const chosen: Record<string, unknown> = given;
	const entries = Object.entries(OPTIONS)
		.filter(([name]) => name !== 'isLastBatch' && name !== 'output')
		.map(([name, { property, read }]) => [
			name,
			read(Object.hasOwn(chosen, name) ? chosen[name] : property.default),
		]);
	return Object.fromEntries(entries) as AddUsersOptions;
}

/** Whether the run's last batch closes the submission; 'Is Last Batch' is read at the submission's last item. */
export function readCloses(
	context: IExecuteFunctions,
	lastBatch: AddUsersOptions['lastBatch'],
	lastItem: number,
): boolean {
	if (lastBatch !== 'set') return lastBatch === 'auto';
	const value = context.getNodeParameter('options.isLastBatch', lastItem, true);
	return OPTIONS.isLastBatch.read(value);
}

/** @throws UnusableValue when it is neither */
export function readOutput(context: IExecuteFunctions): 'summary' | 'users' {
	return OPTIONS.output.read(context.getNodeParameter('options.output', 0, 'summary'));
}
