/**
 * The words of a key: `readName(key)` and `wordsOf(name)` split it, and the functions below say whether a word refers
 * to a contact, to somebody else (`other`), or perhaps to anyone (`unknown`), in any language. A heading is a name for
 * a field that languages.json lists, such as "Handynummer".
 */

import keyWords from './keyWords.json';
import {
	codes,
	company,
	fillers,
	languages,
	personal,
	secondPerson,
	with as withWords,
} from './languages.json';
import { isAscii, memoized, once, wordSet } from './text';

/** A key in parts: its words, and what its brackets say about the value. */
export interface KeyName {
	/** The name without numbering and brackets. */
	main: string;
	words: readonly string[];
	/** The text in each pair of brackets. */
	notes: readonly string[];
	/** The person it belongs to: "bride" of "Bride's email". */
	owner?: string;
	/** Whether it speaks to the person: "your phone", "Wie lautet deine Nummer?" */
	speaksToPerson: boolean;
	isQuestion: boolean;
}

/**
 * What languages.json contains, for all languages together:
 * - `secondPerson`: words that speak to the person, such as "your"
 * - `with`, `codes`: "with country code" says how to write a number
 * - `personal`, `company`: labels for an email or a phone; `fillers`: other words that don't say whose value it is
 *
 * And for each language, headings for an `email`, a `mobile`, and so on, and words for `contacts` and `others`. `spaces`
 * is false if it is written without spaces; `compounds` is true if it joins words: "Kundentelefon".
 */

const LONGEST_NAME = 100;
const NUMBERING =
	/^\s*(?:(?:q(?:uestion)?|frage|pregunta)?[\s_-]?\d{1,3}\s*[.、,:)_-]+\s*|[①-⑳]\s*)(?=\p{L})/iu;
const NUMBERED_QUESTION = /^q\d+(?=\p{Lu})/u;
const CUSTOM_SUFFIX = /__p?[cr]$/;
// Odoo's.
const CUSTOM_PREFIX = /^x_studio_/;
const NOTES = /[([{【<「]([^)\]}】>」]*)[)\]}】>」]?/gu;
// In languages without spaces, how to write the number: "含国家区号".
const NOTATION = /(?:含|包含|带|帶|包括|请加|請加|ハイフン).*$/u;
const ASIAN_REQUEST = /^(?:请|請)?(?:输入|輸入|填写|填寫|留下|提供|确认|確認|再次)+/u;
const PATH = /^[^\s[\]]+(?:\[[^[\]]*\])+$/;
const DOTTED = /^[\p{L}_$][\p{L}\p{N}_$-]*(?:[./][\p{L}\p{N}_$-]+)+$/u;
const DOUBLE_UNDERSCORE = /^[\p{L}\p{N}_]*\p{L}{2,}__\p{L}[\p{L}\p{N}_]*$/u;
const NAMESPACE = /^([A-Za-z][\w-]{0,15}):(?=[A-Za-z_][\w.-]*$)/;
const INDEX = /^\d+$/;
const GENITIVE = /(\p{L}+)['’]s\b|(\p{L}+s)['’](?=\s)/u;
// "phone number of your landlady", "Adres e-mail Twojego przełożonego", "Teléfono de tu jefa"
const OF_SOMEBODY =
	/(?:^|\s)(?:of (?:your|my|the)|(?:two|swo)je(?:go|j)|de (?:tu|su|votre|ton|ta)|d[eo] (?:seu|teu)|da (?:sua|tua)|del (?:tuo|suo)|della (?:tua|sua)|deine[rs]|ihre[rs]|van (?:je|jouw|uw)|(?:ваш|тво)е(?:го|й)) (\p{L}+)/iu;
// "numer Twojego telefonu", "Adresse Ihres Postfachs"
const VALUE_NOUN =
	/^(?:tele|mobil|celul|e?mail|correo|numer|adres|post|poczt|kom|handy|телеф|почт)/;
// Letters that Unicode doesn't decompose, although people also write them without their marks.
const WITHOUT_ACCENT = /[ıđłø]/g;
const PLAIN_LETTERS: Record<string, string> = { ı: 'i', đ: 'd', ł: 'l', ø: 'o' };

const secondPersonWords = new Set(secondPerson);
const fillerWords = new Set([...fillers, ...personal, ...company].map(compact));
// "Phone (with country code)": how to write the number, not another field.
const startsNotation = new Set(withWords);
const codeWords = new Set(codes);
const wordsForPerson = new Set(['your', 'you', 'my', ...secondPerson]);
// "What's", "today's", "of choice"
const notOwners = wordSet(
	'what who it that there here let today tomorrow he she children choice preference record residence preferencia eleccion escolha preferenza scelta choix wahl wyboru',
);
const NAMES_KEPT = 2000;
const LONGEST_COMPOUND = 50;

/** The words of a table in keyWords.json, with their ranks. */
export function rankedWords(table: Record<string, string>): ReadonlyMap<string, number> {
	return new Map(
		Object.entries(table).flatMap(([rank, words]) =>
			words.split(' ').map((word) => [word, Number(rank)] as const),
		),
	);
}

/** A name without case, accents, spaces, and punctuation: "E-Mail Adresse" and "emailadresse" become the same. */
export function compact(name: string): string {
	return name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(WITHOUT_ACCENT, (letter) => PLAIN_LETTERS[letter] ?? letter)
		.replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The parts of a key that is a path: `data[email]`, `contact.email`, `group/email`, `contact__email`.
 * @returns one part for any other key: the dot in "Phone No." and the slash in "Land/Region" don't make it a path
 */
export function pathParts(key: string): string[] {
	const plain = key.replace(CUSTOM_SUFFIX, '');
	if (PATH.test(plain)) return plain.split(/[[\].]+/).filter((part) => part !== '');
	const isPath =
		DOTTED.test(plain) && plain.split(/[./]/).every((part) => part.length > 1 || INDEX.test(part));
	if (isPath) return plain.split(/[./]/);
	if (DOUBLE_UNDERSCORE.test(plain)) return plain.split('__').filter((part) => part !== '');
	return [key];
}

/** A key without the prefix of an XML namespace: "Email" of `sf:Email`, while `owner:email` is a path. */
export function withoutNamespace(key: string): string {
	const [whole, prefix = ''] = NAMESPACE.exec(key) ?? [];
	if (whole === undefined) return key;
	const name = key.slice(whole.length);
	return wordsOf(prefix).every(isUnknownWord) ? name : `${prefix}.${name}`;
}

/** Reads a key as a name. */
export function readName(key: string): KeyName {
	const text = key
		.normalize('NFKC')
		.replace(/\p{Cf}/gu, '')
		.replace(CUSTOM_SUFFIX, '')
		.replace(CUSTOM_PREFIX, '')
		.replace(NUMBERED_QUESTION, '')
		.replace(NUMBERING, '');
	const notes = [...text.matchAll(NOTES)].map(([, note]) => (note ?? '').trim());
	const bare = text.replace(NOTES, ' ').trim();
	const named = /\p{L}/u.test(bare);
	const main = withoutRequest(named ? bare : notes.join(' '));
	const words = withoutNotation(wordsOf(main));
	const isQuestion = /[?？]|^(?:what|which|where|how)\b/i.test(main);
	return {
		main,
		words,
		notes: named ? notes.filter((note) => note !== '') : [],
		speaksToPerson: words.some((word) => wordsForPerson.has(word)),
		isQuestion,
		owner: ownerIn(main),
	};
}

function ownerIn(name: string): string | undefined {
	const [, one, several] = GENITIVE.exec(name) ?? [];
	const owner = (one ?? several?.slice(0, -1) ?? OF_SOMEBODY.exec(name)?.[1])?.toLowerCase();
	if (owner === undefined) return undefined;
	const word = compact(owner);
	if (notOwners.has(word) || VALUE_NOUN.test(word) || kindOfCompactHeading(word)) return undefined;
	return isUnknownWord(word) ? owner : undefined;
}

/** Whether a word only speaks to the person, such as "your" or "you" in another language. */
export function isSecondPerson(word: string): boolean {
	return secondPersonWords.has(word);
}

function withoutRequest(name: string): string {
	return name
		.replace(ASIAN_REQUEST, '')
		.replace(NOTATION, (all, offset: number) => (offset > 1 ? '' : all));
}

// "Phone with country code" says how to write the number; "country code" alone is a field.
function withoutNotation(words: string[]): string[] {
	const start = words.findIndex((word) => startsNotation.has(word));
	if (start < 1 || !words.slice(start + 1).some((word) => codeWords.has(word))) return words;
	return words.slice(0, start);
}

/** The words of a name, including those in `hs_phoneNumber`, "E-Mail Address", and `workphone1`. */
export function wordsOf(name: string): string[] {
	if (name.length > LONGEST_NAME) return [];
	return splitWords(name);
}

const splitWords = memoized(NAMES_KEPT, (name) => {
	return plainWordsOf(name).flatMap((word) => splitCompound(word, vocabulary()));
});

/** The words of a name as written, without case and accents: "mobilephone" stays one word. */
export function plainWordsOf(name: string): string[] {
	return name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/e[.\s_-]?164/gi, ' international ')
		.replace(/whats[\s_-]?app/gi, ' whatsapp ')
		.replace(/iPhone/g, 'iphone')
		.replace(/\b(drop|pick)[\s_-]?(off|up)(?![a-z])/gi, ' $1$2 ')
		.replace(/(?<![a-z])account[\s_-]?holder(?![a-z])/gi, ' accountholder ')
		.replace(/\bopt[\s_-](in|out)/gi, ' opt$1 ')
		.replace(/\bdo[\s_-]?not/gi, ' donot ')
		.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
		.replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
		.replace(/(\p{L})(\p{N})/gu, '$1 $2')
		.replace(/(\p{N})(\p{L})/gu, '$1 $2')
		.toLowerCase()
		.replace(WITHOUT_ACCENT, (letter) => PLAIN_LETTERS[letter] ?? letter)
		.replace(/\be[^\p{L}\p{N}]?mail/gu, 'email')
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== '');
}

/** The known words that a word consists of: "mobilephone" consists of two, "automobile" doesn't. */
export function splitCompound(word: string, known: ReadonlySet<string>): string[] {
	if (known.has(word) || word.length > LONGEST_COMPOUND) return [word];
	for (let end = word.length - 1; end >= 2; end--) {
		const first = word.slice(0, end);
		if (!known.has(first)) continue;
		const rest = splitCompound(word.slice(end), known);
		if (rest.every((each) => known.has(each))) return [first, ...rest];
	}
	return [word];
}

// Known words are in the English lists, are words for a contact in any language, or are headings.
function isKnownWord(word: string): boolean {
	return vocabulary().has(word) || isForeignWord(word, 'contacts') || allHeadings().has(word);
}

const vocabulary = once(() => loadVocabulary());
// The list of words for things, such as "tower" and "center": they are known, but don't say who the value belongs to.
const vocabularyWithoutThings = once(() => loadVocabulary('notPeople'));

function loadVocabulary(without?: keyof typeof keyWords): ReadonlySet<string> {
	const words = Object.entries(keyWords).flatMap(([name, list]) => {
		if (name === without) return [];
		return (typeof list === 'string' ? [list] : Object.values(list)).flatMap((each) =>
			each.split(' '),
		);
	});
	return new Set(words.filter((word) => word.length > 1));
}

/** What a heading is for. A mobile is preferred to other phones. */
export type HeadingKind = 'email' | 'mobile' | 'phone' | 'country' | 'areaCode' | 'callingCode';

type Words = Partial<Record<HeadingKind | 'contacts' | 'others', string[]>>;

const KINDS = ['email', 'mobile', 'phone', 'country', 'areaCode', 'callingCode'] as const;
const UNSPACED = Object.values(languages).filter((language) => 'spaces' in language);
const unspacedOthers = once(() => UNSPACED.flatMap(({ others }) => others.map(compact)));
const PLURAL = /^[a-z]{6,}s$/;

const allHeadings = once(() => {
	const kinds = new Map<string, HeadingKind>();
	for (const language of Object.values(languages) as Words[]) {
		for (const kind of KINDS) {
			for (const heading of language[kind] ?? []) kinds.set(compact(heading), kind);
		}
	}
	return kinds;
});

/** The kind of a common heading. @param key the heading as `compact` returns it */
export function kindOfCompactHeading(key: string): HeadingKind | undefined {
	const headings = allHeadings();
	const kind = headings.get(key);
	if (kind ?? !PLURAL.test(key)) return kind;
	// "telefones", "celulares"
	const single = headings.get(key.slice(0, -1)) ?? headings.get(key.slice(0, -2));
	return single === 'email' || single === 'mobile' || single === 'phone' ? single : undefined;
}

/** The kind of a heading in one of the languages. In those without spaces, a word for the person may come before it. */
export function kindOfHeading(heading: string): HeadingKind | undefined {
	const key = compact(heading);
	const whole = allHeadings().get(key);
	if (whole) return whole;
	for (const { contacts } of UNSPACED) {
		for (const person of contacts) {
			const start = compact(person);
			const kind = key.startsWith(start) ? allHeadings().get(key.slice(start.length)) : undefined;
			if (kind) return kind;
		}
	}
	return undefined;
}

/** Whether a word in one of the languages refers to a contact, or to somebody else. */
export function isForeignWord(word: string, list: 'contacts' | 'others'): boolean {
	return FOREIGN[list]().words.has(word);
}

/** Several words in one of the languages that refer to a contact, or to somebody else: "người giới thiệu". */
export function foreignPhrase(
	words: readonly string[],
	list: 'contacts' | 'others',
): string | undefined {
	const { words: all, longest } = FOREIGN[list]();
	for (let length = Math.min(longest, words.length); length > 1; length--) {
		for (let at = 0; at + length <= words.length; at++) {
			const phrase = words.slice(at, at + length).join('');
			if (all.has(phrase)) return phrase;
		}
	}
	return undefined;
}

/** The words of a list in all languages, and the most words in one of its phrases. */
function foreignWords(list: 'contacts' | 'others'): {
	words: ReadonlySet<string>;
	longest: number;
} {
	const phrases = Object.values(languages).flatMap((language) => (language as Words)[list] ?? []);
	const lengths = phrases.map((phrase) => phrase.split(' ').length);
	return { words: new Set(phrases.map(compact)), longest: Math.max(...lengths) };
}

const FOREIGN = {
	contacts: once(() => foreignWords('contacts')),
	others: once(() => foreignWords('others')),
};

/** The English words for a contact. */
export const CONTACT_WORDS = wordSet(keyWords.contacts);
const OTHERS = wordSet(`${keyWords.others} ${keyWords.past} ${keyWords.schema}`);
// Occupations: "stylist", "beautician", "chairman".
const OCCUPATION =
	/^(?!(?:wait|wish|check|short|play)list$).{3,}(?:ologist|[^l]ist|ician|person|woman)$/;
// "adjuster", "planner", "closer". French words that end in "ier", such as "particulier", describe the value.
const AGENT_NOUN = /^[a-z]{2,}(?:[^i]er|or|[a-z]sman)$/;
const SPACED = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+$/u;

/** Whether a word refers to a contact, in any language. */
export function isContactWord(word: string): boolean {
	return CONTACT_WORDS.has(word) || isForeignWord(word, 'contacts');
}

/** Whether a word for somebody else is in a list, rather than only sounding like one. */
export function isKnownOther(word: string): boolean {
	return OTHERS.has(word) || isForeignWord(word, 'others') || isCompoundOther(word);
}

/** Whether a word refers to somebody else, in any language. */
export function isOtherWord(word: string): boolean {
	return (
		isKnownOther(word) ||
		(OCCUPATION.test(word) && !CONTACT_WORDS.has(word)) ||
		(AGENT_NOUN.test(word) && !isKnownWord(word))
	);
}

/** Whether a word may refer to anyone: it is neither for a contact nor about a value, such as "main" and "work". */
export function isUnknownWord(word: string): boolean {
	if (/^.$|^\d+$/u.test(word)) return false;
	if (!SPACED.test(word)) return hasUnknownPart(word);
	if (fillerWords.has(word) || secondPersonWords.has(word) || isContactWord(word)) return false;
	return !vocabularyWithoutThings().has(word);
}

// "Mary Smith", "Maria de la Cruz", as in { "Mary Smith": { email } }.
const PERSONS_NAME =
	/^\p{Lu}\p{Ll}[\p{L}'’-]*(?: (?:\p{Lu}[\p{L}'’.-]*|d[aeiou]s?|de[lnr]|la|v[ao]n|bin|al)){1,4}$/u;

/** A data path for messages, in which keys that are names of people are hidden. */
export function pathWithoutNames(path: string): string {
	const parts = path.split('.').map((part) => (namesPerson(part) ? '[hidden]' : part));
	return parts.join('.');
}

/** Whether a key is a person's name, as far as its words show. */
export function namesPerson(key: string): boolean {
	const name = key.replace(/\[\d+\]$/, '');
	if (name.length > LONGEST_NAME || !PERSONS_NAME.test(name)) return false;
	const words = wordsOf(name).filter((word) => word.length > 1 && !fillerWords.has(word));
	return words.length > 1 && words.every(isUnknownWord);
}

// Where words aren't separated by spaces, whether anything is left after the known words are removed.
function hasUnknownPart(text: string): boolean {
	return /[^a-z0-9]/.test(compact(text).replace(knownParts(), ''));
}

const knownParts = once(() => {
	const contacts = UNSPACED.flatMap((language) => language.contacts);
	const parts = [...[...fillerWords], ...[...contacts, ...allHeadings().keys()].map(compact)]
		.filter((part) => part !== '' && !/^[a-z0-9]*$/.test(part))
		.sort((a, b) => b.length - a.length);
	return new RegExp(parts.join('|'), 'gu');
});

const COMPOUND = Object.values(languages).filter((language) => 'compounds' in language);
const SHORTEST_OTHER = 6;
const SHORTEST_FIELD = 5;
// "voicemail" isn't one.
const SHORTEST_EMAIL = 8;
const compoundOthers = once(() =>
	COMPOUND.flatMap(({ others }) => others.map(compact)).filter(
		({ length }) => length >= SHORTEST_OTHER,
	),
);
const compoundFields = once(() =>
	COMPOUND.flatMap((language) =>
		(['email', 'mobile', 'phone'] as const).flatMap((kind) =>
			language[kind].map((heading) => [compact(heading), kind] as [string, HeadingKind]),
		),
	)
		.filter(([{ length }, kind]) => length >= (kind === 'email' ? SHORTEST_EMAIL : SHORTEST_FIELD))
		.sort(([{ length: a }], [{ length: b }]) => b - a),
);

// In languages that join words: "Finanzberater".
function isCompoundOther(word: string): boolean {
	if (word.length < SHORTEST_OTHER + 2) return false;
	return compoundOthers().some((other) => word.endsWith(other));
}

/** In languages that join words, the field at the end of a word, and what comes before it: "Kundentelefon". */
export function fieldInCompound(word: string): { kind: HeadingKind; before: string } | undefined {
	if (word.length < SHORTEST_FIELD + 3 || !/^[a-z]+$/.test(word)) return undefined;
	const found = compoundFields().find(([ending]) => word.endsWith(ending));
	if (!found) return undefined;
	const [ending, kind] = found;
	const before = word.slice(0, -ending.length);
	if (before.length < 3) return undefined;
	const whose = [before, before.replace(/e?[sn]$/, '')].find(
		(each) => isForeignWord(each, 'others') || isForeignWord(each, 'contacts'),
	);
	return { kind, before: whose ?? before };
}

/** The common headings for phone numbers, which people also write before a number. */
export function phoneHeadings(): string[] {
	return Object.values(languages).flatMap(({ mobile, phone }) => [...mobile, ...phone]);
}

/** Whether a name without spaces between its words contains a word for somebody else. */
export function isUnspacedOther(name: string): boolean {
	if (isAscii(name)) return false;
	const key = compact(name);
	return unspacedOthers().some((word) => key.includes(word));
}
