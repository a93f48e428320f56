import type { Message } from '../message';

/** Meta matches 20 to 70 % of the users of a submission, and withholds the tokens of a submission with fewer than 100 matches. */
export const LOW_PERCENT = 20;
export const HIGH_PERCENT = 70;
export const FEWEST_MATCHES = 100;

/** The code of the rule's warning. */
export const HUNDRED_RULE = 'hundred_rule';

export interface Forecast {
	low: number;
	high: number;
}

/** The range of matches that Meta can be expected to find among `users`. */
export function expectedMatches(users: number): Forecast {
	return { low: percentOf(users, LOW_PERCENT), high: percentOf(users, HIGH_PERCENT) };
}

/**
 * What the 100 rule means for a submission of `users`.
 * @param minimum users below which the person wants to be told in any case; 0 for no warning at all
 * @returns nothing when even the lowest match rate gives 100 matches and the minimum is reached
 */
export function hundredRuleWarning(users: number, minimum: number): Message | undefined {
	if (minimum <= 0 || users === 0) return undefined;
	const { low, high } = expectedMatches(users);
	const expected = high === 0 ? '' : `, of which Meta is expected to match ${low} to ${high}`;
	const outlook = `${count(users)} to send${expected}`;
	const warning = (what: string, fix: string): Message => ({
		code: HUNDRED_RULE,
		what: `${outlook}. ${what}`,
		fix,
	});
	if (low >= FEWEST_MATCHES) {
		if (users >= minimum) return undefined;
		return warning(
			`This is below your minimum of ${minimum} users`,
			"Collect more contacts, or lower 'Minimum Users'",
		);
	}
	const risk =
		users < FEWEST_MATCHES ? 'is certain' : high < FEWEST_MATCHES ? 'is likely' : 'may be';
	return warning(
		`Meta withholds the tokens of a submission with fewer than ${FEWEST_MATCHES} matches, so it ${risk} that nobody of this one can be messaged through the audience`,
		'Collect more contacts and send them together',
	);
}

function percentOf(users: number, percent: number): number {
	return Math.floor((users * percent) / 100);
}

function count(users: number): string {
	return users === 1 ? '1 user' : `${users} users`;
}
