import { layoutOf, type Layout } from './layout';
import { defaultOf, isObject, type Level } from './level';
import { pairsIn } from './pairs';

/** What may still be looked at in one item. */
interface Budget {
	left: number;
}

const MAX_DEPTH = 7;
export const MAX_LEVELS = 60;
export const MAX_SEARCHED = 20;

const TOP = (key: string) => key;

/** The item and the objects in it that may be the contact, the likeliest first. */
export function levelsOf(json: Record<string, unknown>): Level[] {
	const found: Level[] = [];
	visit(json, { pathOf: TOP, depth: 0, found, budget: { left: MAX_LEVELS } });
	return found;
}

/** Whether a level has a key for an email or a phone. */
export function holdsContact({ layout }: Level): boolean {
	return layout.email.length > 0 || layout.phone.length > 0;
}

export interface Visit {
	depth: number;
	found: Level[];
	budget: Budget;
	/** Whether keys that say nothing are looked into as well. */
	anything?: boolean;
}

function visit(json: object, at: Visit & { pathOf: (key: string) => string }): void {
	if (at.budget.left-- <= 0 || at.depth > MAX_DEPTH) return;
	const level = {
		json: json as Level['json'],
		layout: layoutOf(json as Level['json']),
		pathOf: at.pathOf,
	};
	at.found.push(level);
	const { wrapper, rest } = level.layout;
	for (const { key } of wrapper) descend(level.json[key], { ...at, path: at.pathOf(key) });
	if (rest.length + wrapper.length > 0) addPairs(level, [...rest, ...wrapper], at.found);
	if (!at.anything) return;
	for (const { key } of rest.slice(0, MAX_SEARCHED)) {
		descend(level.json[key], { ...at, path: at.pathOf(key) });
	}
}

export function descend(value: unknown, at: Visit & { path: string }): void {
	if (Array.isArray(value)) return descendList(value, at);
	if (!isObject(value)) return;
	visit(value, { ...at, depth: at.depth + 1, pathOf: (key) => `${at.path}.${key}` });
}

function descendList(list: unknown[], at: Visit & { path: string }): void {
	const pairs = pairsIn(list.slice(0, 100).map((entry, place) => [`[${place}]`, entry]));
	if (pairs) {
		const { json, paths } = pairs;
		at.found.push({
			json,
			layout: layoutOf(json),
			pathOf: (key) => `${at.path}${paths[key] ?? ''}`,
		});
		return;
	}
	const [place, entry] = defaultOf(list);
	if (!isObject(entry)) return;
	const path = `${at.path}${place}`;
	visit(entry, { ...at, depth: at.depth + 1, pathOf: (key) => `${path}.${key}` });
}

// Answers that stand under their own IDs, each with its type.
function addPairs({ json, pathOf }: Level, rest: Layout['rest'], found: Level[]): void {
	const entries: Array<[string, unknown]> = [];
	for (const { key } of rest) {
		const value = json[key];
		if (typeof value === 'object' && value !== null && !Array.isArray(value))
			entries.push([key, value]);
	}
	const pairs = entries.length > 0 ? pairsIn(entries) : undefined;
	if (!pairs) return;
	const { json: fields, paths } = pairs;
	found.push({
		json: fields,
		layout: layoutOf(fields),
		pathOf: (key) => pathOf(paths[key] ?? key),
	});
}
