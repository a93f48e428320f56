import { roleOf } from './fieldRole';

type Json = Record<string, unknown>;

/** Fields that stood as a list of names and values, as an object; `paths` says where each stood in the list. */
export interface Pairs {
	json: Json;
	paths: Record<string, string>;
}

const LABEL_KEYS =
	'name label title question field key fieldname fieldcode displayname text prompt header column property propertyname attribute slug ref id type datatype fieldtype source'.split(
		' ',
	);
const VALUE_KEYS =
	'value answer values response val field_value fieldvalue propertyvalue valuestring content'.split(
		' ',
	);
const MAX_ENTRIES = 100;
const MAX_LABEL = 100;

/**
 * A list of fields as a form, a survey or a CRM's custom fields give it: `{ name, value }`, `{ label, type, value }`,
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

// Only what names an email, a phone or a country is kept: the rest of a form is no field of a contact.
function labelOf(entry: Json): string | undefined {
	const keys = new Map<string, string>();
	for (const key of Object.keys(entry)) {
		if (keys.size >= 40) break;
		if (key.length <= 40) keys.set(key.toLowerCase().replace(/[^a-z]/g, ''), key);
	}
	const values = VALUE_KEYS.some((name) => keys.has(name));
	let typed: string | undefined;
	for (const name of LABEL_KEYS) {
		const key = keys.get(name);
		for (const label of key === undefined ? [] : labelsIn(entry[key])) {
			const role = roleOf(label);
			// "Manager's email" is an email by its type, but not the contact's.
			if (role === undefined && !isType(name)) return undefined;
			const names = role?.slot === 'email' || role?.slot === 'phone' || role?.slot === 'country';
			if (!names && !(role?.slot === 'dial' && !isType(name))) continue;
			if (isType(name) && !values)
				typed ??= entry[label] !== undefined || identifierIn(entry) ? label : undefined;
			else if (values) return label;
		}
	}
	return typed;
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
	if (typeof label === 'string')
		return label.length > MAX_LABEL ? [] : [label.replace(/^(?:input|control)_/i, '')];
	if (typeof label !== 'object' || label === null) return [];
	const { title, text, label: name, ref, type } = label as Json;
	return [title, text, name, ref, type].flatMap((each) =>
		typeof each === 'string' ? labelsIn(each) : [],
	);
}
