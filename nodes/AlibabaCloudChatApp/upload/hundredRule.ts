import type { Message } from '../message';

/** Meta matches 20–70% of an upload's users, and discards an upload with fewer than 100 matches. */
export const LOW_PERCENT = 20;
export const HIGH_PERCENT = 70;
export const FEWEST_MATCHES = 100;

export interface Forecast {
	low: number;
	high: number;
}

/** The range of matches that Meta can be expected to find among `users`. */
export function expectedMatches(users: number): Forecast {
	return { low: percentOf(users, LOW_PERCENT), high: percentOf(users, HIGH_PERCENT) };
}

/**
 * What the 100 rule means for an upload of `users`.
 * @param minimum users below which the person wants a warning in any case; 0 for no warning at all
 * @returns nothing when even the lowest match rate gives 100 matches and the minimum is reached
 */
export function hundredRuleWarning(users: number, minimum: number): Message | undefined {
	if (minimum <= 0 || users === 0) return undefined;
	const { low, high } = expectedMatches(users);
	const expected = high === 0 ? '' : `, of which Meta is expected to match ${low}–${high}`;
	const outlook = `This upload has ${users === 1 ? '1 contact' : `${users} contacts`}${expected}`;
	const warning = (what: string, fix: string): Message => ({
		code: 'hundred_rule',
		what: `${outlook}. ${what}`,
		fix,
	});
	if (low >= FEWEST_MATCHES) {
		if (users >= minimum) return undefined;
		return warning(
			`That is fewer than 'Minimum Contacts' (${minimum})`,
			"Collect more contacts, or lower 'Minimum Contacts'",
		);
	}
	return warning(
		`Meta discards an upload with fewer than ${FEWEST_MATCHES} matches, so this one ${riskOf(users, high)}`,
		'Collect more contacts and send them together',
	);
}

function riskOf(users: number, high: number): string {
	if (users < FEWEST_MATCHES) return 'will be discarded';
	return high < FEWEST_MATCHES ? 'will probably be discarded' : 'may be discarded';
}

function percentOf(users: number, percent: number): number {
	return Math.floor((users * percent) / 100);
}
