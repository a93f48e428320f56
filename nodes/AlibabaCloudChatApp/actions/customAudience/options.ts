import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { type Encoding, encodingNamed, ENCODINGS } from '../../sources/file/encoding';
import { MAX_USERS } from '../../upload/batches';
import { FEWEST_MATCHES } from '../../upload/decide';
import {
	boolean,
	keyByPath,
	character,
	choice,
	country,
	dataPath,
	fieldOf,
	number,
	optionalText,
	type Options,
	optionsField,
	readField,
	readOptionsOf,
	text,
	wholeNumber,
} from '../optionKinds';
import { mayDiffer } from '../parameters';

/** For phone numbers without a country code. */
export const DEFAULT_COUNTRY = country({
	displayName: 'Default Country',
	default: '',
	description:
		'Country for phone numbers without a country code, used if the contact has no country. Choose it from the list, or use an expression that returns a code or a name.',
});

/** A field, not an option: an added option starts with its default, which is off, and the run would send for real. */
const DRY_RUN_OPTION = boolean({
	displayName: 'Dry Run',
	default: false,
	description:
		'Whether to check the IDs and show what would be sent, without sending or storing anything',
});

/** The everyday options. */
export const OPTIONS = {
	addresses: choice({
		displayName: 'Addresses',
		default: 'best',
		choices: {
			best: ['Best One', "The contact's best email and best phone number"],
			all: ['All of Them', 'Up to three emails and three phone numbers per contact'],
		},
		description:
			"Which of a contact's emails and phone numbers to send. More addresses can raise the match rate; Meta counts each person once.",
	}),
	consentField: dataPath({
		displayName: 'Consent Field',
		default: '',
		placeholder: 'e.g. marketing_consent',
		description:
			'Field that shows whether the contact agreed to marketing: drag it here. Only contacts who agreed are sent: those with yes, true, 1, a date, or a status such as subscribed.',
	}),
	hash: choice({
		displayName: 'Hash Contacts',
		default: 'none',
		choices: {
			none: ['None', 'Send and store plain emails and phone numbers'],
			sha256: ['SHA-256', 'Send and store only their SHA-256 hashes'],
		},
		description:
			'How emails and phone numbers are sent. Choose SHA-256 if your rules forbid plain ones; values that are already hashed are sent unchanged.',
	}),
	invalidContacts: choice({
		displayName: 'If a Contact Is Invalid',
		default: 'skip',
		choices: {
			skip: ['Skip It', 'Send the other contacts and report this one with its reason'],
			stop: ['Stop and Send Nothing', 'End the run before anything is sent'],
		},
		description:
			"What to do with a contact that can't be sent, for example because its phone number is incomplete",
	}),
	optedOut: choice({
		displayName: 'Opted-Out Contacts',
		default: 'leaveOut',
		choices: {
			leaveOut: [
				'Leave Out',
				'Count contacts with a field that says no to marketing as invalid, and send the others',
			],
			send: ['Send', 'Send them too, with a warning'],
		},
		description:
			"What to do with contacts who unsubscribed or opted out. Meta subscribes everyone it matches to your Page's marketing messages.",
	}),
	output: choice({
		displayName: 'Output',
		default: 'summary',
		choices: {
			summary: ['Summary', 'One item per upload, with counts and reasons'],
			users: [
				'One Item per Contact',
				'Each contact with its status; for a file, one item with the file results.csv',
			],
		},
		description:
			'What the node returns. Choose One Item per Contact to continue with each contact.',
	}),
	unreachable: choice({
		displayName: "Contacts Meta Can't Message",
		default: 'send',
		choices: {
			send: ['Send', 'Send them too; the summary counts them by country'],
			leaveOut: ['Leave Out', 'Count them as invalid, with the reason, and send the others'],
		},
		description:
			'What to do with contacts in the EU, the UK, Japan, South Korea, and Australia, where Meta sends no marketing messages',
	}),
};

const MAX_COLLECTED = 10_000;
const MAX_HOURS = 24 * 365;
const MAX_DAYS = 36_500;

/** What happens to uploads below Meta's 100 matches. */
export const SMALL_UPLOADS = {
	collectHours: number({
		displayName: 'Send After (Hours)',
		default: 24,
		min: 0,
		max: MAX_HOURS,
		description:
			"Hours after which collected contacts are sent with previously sent ones, if together they reach 'Send When Collected'. Checked only when the node runs; 0 turns it off.",
	}),
	collectTable: text({
		displayName: 'Data Table Name',
		default: 'alibaba_cloud_chat_app_contacts',
		description:
			'Name of the Data Table that stores contacts. The node creates it; several workflows can share it.',
	}),
	collectUntil: wholeNumber({
		displayName: 'Send When Collected',
		default: 500,
		min: 1,
		max: MAX_COLLECTED,
		description:
			'Number of collected contacts to send at once. Lower it only if Meta matches more than one in five of your contacts.',
	}),
	keepDays: number({
		displayName: 'Keep Sent Contacts (Days)',
		default: 180,
		min: 0,
		max: MAX_DAYS,
		description:
			'Days to keep sent contacts in the Data Table, to fill up later uploads; 0 keeps none. Waiting contacts are always kept.',
	}),
	minimumUsers: wholeNumber({
		displayName: 'Minimum Contacts',
		default: 100,
		min: 0,
		description:
			"Smallest number of contacts to send at once. Below it, 'When Below Minimum' applies; 0 turns that off. If 'Last Batch' isn't Automatic, 'Total Contacts' is checked instead.",
	}),
	topUp: boolean({
		displayName: 'Fill Up With Sent Contacts',
		default: true,
		description:
			"Whether to add previously sent contacts to an upload below 'Send When Collected'. Meta counts each person once.",
	}),
	underMinimum: choice({
		displayName: 'When Below Minimum',
		default: 'collect',
		choices: {
			collect: [
				'Collect',
				'Store the contacts in a Data Table and send them when there are enough',
			],
			hold: ['Hold', 'Send nothing, store nothing, and report the contacts as held'],
			warn: [
				'Send Anyway',
				`Send them with a warning: Meta discards uploads with fewer than ${FEWEST_MATCHES} matches`,
			],
			stop: ['Stop', 'Send nothing and end the run with a message'],
		},
		description:
			"What to do with fewer contacts than 'Minimum Contacts'. If 'Last Batch' isn't Automatic, Collect works like Hold.",
	}),
};

const LISTED_ENCODINGS = choice<Encoding>({
	displayName: 'Encoding',
	default: 'auto',
	choices: { auto: ['Automatic', 'Detect it from the file'], ...ENCODINGS },
	description: "Encoding of the file's text. Choose it if letters such as ü or 张 look wrong.",
});

/** How a file is read. */
const FILE_OPTIONS = {
	delimiter: character({
		displayName: 'Delimiter',
		default: 'auto',
		characters: { 'Comma (,)': ',', 'Semicolon (;)': ';', Tab: '\t', 'Vertical Bar (|)': '|' },
		description: "Character between columns. Choose it if the columns aren't detected correctly.",
	}),
	encoding: {
		...LISTED_ENCODINGS,
		read: (value: unknown) =>
			(typeof value === 'string' && encodingNamed(value)) || LISTED_ENCODINGS.read(value),
	},
	headerRow: boolean({
		displayName: 'Header Row',
		default: true,
		description:
			'Whether the file has a row with column names, at the top or below a title. If not, choose Map Each Field Below and enter column positions; the first is 0.',
	}),
	sheet: optionalText({
		displayName: 'Sheet',
		default: '',
		placeholder: 'e.g. Contacts',
		description:
			'Sheet of an Excel workbook, or file in a ZIP archive, such as subscribed.csv or list.xlsx/Contacts. If empty, the first sheet with contacts is read.',
	}),
	skipUnreadable: boolean({
		displayName: 'Skip Unreadable Rows',
		default: true,
		absent: false,
		description:
			'Whether to skip rows that may contain others, for example after an unpaired quotation mark, and send the rest. Otherwise, the run ends before anything is sent. A row with a different delimiter is always skipped.',
	}),
};

/** Seconds: a timer takes at most 2^31 - 1 milliseconds. */
const MAX_TIMEOUT = 2_000_000;

/** How uploads and requests are made. */
export const ADVANCED = {
	batchSize: wholeNumber({
		displayName: 'Contacts per Request',
		default: MAX_USERS,
		min: 1,
		max: MAX_USERS,
		description: 'Maximum contacts per request. Lower it if requests are rejected as too large.',
	}),
	estimatedTotal: wholeNumber({
		displayName: 'Total Contacts',
		default: 0,
		min: 0,
		description:
			"Number of contacts in the whole upload, if it takes several executions. 0 sends the run's own count or, if 'Last Batch' isn't Automatic, no total.",
	}),
	isLastBatch: boolean({
		displayName: 'Is Last Batch',
		default: true,
		displayOptions: { show: { lastBatch: ['set'] } },
		description:
			"Whether this run's last batch completes the upload. Usually an expression, such as {{ $('Loop Over Items').context.noItemsLeft }}.",
	}),
	lastBatch: choice({
		displayName: 'Last Batch',
		default: 'auto',
		choices: {
			auto: ['Automatic', "This run's last batch completes the upload"],
			more: ['More Executions Follow', 'The upload stays open'],
			set: ["Set by 'Is Last Batch'", "The option 'Is Last Batch' decides"],
		},
		description:
			'Which batch completes the upload. Change it only if one upload takes several executions, such as the pages of a loop.',
	}),
	maxTries: wholeNumber({
		displayName: 'Attempts per Request',
		default: 5,
		min: 1,
		description: 'Maximum attempts per request while the service is busy or unreachable',
	}),
	oneSender: boolean({
		displayName: 'Prevent Parallel Uploads',
		default: true,
		absent: false,
		description:
			"Whether uploads to the same audience wait for each other across workers. Needed only in queue mode. Collect always does this, unless 'Last Batch' isn't Automatic.",
	}),
	removeDuplicates: boolean({
		displayName: 'Remove Duplicates',
		default: true,
		description:
			'Whether to leave out contacts that add no new email or phone number to the upload',
	}),
	sendUsersIn: choice({
		displayName: 'Send Contacts In',
		default: 'auto',
		choices: {
			auto: ['Automatic', "The request body, or the URL if the service doesn't read the body"],
			body: ['Request Body', `Up to ${MAX_USERS.toLocaleString('en-US')} contacts per request`],
			query: ['URL', 'About 60 contacts per request, in the URL, which TLS encrypts'],
		},
		description:
			"Part of the request that contains the contacts. Choose URL only if the service reports that users are missing and Automatic doesn't help.",
	}),
	timeout: number({
		displayName: 'Timeout (Seconds)',
		default: 60,
		min: 0.001,
		max: MAX_TIMEOUT,
		description: 'Maximum time for one attempt. Raise it on a slow network.',
	}),
};

/** The panel's collections. */
export const PANEL_COLLECTIONS = {
	options: { displayName: 'Options', name: 'options', placeholder: 'Add Option' },
	smallUploads: { displayName: 'Small Uploads', name: 'smallUploads', placeholder: 'Add Option' },
	fileOptions: {
		displayName: 'File Options',
		name: 'fileOptions',
		placeholder: 'Add Option',
		displayOptions: { show: { source: ['file'] } },
	},
	advanced: { displayName: 'Advanced', name: 'advanced', placeholder: 'Add Option' },
};

/** The panel's options of 'Add Users'. */
export const optionFields: INodeProperties[] = [
	fieldOf('defaultCountry', DEFAULT_COUNTRY),
	fieldOf('dryRun', DRY_RUN_OPTION),
	optionsField(PANEL_COLLECTIONS.options, OPTIONS),
	optionsField(PANEL_COLLECTIONS.smallUploads, SMALL_UPLOADS),
	optionsField(PANEL_COLLECTIONS.fileOptions, FILE_OPTIONS),
	optionsField(PANEL_COLLECTIONS.advanced, ADVANCED),
];

// Read where they are needed: the upload's last item decides, and the output is the whole run's.
const { isLastBatch, ...ADVANCED_OF_UPLOAD } = ADVANCED;
const { output, consentField, ...OPTIONS_OF_UPLOAD } = OPTIONS;

/**
 * The country that all of an upload's contacts have by default. An expression returns each item's own instead, so that an
 * item without a country stops no others; the rows of a file have one in common.
 * @throws UnusableValue when it isn't a country
 */
export function readDefaultCountry(context: IExecuteFunctions, itemIndex: number): string {
	const isFile = context.getNodeParameter('source', 0, 'items') === 'file';
	if (!isFile && mayDiffer(context, 'defaultCountry')) return '';
	return readField(context, 'defaultCountry', DEFAULT_COUNTRY, itemIndex);
}

/** The options that are read at an upload's first item, by their paths; each file is an upload. */
export const SAME_IN_UPLOAD = {
	dryRun: DRY_RUN_OPTION,
	...keyByPath('options', OPTIONS_OF_UPLOAD),
	...keyByPath('smallUploads', SMALL_UPLOADS),
	...keyByPath('advanced', ADVANCED_OF_UPLOAD),
};

/** Those that are read at the run's first item. */
export const SAME_IN_RUN = keyByPath('options', { output });

/** The options of an upload; `timeout` in seconds. */
export type AddUsersOptions = ReturnType<typeof readOptions>;

/**
 * The options of an upload, read at one of its items.
 * @throws UnusableValue that names the option when a value is out of its range
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number) {
	const read = <O extends Options>(name: string, options: O) =>
		readOptionsOf(context, { name, options }, itemIndex);
	return {
		defaultCountry: readDefaultCountry(context, itemIndex),
		dryRun: readField(context, 'dryRun', DRY_RUN_OPTION, itemIndex),
		...read('options', OPTIONS_OF_UPLOAD),
		...read('smallUploads', SMALL_UPLOADS),
		...read('fileOptions', FILE_OPTIONS),
		...read('advanced', ADVANCED_OF_UPLOAD),
	};
}

/** Whether the run's last batch completes the upload; 'Is Last Batch' is read at the upload's last item. */
export function readCompletes(
	context: IExecuteFunctions,
	lastBatch: AddUsersOptions['lastBatch'],
	lastItem: number,
): boolean {
	if (lastBatch !== 'set') return lastBatch === 'auto';
	const options = { isLastBatch };
	return readOptionsOf(context, { name: 'advanced', options }, lastItem).isLastBatch;
}

/** @throws UnusableValue when it is neither */
export function readOutput(context: IExecuteFunctions): 'summary' | 'users' {
	return readOptionsOf(context, { name: 'options', options: { output } }, 0).output;
}
