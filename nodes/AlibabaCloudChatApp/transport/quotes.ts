import { plainForm, type PlainForm } from './plainForm';
import { readingsOf } from './readings';

/** What an answer must not repeat. */
export interface Sent {
	/** Of the key that signed the call. */
	secrets: string[];
	/** The addresses, numbers and hashes that the call holds. */
	personal?: () => Iterable<string>;
}

/** Letters and digits that are looked up before a whole value is searched for. */
const GRAM = 6;
/** A number without its country and area code is as good as the whole. */
const LAST_DIGITS = 7;
/** So much of a secret or a hash is as good as the whole. */
const PART = 12;
/** Parts of addresses as short as this stand in any text. */
const SHORTEST_NAME = 3;
const SHORTEST_PART = 4;

// Words of the API's messages; that a contact's address holds one tells nothing of the contact.
const ORDINARY = new Set(
	`the and for not you your are was were has have with this that from too many more than
	user users email emails mail phone phones phonenumber mobile number numbers value values field fields
	contact contacts customer customers client clients member members person people account accounts admin
	info service services support sales help team office news newsletter message messages messenger
	audience audiences custom page pages channel instance space meta facebook batch list data file total
	request requests requestid parameter parameters format invalid illegal missing mandatory required
	specified acceptable accepted refused denied failed error errors exception internal unknown unavailable
	found exist exists empty null true false code status limit quota flow control throttling system server
	api key token secret signature access permission authorized action resource product unsubscript
	param params name names type types test testing example com org net www http https alibaba aliyun
	notfound ready notready please check again later retry time timeout expired format duplicate`.split(
		/\s+/,
	),
);

/**
 * Whether a text repeats anything of what was sent, in whatever spelling or encoding: an address, its local part or
 * domain, a number or its last digits, a hash, a secret.
 */
export function quotes(text: string, { secrets, personal }: Sent): boolean {
	const index = indexOf(readingsOf(text).map(plainForm));
	if (secrets.some((secret) => index.holdsPart(plainForm(secret).joined))) return true;
	for (const value of personal?.() ?? []) {
		if (isQuoted(value, index)) return true;
	}
	return false;
}

type Index = ReturnType<typeof indexOf>;

function isQuoted(value: string, index: Index): boolean {
	const at = value.lastIndexOf('@');
	if (at < 0) {
		return /^\d+$/.test(value)
			? index.holdsDigits(value)
			: index.holdsPart(plainForm(value).joined);
	}
	const local = value.slice(0, at);
	const { joined: domain } = plainForm(value.slice(at));
	const { joined: name, words } = plainForm(local);
	if (index.holds(name + domain) || index.holds(domain)) return true;
	return holdsName(index, name) || words.some((word) => holdsWord(index, word));
}

function holdsName(index: Index, name: string): boolean {
	if (ORDINARY.has(name) || name.length < SHORTEST_NAME) return false;
	return index.words.has(name) || index.holds(name);
}

function holdsWord(index: Index, word: string): boolean {
	return word.length >= SHORTEST_PART && !ORDINARY.has(word) && index.words.has(word);
}

// A batch has thousands of contacts, so each is looked up before any text is searched.
function indexOf(forms: PlainForm[]) {
	const texts = new Set(forms.flatMap(({ joined, withoutSigns }) => [joined, withoutSigns]));
	const grams = gramsOf(texts, GRAM);
	const digits = gramsOf(new Set(forms.map((form) => form.digits)), LAST_DIGITS);
	const holds = (value: string): boolean => {
		if (!grams.has(value.slice(-GRAM))) return false;
		for (let at = 0; at + GRAM <= value.length; at += GRAM) {
			if (!grams.has(value.slice(at, at + GRAM))) return false;
		}
		for (const text of texts) if (text.includes(value)) return true;
		return false;
	};
	return {
		words: new Set(forms.flatMap(({ words }) => words)),
		holds,
		holdsPart: (value: string) => holds(value.slice(0, PART)) || holds(value.slice(-PART)),
		holdsDigits: (value: string) => digits.has(value.slice(-LAST_DIGITS)),
	};
}

function gramsOf(texts: Set<string>, length: number): Set<string> {
	const grams = new Set<string>();
	for (const text of texts) {
		for (let at = 0; at + length <= text.length; at++) grams.add(text.slice(at, at + length));
	}
	return grams;
}
