import { layoutOf, type Layout } from './layout';
import type { Level } from './level';
import { descend, holdsContact, MAX_LEVELS, MAX_SEARCHED, type Visit } from './levels';
import { pairsIn } from './pairs';

const MAX_EVENT_KEYS = 6;
// Of all texts of an item that are parsed.
const MAX_CHARACTERS = 100_000;

/**
 * The objects that may be the contact where {@link levelsOf} finds none: those under keys that say nothing, those that
 * stand as JSON in a text, and somebody who may be the contact.
 */
export function lastResort(levels: Level[]): Level[] {
	const found = levels.flatMap(ownPair);
	const at = { found, budget: { left: MAX_LEVELS }, depth: 2, characters: MAX_CHARACTERS };
	for (const search of [searchRest, searchTexts, searchPerhaps]) {
		if (found.some(holdsContact)) return found;
		for (const level of [...levels, ...found]) search(level, at);
	}
	return found.some(holdsContact) ? found : [];
}

function searchRest({ json, layout, pathOf }: Level, at: Visit): void {
	for (const { key } of layout.rest.slice(0, MAX_SEARCHED)) {
		descend(json[key], { ...at, path: pathOf(key), anything: true });
	}
}

function searchPerhaps({ json, layout, pathOf }: Level, at: Visit): void {
	if (!isShort(layout)) return;
	for (const { key } of layout.perhaps.slice(0, MAX_SEARCHED)) {
		descend(json[key], { ...at, path: pathOf(key) });
	}
}

// JotForm sends the answers as a text of JSON in `rawRequest`.
function searchTexts({ json, layout, pathOf }: Level, at: Visit & { characters: number }): void {
	for (const { key } of [...layout.wrapper, ...layout.rest].slice(0, MAX_SEARCHED)) {
		const text = json[key];
		if (typeof text !== 'string' || !/^\s{0,9}\{/.test(text)) continue;
		at.characters -= text.length;
		if (at.characters >= 0) descend(parsed(text), { ...at, path: pathOf(key) });
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

// A user in an event is the contact; one in a record that refers to others is who made it.
function isShort({ keys }: Layout): boolean {
	return keys.length <= MAX_EVENT_KEYS && !keys.some((key) => /(?:_i|I)ds?$/.test(key));
}

// An object that is itself a name and a value, as of HubSpot's changes: { propertyName: 'email', propertyValue }.
function ownPair({ json, pathOf }: Level): Level[] {
	const key = ['value', 'propertyValue'].find((name) => json[name] !== undefined);
	const pair = key === undefined ? undefined : pairsIn([[key, json]]);
	if (key === undefined || !pair) return [];
	return [{ json: pair.json, layout: layoutOf(pair.json), pathOf: () => pathOf(key) }];
}
