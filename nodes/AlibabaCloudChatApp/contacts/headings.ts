import { compact } from './keyName';
import { languages } from './languages.json';

/** What a heading is: a mobile comes before other phones. */
export type Kind = 'email' | 'mobile' | 'phone' | 'country' | 'areaCode' | 'callingCode';

type Words = Partial<Record<Kind | 'contacts' | 'others', string[]>>;

const KINDS = ['email', 'mobile', 'phone', 'country', 'areaCode', 'callingCode'] as const;
const UNSPACED = Object.values(languages).filter((language) => 'spaces' in language);
const ASCII = /^[ -~]*$/;
let othersWithoutSpaces: string[] | undefined;

function unspacedOthers(): string[] {
	return (othersWithoutSpaces ??= UNSPACED.flatMap(({ others }) => others.map(compact)));
}

let byHeading: Map<string, Kind> | undefined;
const foreign: Partial<Record<'contacts' | 'others', Set<string>>> = {};
let longestPhrase = 1;

function allHeadings(): Map<string, Kind> {
	if (byHeading) return byHeading;
	byHeading = new Map();
	for (const language of Object.values(languages) as Words[]) {
		for (const kind of KINDS) {
			for (const heading of language[kind] ?? []) byHeading.set(compact(heading), kind);
		}
	}
	return byHeading;
}

/** The kind of a usual heading, by its letters and digits alone. */
export function kindOfKey(key: string): Kind | undefined {
	return allHeadings().get(key);
}

/** The kind of a heading in one of the languages, with or without a word for the person before it. */
export function headingOf(heading: string): Kind | undefined {
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

/** Whether a word in one of the languages is for a contact, or for somebody else. */
export function isForeign(word: string, list: 'contacts' | 'others'): boolean {
	return foreignWords(list).has(compact(word));
}

/** Whether words in one of the languages are for somebody else: "người giới thiệu". */
export function hasPhraseForOther(words: readonly string[]): boolean {
	const all = foreignWords('others');
	for (let length = Math.min(longestPhrase, words.length); length > 1; length--) {
		for (let at = 0; at + length <= words.length; at++) {
			if (all.has(compact(words.slice(at, at + length).join('')))) return true;
		}
	}
	return false;
}

function foreignWords(list: 'contacts' | 'others'): Set<string> {
	const kept = foreign[list];
	if (kept) return kept;
	const words = Object.values(languages).flatMap((language) => (language as Words)[list] ?? []);
	longestPhrase = Math.max(longestPhrase, ...words.map((word) => word.split(' ').length));
	return (foreign[list] = new Set(words.map(compact)));
}

/** The usual headings for phone numbers, which people also write before a number. */
export function phoneHeadings(): string[] {
	return Object.values(languages).flatMap(({ mobile, phone }) => [...mobile, ...phone]);
}

/** Whether a name without spaces between words contains one for somebody else. */
export function isUnspacedOther(name: string): boolean {
	if (ASCII.test(name)) return false;
	const key = compact(name);
	return unspacedOthers().some((word) => key.includes(word));
}
