import { boolean, number, text, wholeNumber } from './optionKinds';

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
