import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { PartResult } from './measure';
import { writtenNumbers, type WrittenCase } from './phoneNumbers';

/** Of generated numbers in each notation: how many are sent right, refused, and sent wrong. */
export function phonesBench(): PartResult {
	const figures = Object.entries(writtenNumbers()).flatMap(([name, cases]) => {
		const tally = { right: 0, refused: 0, wrong: 0 };
		for (const each of cases) tally[outcomeOf(each)]++;
		return Object.entries(tally).map(([outcome, value]) => ({
			name: `${name}: ${outcome}`,
			value,
			unit: `of ${cases.length.toLocaleString('en')}`,
		}));
	});
	return { part: 'phones', figures };
}

function outcomeOf({ raw, defaultCountry, means }: WrittenCase): 'right' | 'refused' | 'wrong' {
	const cleaned = cleanContact(raw, { hash: 'none', defaultCountry });
	const sent = 'user' in cleaned ? cleaned.user.Phone : undefined;
	if (sent === undefined) return means === undefined ? 'right' : 'refused';
	return sent === means ? 'right' : 'wrong';
}
