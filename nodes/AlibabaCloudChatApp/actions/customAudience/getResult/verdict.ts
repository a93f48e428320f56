import { FEWEST_MATCHES, HIGH_PERCENT, LOW_PERCENT } from '../../../submission/hundredRule';

/** An audience's people before and after an upload. */
export interface Result {
	/** Undefined where nobody knows it, as the others. */
	tokenTotal?: number;
	before?: number;
	submitted?: number;
	/** Whether the number had stopped moving when it was read last. */
	settled: boolean;
}

/** What a number means for an upload: how many it added, and which share of what was submitted. */
export function growthOf({ tokenTotal, before, submitted }: Result): {
	grown?: number;
	matchRate?: number;
} {
	if (tokenTotal === undefined || before === undefined) return {};
	const grown = tokenTotal - before;
	if (!submitted) return { grown };
	return { grown, matchRate: Math.round((grown / submitted) * 10_000) / 10_000 };
}

const SAFE = (FEWEST_MATCHES * 100) / LOW_PERCENT;

const WITHHELD = `Meta withholds the tokens of an upload in which fewer than ${FEWEST_MATCHES} match`;
const CHECK =
	"check that phone numbers carry their country code ('Default Country'), that emails are the ones people use on Facebook, and the option 'Hash'";

/** A sentence on how well an upload was matched, and what to do. */
export function verdictOn(result: Result): string {
	const { tokenTotal, before, submitted } = result;
	const { grown, matchRate } = growthOf(result);
	if (tokenTotal === undefined) {
		return 'Alibaba Cloud tells no number for this audience. Run this again later';
	}
	const now = `${people(tokenTotal)} can be messaged through this audience`;
	if (submitted === undefined) {
		return `${now}. To learn how many of an upload were matched, connect the summary of 'Add Users' to this node`;
	}
	if (submitted === 0) {
		return `${now}. Nothing was submitted in that run, so nobody could be matched: its summary says why under 'refusals' and 'warnings'`;
	}
	if (grown === undefined || matchRate === undefined) {
		return `${now}. How many of the ${submitted} submitted are among them can't be told, because 'Add Users' could not note the number before, or gave users and not its summary: set its 'Output' to Summary, and give its key the RAM permission 'cams:ListCustomAudience'`;
	}
	if (grown <= 0) return nobody(submitted, { before: before ?? 0, grown });
	return `${matched(grown, submitted)} (${percent(matchRate)})${judgment(grown, submitted, matchRate)}${result.settled ? '' : '. The number was still growing, so run this again later'}`;
}

function nobody(submitted: number, { before, grown }: { before: number; grown: number }): string {
	const than = before > 0 ? ` beyond the ${before} who could be messaged before` : '';
	const fewer = grown < 0 ? `, and ${-grown} of those can't be any more` : '';
	const already = before > 0 ? 'Who was in the audience already is not counted again. ' : '';
	if (submitted < SAFE) {
		return `Nobody was matched${than}${fewer}: ${submitted} submitted are few, and ${WITHHELD}. ${already}Matches show within a day. If the upload is older, send at least ${SAFE} contacts together`;
	}
	return `Nobody was matched${than}${fewer}: of the ${submitted} submitted none was found, or fewer than ${FEWEST_MATCHES}, whose tokens Meta withholds. ${already}Matches show within a day. If the upload is older, ${CHECK}`;
}

function matched(grown: number, submitted: number): string {
	return `${grown} of ${submitted} ${grown === 1 ? 'was' : 'were'} matched`;
}

function judgment(grown: number, submitted: number, rate: number): string {
	if (grown > submitted) return ', more than were submitted: another upload counts in as well';
	if (rate * 100 > HIGH_PERCENT) return ', more than usual';
	if (rate * 100 >= LOW_PERCENT) return ', as usual';
	return `, fewer than the usual ${LOW_PERCENT} to ${HIGH_PERCENT} %. Matches show within a day. If the upload is older, ${CHECK}`;
}

function people(count: number): string {
	return count === 1 ? '1 person' : `${count} people`;
}

function percent(rate: number): string {
	return `${Math.round(rate * 100)} %`;
}
