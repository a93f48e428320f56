import { languages, people } from './headings.json';
import { compact } from './words';

/** What the heading of a column says: `mobile` goes before `phone`. */
export type HeadingKind = 'email' | 'mobile' | 'phone' | 'country';

const KINDS = ['email', 'mobile', 'phone', 'country'] as const;

// The words for "your" in the languages that put blanks between words.
const OWN = new Set(
	'dein deine deinen ihre ihren ihr votre ton ta tu su sua seu teu tuo tua jouw uw je twoj twoja ваш ваша твой'.split(
		' ',
	),
);

let byHeading: Map<string, HeadingKind> | undefined;

/** The kind of a heading in one of sixteen languages, whatever its case, spaces and accents. */
export function kindOfHeading(heading: string): HeadingKind | undefined {
	byHeading ??= load();
	const key = compact(heading);
	const person = people.map(compact).find((each) => key.startsWith(each) && key !== each);
	return byHeading.get(key) ?? byHeading.get(key.slice(person?.length ?? 0));
}

/** The same for a question that asks a person for it: "Wie lautet deine Handynummer?" */
export function kindAskedFor(words: readonly string[]): HeadingKind | undefined {
	if (!words.some((word) => OWN.has(word))) return undefined;
	const kinds = words.flatMap((word) => kindOfHeading(word) ?? []);
	return new Set(kinds).size === 1 ? kinds[0] : undefined;
}

/** The usual headings for phone numbers, which people also write before a number. */
export function phoneHeadings(): string[] {
	return Object.values(languages).flatMap(({ mobile, phone }) => [...mobile, ...phone]);
}

function load(): Map<string, HeadingKind> {
	const found = new Map<string, HeadingKind>();
	for (const language of Object.values(languages)) {
		for (const kind of KINDS) {
			for (const heading of language[kind]) found.set(compact(heading), kind);
		}
	}
	return found;
}
