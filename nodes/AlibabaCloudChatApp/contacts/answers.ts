/**
 * The answers and custom fields that an item lists as names and values: first a contact's email, phone, and country
 * among them (`fieldsInAnswers`), then the opt-outs (`optOutInObject`).
 */

import { type ConsentKey, isOptOutAnswer, optOutInFields } from './consent';
import { compact } from './keyName';
import { namesOther, roleOf } from './keyRole';
import { isObject, isSurelyIdentifier, type Json, memoized, wordSet } from './text';

/** Fields from a list of answers, as an object; `paths`: where each was in the list. */
interface AnsweredFields {
	json: Json;
	paths: Record<string, string>;
}

const ANSWER_LABEL_KEYS =
	'name label title question questiontext field key alias fieldname fieldcode displayname text prompt header column columntitle columnid variable property propertyname attribute slug ref id type system datatype fieldtype attributetype columntype contactfieldtype source code'.split(
		' ',
	);
// The labels that people see.
const SHOWN_KEYS = wordSet('name label title question questiontext displayname text prompt header');
const ANSWER_VALUE_KEYS =
	'value answer values response val fieldvalue answervalues propertyvalue valuestring stringvalue textvalue displayvalue content'.split(
		' ',
	);
const FIELDS = new Set<string | undefined>([
	'email',
	'phone',
	'country',
	'callingCode',
	'areaCode',
]);
const FIELD_TYPES = new Set<string | undefined>(['email', 'phone', 'country']);
// The types of properties for the people who work with a table, as in Notion, Monday, and ClickUp.
const STAFF_TYPES = wordSet(
	'people person users user created_by last_edited_by last_modified_by collaborator collaborators multiple-person',
);
const NO_LABELS: readonly string[] = [];
const MAX_ENTRIES = 100;
const LONGEST_LABEL = 100;
const MAX_ENTRY_KEYS = 40;

/** The text that says which field an entry is for. */
interface Label {
	label: string;
	/** Whether only the entry's type says so, while its label says something else. */
	isType: boolean;
}

/**
 * The fields in a list from a form, a survey, or a CRM's custom fields: `{ name, value }`, `{ label, type, value }`,
 * `{ type: 'email', email }`. The label says what a field is, or else the type does.
 * @param entries with their positions as in a data path: `[0]`, `abc`
 * @returns undefined if none of them is a field
 */
export function fieldsInAnswers(entries: Iterable<[string, unknown]>): AnsweredFields | undefined {
	const json: Json = Object.create(null) as Json;
	const paths: Record<string, string> = Object.create(null) as Record<string, string>;
	for (const { position, entry, label } of answersIn(entries)) {
		const before = json[label];
		const value = identifierIn(entry) ?? entry;
		json[label] = before === undefined ? value : [before, value].flat();
		paths[label] ??= position;
	}
	return Object.keys(paths).length > 0 ? { json, paths } : undefined;
}

interface Answer extends Label {
	position: string;
	entry: Json;
}

// An answer that is an email only by its type counts only if no label says "email".
function answersIn(entries: Iterable<[string, unknown]>): Answer[] {
	const answers: Answer[] = [];
	const labeled = new Set<string | undefined>();
	let seen = 0;
	for (const [position, entry] of entries) {
		if (seen++ >= MAX_ENTRIES) break;
		const found = isObject(entry) ? labelOf(entry) : undefined;
		if (found === undefined) continue;
		answers.push({ position, entry: entry as Json, ...found });
		if (!found.isType) labeled.add(roleOf(found.label).field);
	}
	return answers.filter(({ label, isType }) => !isType || !labeled.has(roleOf(label).field));
}

/** Whether the entries of a list are names with values: answers or fields, not people. */
export function areAnswers(list: readonly unknown[]): boolean {
	const entries = list.slice(0, 10).filter(isObject);
	return entries.length > 0 && entries.every(isAnswer);
}

function isAnswer(entry: Json): boolean {
	const keys = keysByLetters(entry);
	const has = (names: readonly string[]) => names.some((name) => keys.has(name));
	if ([...keys.values()].some((key) => FIELDS.has(roleOf(key).field)))
		return labelOf(entry) !== undefined;
	return has(ANSWER_VALUE_KEYS) && has(ANSWER_LABEL_KEYS);
}

/** Whether an entry is an answer about somebody else: { question: 'Who is your manager?', value: { email } }. */
export function isOthersAnswer(entry: Json): boolean {
	const keys = keysByLetters(entry);
	return (
		ANSWER_VALUE_KEYS.some((name) => keys.has(name)) &&
		textsAt(entry, keys, (name) => SHOWN_KEYS.has(name)).some(namesOther)
	);
}

// Only labels for an email, a phone, its codes, or a country: a form's other answers aren't needed.
function labelOf(entry: Json): Label | undefined {
	if (isForStaff(entry)) return undefined;
	const keys = keysByLetters(entry);
	const names = textsAt(entry, keys, (name) => !isTypeKey(name)).map((label) => ({
		label,
		...roleOf(label),
	}));
	const hasValue = ANSWER_VALUE_KEYS.some((name) => keys.has(name));
	// "Manager's email" is an email by its type, but not the contact's.
	const other = names.findIndex(({ party }) => party === 'other');
	const own = names.findIndex(({ field }) => hasValue && FIELDS.has(field));
	if (other >= 0 && (own < 0 || other <= own)) return undefined;
	if (own >= 0) return { label: names[own]?.label ?? '', isType: false };
	const type = textsAt(entry, keys, isTypeKey).find(
		(label) => FIELD_TYPES.has(roleOf(label).field) && (hasValue || hasOwnValue(entry, label)),
	);
	if (type === undefined) return undefined;
	const shown = textsAt(entry, keys, (name) => SHOWN_KEYS.has(name));
	return { label: type, isType: shown.some((text) => !isSurelyIdentifier(text)) };
}

function textsAt(
	entry: Json,
	keys: Map<string, string>,
	isWanted: (name: string) => boolean,
): string[] {
	return ANSWER_LABEL_KEYS.filter(isWanted).flatMap((name) => labelsAt(entry, keys.get(name)));
}

function isForStaff({ type }: Json): boolean {
	return typeof type === 'string' && STAFF_TYPES.has(type.toLowerCase());
}

function labelsAt(entry: Json, key: string | undefined): readonly string[] {
	return key === undefined ? NO_LABELS : labelsIn(entry[key]);
}

function hasOwnValue(entry: Json, label: string): boolean {
	return (
		entry[label] !== undefined ||
		typeof entry.text === 'string' ||
		identifierIn(entry) !== undefined
	);
}

/** An entry's keys by their letters, and those such as "queTitle" and "fieldLabel" also by their last word. */
function keysByLetters(entry: Json): Map<string, string> {
	const keys = new Map<string, string>();
	for (const key of Object.keys(entry).slice(0, MAX_ENTRY_KEYS)) {
		if (key.length > MAX_ENTRY_KEYS) continue;
		const name = key.toLowerCase().replace(/[^a-z]/g, '');
		keys.set(name, key);
		const [, part] = /^[a-z]{2,8}(title|label)$/.exec(name) ?? [];
		if (part !== undefined && !keys.has(part)) keys.set(part, key);
	}
	return keys;
}

// Omnisend's identifiers: { type: 'email', id: 'mary@example.com' }; Monday's text, Gorgias' address, Front's handle.
function identifierIn({ id, text, address, handle }: Json): unknown {
	return [id, text, address, handle].find(isSurelyIdentifier);
}

function isTypeKey(name: string): boolean {
	return name.endsWith('type') || name === 'source' || name === 'system';
}

// A label may be an object itself, as Typeform's question is; "INPUT_EMAIL" and "control_email" are types.
function labelsIn(label: unknown): string[] {
	if (typeof label === 'string') {
		return label.length > LONGEST_LABEL ? [] : [label.replace(/^(?:input|control)_/i, '')];
	}
	if (typeof label !== 'object' || label === null) return [];
	const { title, text, label: name, ref, type } = label as Json;
	return [title, text, name, ref, type].flatMap((each) =>
		typeof each === 'string' ? labelsIn(each) : [],
	);
}

/** The keys of a consent question's label and value. There are more of them than for a contact's fields. */
const CONSENT_LABEL =
	/^(?:name|label|title|question|text|prompt|header|key|slug|ref|alias|id|code|property|variable|attribute|field|column|(?:custom)?field(?:name|code|label|key)|display(?:name|label)|column(?:id|name|title)|(?:property|variable|attribute)(?:name|code)|questiontext|[a-z]{2,8}(?:title|label))$/;
const CONSENT_VALUE =
	/^(?:field|string|text|attribute|property|display|answer)?(?:value|values|answer|answers|response|responses|boolean|checked|val|content)(?:string|text|boolean)?$/;
/** Keys that contain answers, possibly on several levels. */
const FORM = /form|field|answer|response|question|section|survey/i;
/** Lists whose codes and texts aren't answers: { discount_codes: [{ code: 'NEWSLETTER', value: '0' }] }. */
const WITHOUT_ANSWERS = /^(?:discount|coupon|promo|voucher)(?:_?(?:code|line))?s?$|^buttons?$/i;
/** Keys that order lines have and answers don't. */
const GOODS = ['quantity', 'price', 'sku', 'product_id'];
const MAX_FORM_DEPTH = 4;
const MAX_LISTED = 1000;
// A contact from a CRM may have a hundred fields before the list of custom ones.
const MAX_KEYS = 1000;
const PARTS_KEPT = 2000;

/** The data path of an object's field or answer that is an opt-out. @param layout its keys, and those for consent */
export function optOutInObject(
	json: Json,
	{ consent, keys }: { consent: readonly ConsentKey[]; keys: readonly string[] },
	pathOf: (key: string) => string,
): string | undefined {
	return optOutInFields({ json, consent, keys, pathOf }) ?? optOutInAnswers(json, pathOf, { keys });
}

/**
 * The data path of the answer that is an opt-out, among the answers or custom fields that an object lists:
 * `answers: [{ question, answer }]`, `meta_data: [{ key, value }]`, `{ 5: { text, answer } }`.
 */
function optOutInAnswers(
	json: Readonly<Json>,
	pathOf: (key: string) => string,
	{ keys = Object.keys(json), depth = 0 }: { keys?: readonly string[]; depth?: number } = {},
): string | undefined {
	for (const key of keys.slice(0, MAX_KEYS)) {
		const isForm = depth < MAX_FORM_DEPTH && FORM.test(key);
		for (const [position, entry] of objectsIn(json[key])) {
			const path = `${pathOf(key)}${position}`;
			if (!WITHOUT_ANSWERS.test(key) && isOptOutEntry(entry)) return path;
			const inner =
				isForm && optOutInAnswers(entry, (each) => `${path}.${each}`, { depth: depth + 1 });
			if (inner) return inner;
		}
	}
	return undefined;
}

/** An object, or those of a list with their positions as in a data path. */
function objectsIn(value: unknown): Array<[position: string, entry: Json]> {
	if (isObject(value)) return [['', value]];
	if (!Array.isArray(value)) return [];
	return value
		.slice(0, MAX_LISTED)
		.flatMap((entry: unknown, index) => (isObject(entry) ? [[`[${index}]`, entry]] : []));
}

function isOptOutEntry(entry: Json): boolean {
	if (GOODS.some((key) => key in entry)) return false;
	const answer = consentValueOf(entry);
	return consentLabelsOf(entry).some((label) => isOptOutAnswer(label, answer, entry));
}

const partOfAnswer = memoized(PARTS_KEPT, (key) => {
	const name = key.length > LONGEST_LABEL ? '' : compact(key);
	return CONSENT_VALUE.test(name) ? 'value' : CONSENT_LABEL.test(name) ? 'label' : undefined;
});

/** The label may be in an object: Typeform's `{ field: { ref }, type: 'boolean', boolean: false }`. */
function consentLabelsOf(entry: Json): string[] {
	return Object.keys(entry).flatMap((key) => {
		const value = entry[key];
		if (partOfAnswer(key) !== 'label') return [];
		if (isObject(value)) return consentLabelsOf(value);
		return typeof value === 'string' ? [value] : [];
	});
}

/**
 * The value under a common key, under the name of its type (Notion's `{ type: 'checkbox', checkbox: true }`), or in
 * `text` (Monday).
 */
function consentValueOf(entry: Json): unknown {
	const { type } = entry;
	const key =
		Object.keys(entry).find((each) => partOfAnswer(each) === 'value') ??
		[type, 'text'].find((each) => typeof each === 'string' && each in entry);
	return typeof key === 'string' ? single(entry[key]) : undefined;
}

/** `['no']`, `[{ value: true }]`, `{ label: 'No' }` */
function single(value: unknown): unknown {
	const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	return isObject(only) ? (only.value ?? only.label ?? only.name) : only;
}
