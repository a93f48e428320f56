import { countryRole } from './countryRole';
import { kindAskedFor, kindOfHeading } from './headings';
import * as vocabulary from './vocabulary';
import { compact, wordsOf } from './words';

/**
 * What a key of an object may hold. `dial`: the calling code or the country of the phone beside it; `addressCountry`: the
 * country of one of the contact's addresses; `placeCountry`: that of an IP address; `wrapper`: an object around the
 * contact; `perhaps`: somebody who may be the contact; `rest`: a name that says nothing.
 */
export type Slot =
	| 'email'
	| 'phone'
	| 'country'
	| 'dial'
	| 'addressCountry'
	| 'placeCountry'
	| 'wrapper'
	| 'address'
	| 'shipping'
	| 'place'
	| 'perhaps'
	| 'rest';

/** What a key holds, and its place in the order of those that hold the same; undefined: another party's, or nothing. */
export type Role = { slot: Slot; rank: number } | undefined;

const HEADING_RANKS = { email: 0.5, mobile: 0.5, phone: 20.5, country: 0.5 };
const KEYS_KEPT = 5000;
const LONGEST_KEPT = 100;
const known = new Map<string, Role>();
const REST: Role = { slot: 'rest', rank: 0 };

/** The role of a key by its words, in English or as a usual heading in one of sixteen languages. */
export function roleOf(key: string): Role {
	if (known.has(key)) return known.get(key);
	const role = newRole(key);
	if (key.length > LONGEST_KEPT) return role;
	if (known.size >= KEYS_KEPT) known.clear();
	known.set(key, role);
	return role;
}

function newRole(key: string): Role {
	const words = wordsOf(key);
	if (words.length === 0) return REST;
	// "The best number to reach you" goes to nobody else.
	const named = asks(words) ? words.filter((word) => word !== 'to') : words;
	const isOthers = named.some((word) => vocabulary.OTHERS.has(word));
	const heading = kindOfHeading(key) ?? (isOthers ? undefined : kindAskedFor(words));
	if (heading)
		return { slot: heading === 'mobile' ? 'phone' : heading, rank: HEADING_RANKS[heading] };
	// Odoo's leads hold the contact's email so.
	if (compact(key) === 'emailfrom') return { slot: 'email', rank: 12 };
	if (isPerhaps(words)) return { slot: 'perhaps', rank: 0 };
	if (isOthers) return undefined;
	return countryRole(words) ?? fieldRole(words) ?? aroundRole(words);
}

function asks(words: readonly string[]): boolean {
	return words.some((word) => ['your', 'you', 'my'].includes(word));
}

function isPerhaps(words: readonly string[]): boolean {
	return words.length === 1 && vocabulary.PERHAPS.has(words[0] as string);
}

function fieldRole(words: readonly string[]): Role {
	const { EMAIL_WORDS, PHONE_WORDS } = vocabulary;
	const mails = words.some((word) => EMAIL_WORDS.has(word));
	if (mails) {
		const rest = words.filter((word) => !EMAIL_WORDS.has(word));
		// "Email ID" is how India names the address.
		const others = rest[rest.length - 1] === 'id' ? rest.slice(0, -1) : rest;
		return ranked({ slot: 'email', base: 0 }, words, others);
	}
	const ranks = words.flatMap((word) => PHONE_WORDS.get(word) ?? []);
	const rest = words.filter((word) => !PHONE_WORDS.has(word));
	if (ranks.length > 0) {
		return ranked({ slot: 'phone', base: Math.min(...ranks) }, words, whatsappId(words, rest));
	}
	if (words.join() === 'wa,id') return { slot: 'phone', rank: 10 };
	const reaches =
		asks(words) && words.some((word) => ['reach', 'call', 'text', 'contact'].includes(word));
	const isNumber = isNumberOf(words) || (reaches && words.includes('number'));
	return isNumber ? ranked({ slot: 'phone', base: 31 }, words, words) : undefined;
}

function whatsappId(words: readonly string[], rest: string[]): string[] {
	return words.includes('whatsapp') ? rest.filter((word) => word !== 'id') : rest;
}

// "contact_number", "work number", "text_reminder_number", "number_e164".
function isNumberOf(words: readonly string[]): boolean {
	const { MODIFIERS } = vocabulary;
	const numbers = ['number', 'no', 'numbers', 'num', 'nr'];
	if (!words.some((word) => numbers.includes(word))) return false;
	const rest = words.filter((word) => !numbers.includes(word));
	const named = 'contact work home office text reminder international business'.split(' ');
	return rest.some((word) => named.includes(word)) && rest.every((word) => MODIFIERS.has(word));
}

// A question has more words around the one that counts.
function ranked(
	{ slot, base }: { slot: 'email' | 'phone'; base: number },
	words: readonly string[],
	others: readonly string[],
): Role {
	const { ABOUT, MODIFIERS, OF_A_QUESTION } = vocabulary;
	const isQuestion = asks(words) && words.some((word) => word === 'what' || word === 'which');
	const says = (word: string) => ABOUT.has(word) && !(isQuestion && OF_A_QUESTION.has(word));
	if (others.some(says)) return REST;
	const unknown = asks(words) ? 6 : undefined;
	const ranks = others.map((word) => MODIFIERS.get(word) ?? unknown);
	if (ranks.includes(undefined)) return REST;
	return { slot, rank: base + Math.max(0, ...(ranks as number[])) };
}

function aroundRole(words: readonly string[]): Role {
	const { ADDRESS_WORDS, SHIPPING_WORDS, PLACE_WORDS, WRAPPERS, COUNTRY_RANKS, PERHAPS } =
		vocabulary;
	if (words.some((word) => SHIPPING_WORDS.has(word))) return { slot: 'shipping', rank: 0 };
	if (words.some((word) => ADDRESS_WORDS.has(word))) {
		const rest = words.filter((word) => !ADDRESS_WORDS.has(word));
		const ranks = rest.map((word) => (word === 'default' ? 0 : (COUNTRY_RANKS.get(word) ?? 25)));
		return { slot: 'address', rank: Math.min(22.5, ...ranks) };
	}
	if (words.some((word) => PLACE_WORDS.has(word))) return { slot: 'place', rank: 0 };
	// "user_id" refers to somebody who works with the record.
	if (words.some((word) => PERHAPS.has(word))) return undefined;
	const places = words.map((word) => WRAPPERS.indexOf(word)).filter((place) => place >= 0);
	if (places.length === 0) return REST;
	return { slot: 'wrapper', rank: Math.min(...places) + (places.length < words.length ? 200 : 0) };
}
