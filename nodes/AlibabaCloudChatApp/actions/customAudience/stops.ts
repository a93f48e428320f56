import { REASONS } from '../../contacts/reasons';
import type { Contacts } from '../../submission/account';
import { hundredRuleWarning } from '../../submission/hundredRule';

/** Why a run can't go on, with the input item that shows it. */
export interface Stop {
	code: string;
	/** What happened; how to mend it may follow as a second sentence. */
	message: string;
	description?: string;
	item?: number;
}

const FIRST_REFUSED = 5;

/** Why nothing is sent when 'Invalid Users' is Stop. */
export function invalidContacts({ refused }: Contacts): Stop {
	const named = refused
		.slice(0, FIRST_REFUSED)
		.map(({ item, reason }) => `Item ${item}: ${REASONS[reason]}`);
	const more = refused.length - named.length;
	return {
		code: 'invalid_users',
		message: `Nothing was sent: ${refused.length} of the contacts can't be sent`,
		description: [...named, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
		item: refused[0]?.item,
	};
}

/** Why nothing is sent when 'Under Minimum' is Hold or Stop. */
export function underMinimum(size: number, minimum: number, item?: number): Stop {
	return {
		code: 'under_minimum',
		message: `Nothing was sent: ${size === 1 ? '1 user is' : `${size} users are`} fewer than 'Minimum Users' (${minimum})`,
		description: hundredRuleWarning(size, minimum),
		item,
	};
}
