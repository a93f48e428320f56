import { answerSaysNo, type ConsentKey, fieldThatSaysNo } from './consent';
import { compact } from './keyName';
import { LONGEST_LABEL } from './pairs';
import { isObject, type Json, keepResults } from './text';

/** The keys of a consent question's label and value. There are more of them than for a contact's fields. */
const CONSENT_LABEL =
	/^(?:name|label|title|question|text|prompt|header|key|slug|ref|alias|property|variable|field|column|(?:custom)?field(?:name|code|label|key)|display(?:name|label)|column(?:id|name|title)|attributecode)$/;
const CONSENT_VALUE =
	/^(?:field|string|text|attribute|display)?(?:value|values|answer|answers|response|responses|boolean|checked|val)(?:string|text|boolean)?$/;
/** Keys that contain answers, possibly on several levels; then keys that order lines have and answers don't. */
const FORM = /form|field|answer|response|question|section|survey/i;
const GOODS = ['quantity', 'price', 'sku', 'product_id'];
const DEEPEST_FORM = 4;
const MOST_ANSWERS = 1000;
// A contact from a CRM may have a hundred fields before the list of custom ones.
const MOST_KEYS = 1000;
const PARTS_KEPT = 2000;

/** The data path of an object's field or answer that is an opt-out. @param layout its keys, and those for consent */
export function noIn(
	json: Json,
	{ consent, keys }: { consent: readonly ConsentKey[]; keys: readonly string[] },
	pathOf: (key: string) => string,
): string | undefined {
	return (
		fieldThatSaysNo({ json, keys: consent, names: keys, pathOf }) ??
		answerThatSaysNo(json, pathOf, { keys })
	);
}

/**
 * The data path of the answer that is an opt-out, among the answers or custom fields that an object lists:
 * `answers: [{ question, answer }]`, `meta_data: [{ key, value }]`, `{ 5: { text, answer } }`.
 */
function answerThatSaysNo(
	json: Readonly<Record<string, unknown>>,
	pathOf: (key: string) => string,
	{ keys = Object.keys(json), depth = 0 }: { keys?: readonly string[]; depth?: number } = {},
): string | undefined {
	for (const key of keys.slice(0, MOST_KEYS)) {
		const isForm = depth < DEEPEST_FORM && FORM.test(key);
		for (const [position, entry] of objectsIn(json[key])) {
			const path = `${pathOf(key)}${position}`;
			if (saysNoAsAnswer(entry)) return path;
			const inner =
				isForm && answerThatSaysNo(entry, (each) => `${path}.${each}`, { depth: depth + 1 });
			if (inner) return inner;
		}
	}
	return undefined;
}

/** An object, or those of a list with their positions as in a data path. */
function objectsIn(value: unknown): Array<[position: string, entry: Record<string, unknown>]> {
	if (isObject(value)) return [['', value]];
	if (!Array.isArray(value)) return [];
	return value
		.slice(0, MOST_ANSWERS)
		.flatMap((entry: unknown, index) => (isObject(entry) ? [[`[${index}]`, entry]] : []));
}

function saysNoAsAnswer(entry: Record<string, unknown>): boolean {
	if (GOODS.some((key) => key in entry)) return false;
	const answer = consentValueOf(entry);
	return consentLabelsOf(entry).some((label) => answerSaysNo(label, answer, entry));
}

const partOfAnswer = keepResults(PARTS_KEPT, (key) => {
	const name = key.length > LONGEST_LABEL ? '' : compact(key);
	return CONSENT_VALUE.test(name) ? 'value' : CONSENT_LABEL.test(name) ? 'label' : undefined;
});

/** The label may be in an object: Typeform's `{ field: { ref }, type: 'boolean', boolean: false }`. */
function consentLabelsOf(entry: Record<string, unknown>): string[] {
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
function consentValueOf(entry: Record<string, unknown>): unknown {
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
