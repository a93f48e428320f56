import { roleOf } from './keyRole';

type Json = Record<string, unknown>;

/** Fields from a list of names and values as an object; `paths` says where each was in the list. */
export interface Pairs {
	json: Json;
	paths: Record<string, string>;
}

const LABEL_KEYS =
	'name label title question field key alias fieldname fieldcode displayname text prompt header column columntitle columnid variable property propertyname attribute slug ref id type datatype fieldtype attributetype columntype contactfieldtype source code'.split(
		' ',
	);
const VALUE_KEYS =
	'value answer values response val fieldvalue propertyvalue valuestring stringvalue textvalue displayvalue content'.split(
		' ',
	);
const FIELDS = new Set(['email', 'phone', 'country', 'callingCode', 'areaCode']);
const TYPES = new Set(['email', 'phone', 'country']);
// A property of a table that contains people who work with it, as in Notion, Monday, and ClickUp.
const STAFF_TYPES = new Set(
	'people person users user created_by last_edited_by last_modified_by collaborator collaborators multiple-person'.split(
		' ',
	),
);
const MAX_ENTRIES = 100;
const MAX_LABEL = 100;
const MAX_KEYS = 40;

/**
 * Fields as a form, a survey, or a CRM's custom fields list them: `{ name, value }`, `{ label, type, value }`,
 * `{ type: 'email', email }`. The label says what a field is, or else its type.
 * @param entries by their place: `[0]`, `abc`
 * @returns undefined when these are no fields
 */
export function pairsIn(entries: Iterable<[string, unknown]>): Pairs | undefined {
	const json: Json = Object.create(null) as Json;
	const paths: Record<string, string> = Object.create(null) as Record<string, string>;
	let seen = 0;
	for (const [place, entry] of entries) {
		if (seen++ >= MAX_ENTRIES) break;
		if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) continue;
		const label = labelOf(entry as Json);
		if (label === undefined) continue;
		const before = json[label];
		const value = identifierIn(entry as Json) ?? entry;
		json[label] = before === undefined ? value : [before, value].flat();
		paths[label] ??= place;
	}
	return Object.keys(paths).length > 0 ? { json, paths } : undefined;
}

/** Whether the entries of a list are names with values: answers or fields, not people. */
export function areAnswers(list: readonly unknown[]): boolean {
	const entries = list.slice(0, 10).filter((entry) => typeof entry === 'object' && entry !== null);
	return entries.length > 0 && entries.every((entry) => isAnswer(entry as Json));
}

function isAnswer(entry: Json): boolean {
	const keys = keysOf(entry);
	const has = (names: readonly string[]) => names.some((name) => keys.has(name));
	if ([...keys.values()].some((key) => FIELDS.has(roleOf(key).field ?? '')))
		return labelOf(entry) !== undefined;
	return has(VALUE_KEYS) && has(LABEL_KEYS);
}

// Only what names an email, a phone, or a country is kept: the rest of a form is no field of a contact.
function labelOf(entry: Json): string | undefined {
	const keys = keysOf(entry);
	if (typeof entry.type === 'string' && STAFF_TYPES.has(entry.type.toLowerCase())) return undefined;
	const values = VALUE_KEYS.some((name) => keys.has(name));
	let typed: string | undefined;
	for (const name of LABEL_KEYS) {
		const key = keys.get(name);
		for (const label of key === undefined ? [] : labelsIn(entry[key])) {
			const { field, party } = roleOf(label);
			// "Manager's email" is an email by its type, but not the contact's.
			if (party === 'other' && !isType(name)) return undefined;
			if (!FIELDS.has(field ?? '') || (isType(name) && !TYPES.has(field ?? ''))) continue;
			if (!isType(name) && values) return label;
			if (isType(name)) typed ??= values || hasOwnValue(entry, label) ? label : undefined;
		}
	}
	return typed;
}

function hasOwnValue(entry: Json, label: string): boolean {
	return (
		entry[label] !== undefined ||
		typeof entry.text === 'string' ||
		identifierIn(entry) !== undefined
	);
}

function keysOf(entry: Json): Map<string, string> {
	const keys = new Map<string, string>();
	for (const key of Object.keys(entry).slice(0, MAX_KEYS)) {
		if (key.length <= MAX_KEYS) keys.set(key.toLowerCase().replace(/[^a-z]/g, ''), key);
	}
	return keys;
}

// Omnisend's identifiers: { type: 'email', id: 'mary@example.com' }; Monday's text, Gorgias' address, Front's handle.
function identifierIn({ id, text, address, handle }: Json): unknown {
	return [id, text, address, handle].find(isIdentifier);
}

// What is an email or a number by its form, and nothing else.
function isIdentifier(id: unknown): boolean {
	return (
		typeof id === 'string' &&
		id.length < 100 &&
		/^(?:[^\s@]+@[^\s@]+\.[^\s@]+|\+\d{7,15})$/.test(id)
	);
}

function isType(name: string): boolean {
	return name.endsWith('type') || name === 'source';
}

// A label may be an object itself, as Typeform's question is; "INPUT_EMAIL" and "control_email" are types.
function labelsIn(label: unknown): string[] {
	if (typeof label === 'string') {
		return label.length > MAX_LABEL ? [] : [label.replace(/^(?:input|control)_/i, '')];
	}
	if (typeof label !== 'object' || label === null) return [];
	const { title, text, label: name, ref, type } = label as Json;
	return [title, text, name, ref, type].flatMap((each) =>
		typeof each === 'string' ? labelsIn(each) : [],
	);
}
