import { REASONS } from '../../../contacts/reasons';
import { sentence, type Message } from '../../../message';
import type { Why } from '../../../submission/decide';
import { hundredRuleWarning } from '../../../submission/hundredRule';
import { itemOf, placeOf, type Stop, type Submission } from './submission';

const FIRST_REFUSED = 5;

/** Why nothing of a submission is sent. */
export function stopOf(why: Why, submission: Submission): Stop {
	switch (why.code) {
		case 'invalid_users':
			return invalidUsers(why.refused, submission);
		case 'under_minimum':
			return underMinimum(why, submission);
		case 'nobody_to_send':
			return {
				code: why.code,
				what: 'Nothing was sent: none of the contacts can be sent',
				fix: "The reasons are counted under 'refusals'; choose Users in the option 'Output' to see each contact's",
			};
	}
}

/** What every dry run says. */
export const DRY_RUN: Message = {
	code: 'dry_run',
	what: 'Dry run: nothing was sent',
	fix: "To send, take 'Dry Run' out of the options",
};

/** What a dry run says of a submission that a real run would not send. */
export function wouldNotSend(why: Why): Message {
	return { code: why.code, what: `A real run would send nothing: ${clauseOf(why)}`, fix: '' };
}

function invalidUsers(refused: number, submission: Submission): Stop {
	const first = submission.ledger.firstRefused(FIRST_REFUSED);
	const named = first.map(({ ref, reason }) => `${placeOf(submission, ref)}: ${REASONS[reason]}`);
	const more = refused - named.length;
	return {
		code: 'invalid_users',
		what: `Nothing was sent: ${clauseOf({ code: 'invalid_users', refused })}`,
		fix: [...named, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
		item: itemOf(submission, first[0]?.ref ?? 0),
	};
}

function underMinimum(why: Extract<Why, { code: 'under_minimum' }>, { items }: Submission): Stop {
	const rule = hundredRuleWarning(why.size, why.minimum);
	return {
		code: why.code,
		what: `Nothing was sent: ${clauseOf(why)}`,
		fix: rule ? sentence(rule) : '',
		item: items[0],
	};
}

function clauseOf(why: Why): string {
	switch (why.code) {
		case 'invalid_users':
			return `${why.refused} of the contacts can't be sent`;
		case 'under_minimum': {
			const users = why.size === 1 ? '1 user is' : `${why.size} users are`;
			return `${users} fewer than 'Minimum Users' (${why.minimum})`;
		}
		case 'nobody_to_send':
			return 'none of the contacts can be sent';
	}
}
