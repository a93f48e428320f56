import { holdsContact, levelsOf } from './levels';

const MAX_NAMES = 15;
const MAX_LENGTH = 60;
// What could be a contact itself, as the first row of a table without headings is.
const PERSONAL = /@|\d{5}/;

/**
 * The names of an item's fields that hold a value, as data paths; the item's own first.
 * Names that could be somebody's data are left out.
 */
export function fieldNamesOf(json: Record<string, unknown>): string[] {
	const names: string[] = [];
	for (const level of levelsOf(json)) {
		for (const key of Object.keys(level.json)) {
			if (names.length >= MAX_NAMES) return names;
			const value = level.json[key];
			if (value === null || value === undefined || typeof value === 'object') continue;
			if (key.length > MAX_LENGTH) continue;
			const path = level.pathOf(key);
			if (path.length <= MAX_LENGTH && !PERSONAL.test(path)) names.push(path);
		}
	}
	return names;
}

/** Whether an item has a field with the name of an email or a phone number, be it empty. */
export function hasKnownField(json: Record<string, unknown>): boolean {
	return levelsOf(json).some(holdsContact);
}
