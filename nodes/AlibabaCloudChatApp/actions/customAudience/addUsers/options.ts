import { MAX_USERS } from '../../../submission/batches';
import { CALL_OPTIONS } from './callOptions';
import { COLLECT_OPTIONS } from './collectOptions';
import { FILE_OPTIONS } from './fileOptions';
import { boolean, choice, country, wholeNumber } from './optionKinds';
import { optionsFieldOf } from './optionsField';

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
