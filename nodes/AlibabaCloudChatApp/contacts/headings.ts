import { languages } from './headings.json';
import { compact } from './words';

/** What the heading of a column says: `mobile` goes before `phone`. */
export type HeadingKind = 'email' | 'mobile' | 'phone' | 'country';

const KINDS = ['email', 'mobile', 'phone', 'country'] as const;

let byHeading: Map<string, HeadingKind> | undefined;

/** The kind of a heading in one of sixteen languages, whatever its case, spaces and accents. */
export function kindOfHeading(heading: string): HeadingKind | undefined {
	return (byHeading ??= load()).get(compact(heading));
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
