/**
 * What one key means, whatever is next to it: `roleOf(key)` says which field it is for, and whose. keyName.ts splits
 * the key into words; the kinds of words are in keyWords.json and languages.json.
 */

import keyWords from './keyWords.json';
import {
	compact,
	fieldInCompound,
	foreignPhrase,
	type HeadingKind,
	kindOfHeading,
	isContactWord,
	isForeignWord,
	isOtherWord,
	isSecondPerson,
	isUnknownWord,
	isUnspacedOther,
	type KeyName,
	kindOfCompactHeading,
	pathParts,
	rankedWords,
	readName,
	withoutNamespace,
} from './keyName';
import { isIdentifierKind, memoized, wordSet } from './text';

/**
 * What a key's value is. `addressCountry`: the country in one of the person's postal addresses; `ipCountry`: the country
 * of an IP address; `callingCode`, `areaCode`: those of the phone next to it; `label`: that of the phone or email next to
 * it.
 */
export type Field =
	| 'email'
	| 'phone'
	| 'country'
	| 'addressCountry'
	| 'ipCountry'
	| 'callingCode'
	| 'areaCode'
	| 'label';

/** What an object under a key is; `unknown` if the key doesn't say. */
type ObjectRole = 'neutral' | 'person' | 'address' | 'shipping' | 'place' | 'unknown';

/**
 * Whose value it is: that of the object's own person, a contact that the key names (`buyer_email`), somebody who may be
 * the contact (`user_email`), or somebody else (`owner_email`).
 */
export type Party = 'own' | 'contact' | 'possible' | 'other';

/** What a key says about its value. */
export interface KeyRole {
	field?: Field;
	objectRole: ObjectRole;
	party: Party;
	/** The word for the person: "buyer"; empty for the object's own. */
	personWord: string;
	/** The key's rank among those with the same field: lower is better. */
	rank: number;
	/** Words that say neither what the value is nor who it belongs to: "nok" of `nok_phone`. */
	qualifier: string;
	/** What a phone's key has in common with the keys of its label and codes: "phone 1". */
	stem: string;
}

interface FieldMatch {
	field: Field;
	rank: number;
}

interface Match extends FieldMatch {
	/** The words that don't name the field. */
	rest: readonly string[];
	/** Whether the whole name is a usual heading. */
	isWhole?: boolean;
}

/**
 * The kinds of words in keyWords.json. They are English, except for a few that many systems use. Numbers are ranks: the
 * lower, the likelier it is the contact's main value.
 * - what a value is: `email`, `phone`, `number`, `country`, `dial`, `areaCode`, `label`
 * - whose it is: `contacts`; `possible`, who may be the contact; `others`, `past`, and `schema`, who aren't
 * - what an object is: `neutral`, `address`, `shipping`, `place`
 * - `modifiers`, `countryRanks`: other words in the name of a field
 * - `about`: the value is a detail, such as the status of an email, unless the key is a question (`questionWords`)
 * - `notPeople`: words for things that end like occupations, such as "tower"
 */
const EMAIL = wordSet(keyWords.email);
const PHONE = rankedWords(keyWords.phone);
const NUMBER = wordSet(keyWords.number);
const COUNTRY = wordSet(keyWords.country);
const COUNTRY_RANKS = rankedWords(keyWords.countryRanks);
const MODIFIERS = rankedWords(keyWords.modifiers);
const ABOUT = wordSet(keyWords.about);
const QUESTION_WORDS = wordSet(keyWords.questionWords);
const CONTACTS_IN_ORDER = keyWords.contacts.split(' ');
const POSSIBLE = wordSet(keyWords.possible);
// "notification_email" is somebody else's, while `notification` may be the object with an event's data.
const OTHERS_IN_FIELD_NAMES = wordSet(`notification notifications ${keyWords.place}`);
const NEUTRAL = wordSet(keyWords.neutral);
const ADDRESS = wordSet(keyWords.address);
const SHIPPING = wordSet(keyWords.shipping);
const PLACE = wordSet(keyWords.place);
const DIAL = wordSet(keyWords.dial);
const CODE = wordSet('code prefix prefixe prefijo prefixo prefisso');
const AREA_CODE = wordSet(keyWords.areaCode);
const LABEL = wordSet(keyWords.label);
// Words that a phone's key doesn't have in common with the keys of its label and codes.
const NOT_IN_STEM = wordSet(
	'value number address code area country calling dial dialing isd ddi prefix local short name iso type label kind',
);
const NUMBER_OF = wordSet(
	'contact caller external work home office text reminder international business',
);

// "Can we email you?" is a yes-or-no question.
const YES_OR_NO = wordSet('is are can may do does have has should would will');
const HEADING_RANKS = {
	email: 0.5,
	mobile: 0.5,
	phone: 20.5,
	country: 0.5,
	areaCode: 1,
	callingCode: 1,
};
// A public profile is about a firm or an agent.
const FIRM_PROFILE = wordSet('public business');
const RECORDS = wordSet('contact customer lead subscriber client');
const EVENTS = wordSet('created updated changed added');
const ORDINALS = wordSet('second third fourth additional other another extra');
const LONGEST_HEADING = 5;
/** The rank of a key with an unknown word: "checkout_email". */
const UNKNOWN_RANK = 9.5;
const UNKNOWN_RANK_IN_QUESTION = 6;
const NOTE_RANK = 9;
const ALTERNATE_RANK = 8;
const KEYS_KEPT = 5000;
const LONGEST_KEY = 100;
// UTF-8 decoded with another encoding: "TÃ©lÃ©phone".
const MOJIBAKE = /[\u00c2\u00c3\u00d0\u00d1][\u0080-\u00bf]|\ufffd/;
const NO_ROLE: KeyRole = {
	objectRole: 'unknown',
	party: 'own',
	personWord: '',
	rank: 0,
	qualifier: '',
	stem: '',
};

/** What a key says about its value. Results are cached. */
export function roleOf(key: string): KeyRole {
	return key.length > LONGEST_KEY ? NO_ROLE : readRole(key);
}

const readRole = memoized(KEYS_KEPT, (key): KeyRole => {
	if (MOJIBAKE.test(key)) return NO_ROLE;
	const name = withoutNamespace(key);
	const parts = pathParts(name);
	return parts.length > 1 ? pathRole(parts, key.includes('/')) : nameRole(readName(name));
});

/** Whether text (a role, a type, a title) names somebody other than the contact. */
export function namesOther(text: string): boolean {
	return roleOf(text).party === 'other';
}

// The last part that names a field is the field; the parts before it are the objects around it.
function pathRole(parts: string[], isForm: boolean): KeyRole {
	for (let start = parts.length - 1; start >= Math.max(0, parts.length - 3); start--) {
		const role = nameRole(readName(parts.slice(start).join(' ')));
		if (role.field === undefined && start > 0) continue;
		return withinObjects(role, parts.slice(0, start), isForm);
	}
	return withinObjects(nameRole(readName(parts.at(-1) ?? '')), parts.slice(0, -1), isForm);
}

// All parts of a form are about one person, as in KoBo's `group/email`.
function withinObjects(role: KeyRole, wrappers: string[], isForm: boolean): KeyRole {
	const around = wrappers.map((part) => nameRole(readName(part)));
	if (around.some(({ party }) => party === 'other')) return { ...role, party: 'other' };
	const named = around.findLast(({ party }) => party === 'contact' || party === 'possible');
	const unknown = wrappers.filter(
		(_, index) => around[index]?.objectRole === 'unknown' && around[index].field === undefined,
	);
	const rank = unknown.length > 0 ? role.rank + UNKNOWN_RANK : role.rank;
	if (role.party !== 'own' || !named) {
		const qualifier = isForm ? role.qualifier : [...unknown, role.qualifier].join(' ').trim();
		return { ...role, rank, qualifier };
	}
	return { ...role, party: named.party, personWord: named.personWord, rank };
}

function nameRole(name: KeyName): KeyRole {
	const match = matchOfName(name);
	const stem = name.words.filter((word) => !NOT_IN_STEM.has(word)).join(' ');
	if (match === undefined) return roleOfObject(name);
	const { field, rest } = match;
	const whose = partyOf(match.rest, name, match.isWhole);
	const isIdentifier = isIdentifierKind(field);
	if (isIdentifier && rest.some((word) => OTHERS_IN_FIELD_NAMES.has(word))) whose.party = 'other';
	if (isDetail(field, rest, name)) return { ...NO_ROLE, party: whose.party, stem };
	const rank = match.rank + rankOf(rest, name);
	const qualifier = isIdentifier ? qualifierOf(rest, name, whose) : '';
	return { field, objectRole: 'unknown', ...whose, rank, qualifier, stem };
}

function matchOfName(name: KeyName): Match | undefined {
	const { words } = name;
	// The contact's email in Odoo's leads.
	if (compact(name.main) === 'emailfrom') return { field: 'email', rank: 12, rest: [] };
	const heading = kindOfHeading(name.main);
	if (heading) return { ...matchOfHeading(heading), rest: [], isWhole: true };
	return (
		labelField(words) ??
		codeField(words) ??
		namedField(words) ??
		unspacedField(name.main) ??
		noteField(name)
	);
}

function matchOfHeading(kind: HeadingKind): FieldMatch {
	return { field: kind === 'mobile' ? 'phone' : kind, rank: HEADING_RANKS[kind] };
}

// "phone_type" and "Phone 1 - Type" are labels of the phone next to them.
function labelField(words: readonly string[]): Match | undefined {
	const isLabel = words.length > 1 && LABEL.has(words.at(-1) ?? '');
	if (!isLabel || !words.some((word) => EMAIL.has(word) || PHONE.has(word))) return undefined;
	return { field: 'label', rank: 0, rest: [] };
}

function codeField(words: readonly string[]): Match | undefined {
	const dials = words.some((word) => DIAL.has(word));
	const isCode = words.some((word) => CODE.has(word));
	const isArea = words.includes('area') || (dials && words.includes('local'));
	if (words.some((word) => AREA_CODE.has(word)) || (isArea && isCode)) {
		return { field: 'areaCode', rank: 0, rest: words.filter((word) => !isCodeWord(word)) };
	}
	const rest = words.filter((word) => !COUNTRY.has(word));
	if (rest.length < words.length) {
		if (!dials) return undefined;
		return { field: 'callingCode', rank: 1, rest: rest.filter((word) => !isCodeWord(word)) };
	}
	if (!dials || !isCode) return undefined;
	return { field: 'callingCode', rank: 0, rest: words.filter((word) => !isCodeWord(word)) };
}

function isCodeWord(word: string): boolean {
	return DIAL.has(word) || CODE.has(word) || word === 'local' || word === 'area';
}

// Finds the words for a field in any language; the words around them say who it belongs to.
function namedField(words: readonly string[]): Match | undefined {
	const { found, rest } = matchesIn(words);
	if (found.length === 0) return numberField(words);
	const fields = new Set(found.map(({ field }) => field));
	const isEmail = fields.has('email');
	const isCountry = fields.has('country');
	if (isCountry && fields.has('phone')) return { field: 'callingCode', rank: 1, rest };
	if (isCountry && isEmail && COUNTRY.has(words.at(-1) as string))
		return countryField(words, [...rest, 'mailing']);
	// One value can't be both.
	if (isEmail && fields.has('phone')) return undefined;
	const [first] = fields;
	const field = isEmail ? 'email' : first;
	if (field === 'country') return countryField(words, rest);
	return field && { field, rank: Math.min(...found.map(({ rank }) => rank)), rest };
}

/** The fields that the words name, and the words that name none. */
function matchesIn(words: readonly string[]): { found: FieldMatch[]; rest: string[] } {
	const rest: string[] = [];
	const found: FieldMatch[] = [];
	for (let index = 0; index < words.length; ) {
		const word = words[index] as string;
		const { match, length } = phraseAt(words, index) ?? { match: matchOfWord(word), length: 1 };
		const compound = match ? undefined : fieldInCompound(word);
		if (match) found.push(match);
		else rest.push(compound?.before ?? word);
		if (compound) found.push(matchOfHeading(compound.kind));
		index += length;
	}
	return { found, rest };
}

/** The longest heading of several words that begins here. */
function phraseAt(
	words: readonly string[],
	start: number,
): { match: FieldMatch; length: number } | undefined {
	for (let length = Math.min(LONGEST_HEADING, words.length - start); length > 1; length--) {
		const kind = kindOfCompactHeading(words.slice(start, start + length).join(''));
		if (kind) return { match: matchOfHeading(kind), length };
	}
	return undefined;
}

function matchOfWord(word: string): FieldMatch | undefined {
	if (EMAIL.has(word)) return { field: 'email', rank: 0 };
	const rank = PHONE.get(word);
	if (rank !== undefined) return { field: 'phone', rank };
	if (COUNTRY.has(word)) return { field: 'country', rank: 0 };
	const kind = kindOfCompactHeading(word);
	return kind && matchOfHeading(kind);
}

// "contact_number", "work no", "text_reminder_number", "The best number to reach you"; WhatsApp's "wa_id".
function numberField(words: readonly string[]): Match | undefined {
	if (words.join() === 'wa,id') return { field: 'phone', rank: 10, rest: [] };
	if (!words.some((word) => NUMBER.has(word))) return undefined;
	const rest = words.filter((word) => !NUMBER.has(word) && word !== 'to');
	const isKnown = (word: string) =>
		MODIFIERS.has(word) || isContactWord(word) || isSecondPerson(word) || /^\d+$/.test(word);
	const speaksToPerson =
		rest.includes('you') &&
		rest.some((word) => ['reach', 'call', 'contact', 'text'].includes(word));
	const names = rest.some((word) => NUMBER_OF.has(word)) && rest.every(isKnown);
	if (
		!names &&
		!(speaksToPerson && rest.every((word) => isKnown(word) || QUESTION_WORDS.has(word)))
	)
		return undefined;
	return { field: 'phone', rank: 31, rest: rest.filter((word) => word !== 'contact') };
}

function countryField(words: readonly string[], rest: readonly string[]): Match | undefined {
	if (rest.some((word) => PLACE.has(word))) return { field: 'ipCountry', rank: 0, rest: [] };
	const whose = rest.filter(
		(word) => isContactWord(word) || POSSIBLE.has(word) || isOtherWord(word),
	);
	const ranks = rest
		.filter((word) => !whose.includes(word) && !isSecondPerson(word))
		.map(
			(word) =>
				COUNTRY_RANKS.get(word) ?? (NEUTRAL.has(word) || /^[a-z]$/.test(word) ? 5 : undefined),
		);
	const isAsked = rest.some((word) => isSecondPerson(word) || word === 'you' || word === 'your');
	if (ranks.includes(undefined) && !isAsked) return undefined;
	const rank = Math.max(0, ...ranks.map((each) => each ?? UNKNOWN_RANK_IN_QUESTION));
	const isCode = words.some((word) => ['code', 'iso', 'alpha'].includes(word));
	return {
		field: rank >= 20 ? 'addressCountry' : 'country',
		rank: rank + (isCode ? 0 : 0.6),
		rest: whose,
	};
}

// Chinese, Japanese, Korean, and Thai headings end with the field: "客户手机号", "注册邮箱", "E-mail邮箱".
function unspacedField(name: string): Match | undefined {
	const key = compact(name);
	if (/^[\p{Script=Latin}\p{Script=Cyrillic}\p{N}]*$/u.test(key)) return undefined;
	for (let start = 1; start < key.length - 1; start++) {
		const kind = kindOfCompactHeading(key.slice(start));
		if (!kind || kind === 'country') continue;
		const before = key.slice(0, start);
		const isContact = isForeignWord(before, 'contacts');
		// Chinese words for people end with these characters.
		const other = isUnspacedOther(before) || (!isContact && /[人员員师師]$/u.test(before));
		return { ...matchOfHeading(kind), rest: [other ? 'owner' : isContact ? 'contact' : before] };
	}
	return undefined;
}

// "How can we reach you (email)?"
function noteField({ notes, main }: KeyName): Match | undefined {
	if (notes.length === 0) return undefined;
	const match = namedField(readName(notes.join(' ')).words);
	if (!match || match.field === 'country') return undefined;
	return { ...match, rank: match.rank + NOTE_RANK, rest: [...match.rest, ...readName(main).words] };
}

// "email_status", "phone_verified", "phone_id"
function isDetail(
	field: Field,
	rest: readonly string[],
	{ speaksToPerson, isQuestion, words }: KeyName,
): boolean {
	if (!isIdentifierKind(field)) return false;
	// "Email ID" means the address in India; a phone's ID is something else, except WhatsApp's.
	const isId = field === 'phone' && rest.includes('id') && !words.includes('whatsapp');
	if (isId) return true;
	const isAllowed = (word: string) =>
		(speaksToPerson || isQuestion) && !YES_OR_NO.has(words[0] ?? '') && QUESTION_WORDS.has(word);
	return rest.some((word) => ABOUT.has(word) && !isAllowed(word));
}

function partyOf(
	rest: readonly string[],
	name: KeyName,
	isHeading = false,
): Pick<KeyRole, 'party' | 'personWord'> {
	const speaksToPerson = name.speaksToPerson || name.isQuestion;
	const words = speaksToPerson ? rest.filter((word) => word !== 'to') : rest;
	const noteWords = name.notes.flatMap((note) => readName(note).words);
	if (
		[...words, ...noteWords].some(isOtherWord) ||
		foreignPhrase(words, 'others') !== undefined ||
		name.owner !== undefined ||
		(!isHeading && isUnspacedOther(name.main))
	) {
		return { party: 'other', personWord: '' };
	}
	const contact = words.find(isContactWord) ?? foreignPhrase(words, 'contacts');
	if (contact !== undefined)
		return { party: 'contact', personWord: withOrdinal(contact, name.words) };
	const possible = words.find((word) => POSSIBLE.has(word));
	if (possible !== undefined) return { party: 'possible', personWord: possible };
	return { party: 'own', personWord: '' };
}

// "billing" and "alternate" tell one contact from another, but not "main".
function setsApart(word: string): boolean {
	const rank = MODIFIERS.get(word);
	return rank === undefined || rank === ALTERNATE_RANK;
}

// "Contact 2 Phone", "second_guest_email": one of several people. "Customer phone 2" is a customer's second phone.
function withOrdinal(person: string, words: readonly string[]): string {
	const place = words.indexOf(person);
	const next = Number(words[place + 1]);
	if (next > 1) return `${person} ${next}`;
	const before = words[place - 1] ?? '';
	return person !== 'contact' && ORDINALS.has(before) ? `${before} ${person}` : person;
}

// A question asks for the person's own value. "customer nok phone" is somebody else's, "billing contact" is one of
// several people, and "fee payer" is the payer.
function qualifierOf(
	rest: readonly string[],
	{ speaksToPerson, isQuestion }: KeyName,
	{ party, personWord }: Pick<KeyRole, 'party' | 'personWord'>,
): string {
	if (speaksToPerson || isQuestion || party === 'possible') return '';
	const at = rest.indexOf(personWord);
	const before = rest.slice(0, Math.max(0, at));
	const purpose = rest.findIndex((word) => word === 'for');
	const unknown = rest.slice(at + 1, purpose < 0 ? undefined : purpose).filter(isUnknownWord);
	if (/^contacts?$/.test(personWord))
		unknown.unshift(...before.filter((word) => !isSecondPerson(word) && setsApart(word)));
	return party === 'contact' && at < 0 ? '' : unknown.join(' ');
}

function rankOf(rest: readonly string[], { speaksToPerson, isQuestion }: KeyName): number {
	const unknown = speaksToPerson || isQuestion ? UNKNOWN_RANK_IN_QUESTION : UNKNOWN_RANK;
	const ranks = rest.map((word) => {
		if (isSecondPerson(word)) return 2;
		if (/^\d+$/.test(word)) return Number(word) === 1 ? 1 : 8;
		if (NUMBER.has(word)) return 0;
		return MODIFIERS.get(word) ?? (isContactWord(word) ? 5 : unknown);
	});
	return Math.max(0, ...ranks);
}

function roleOfObject(name: KeyName): KeyRole {
	// "AccountingCustomerParty": the word before says which party.
	const words = withoutEvent(name.words.at(-1) === 'party' ? name.words.slice(-2, -1) : name.words);
	const whose = partyOf(words, name);
	const role = { ...NO_ROLE, ...whose };
	if (whose.party === 'other') return role;
	if (/^profiles?$/.test(whose.personWord) && words.some((word) => FIRM_PROFILE.has(word)))
		return { ...role, party: 'other' };
	if (words.some((word) => SHIPPING.has(word))) return { ...role, objectRole: 'shipping' };
	if (words.some((word) => ADDRESS.has(word)))
		return { ...role, objectRole: 'address', rank: addressRank(words) };
	if (words.some((word) => PLACE.has(word))) return { ...role, objectRole: 'place' };
	if (whose.party !== 'own') {
		const rank = CONTACTS_IN_ORDER.indexOf(whose.personWord);
		return { ...role, objectRole: 'person', rank: rank < 0 ? CONTACTS_IN_ORDER.length : rank };
	}
	const isNeutral = words.every(
		(word, at) =>
			NEUTRAL.has(word) ||
			MODIFIERS.get(word) === 0 ||
			/^\d+$/.test(word) ||
			(word === 'to' && at > 0),
	);
	return { ...role, objectRole: isNeutral ? 'neutral' : 'unknown' };
}

// { type: 'contact.created', contactCreated: { email } }, while `user_created` is the user who created it.
function withoutEvent(words: readonly string[]): readonly string[] {
	const [record = '', event = '', ...more] = words;
	return more.length === 0 && RECORDS.has(record) && EVENTS.has(event) ? [record] : words;
}

function addressRank(words: readonly string[]): number {
	const rest = words.filter((word) => !ADDRESS.has(word));
	const ranks = rest.map((word) => (word === 'default' ? 0 : (COUNTRY_RANKS.get(word) ?? 25)));
	return Math.min(22.5, ...ranks);
}
