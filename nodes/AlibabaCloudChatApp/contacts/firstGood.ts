import { readEntries } from './entries';
import { scalarText, type FieldKind } from './text';
import type { FieldResult } from './value';

/** A further value of a field, for when the first is refused. */
export interface OtherValue {
	value: unknown;
	/** Its data path. */
	at: string;
	/** For a phone: the country that belongs to it. */
	country?: unknown;
}

/** How a kind of field is cleaned. */
export interface Cleaner {
	kind: FieldKind;
	clean(text: string, country?: unknown): FieldResult;
}

/** A field's value that can be sent; `reason`: why one before it can't; `at`: where it stands, if it isn't the first. */
export type FirstGood = FieldResult & { at?: string };

const NOTHING: FirstGood = {};
const MAX_TRIED = 5;
const REFUSED = { email: 'email_invalid', phone: 'phone_not_possible' } as const;

/** The first of a field's values that can be sent, in the order in which they were found. */
export function firstGood(
	value: unknown,
	others: OtherValue[] | undefined,
	cleaner: Cleaner,
): FirstGood {
	const first = readOne(value, undefined, cleaner);
	if (first.value !== undefined || others === undefined) return first;
	let { reason } = first;
	for (const other of others.slice(0, MAX_TRIED)) {
		const next = readOne(other.value, other.country, cleaner);
		if (next.value !== undefined) return { ...next, reason: reason ?? next.reason, at: other.at };
		reason ??= next.reason;
	}
	return { reason };
}

function readOne(value: unknown, country: unknown, cleaner: Cleaner): FirstGood {
	if (typeof value === 'object' && value !== null) return readList(value, country, cleaner);
	const text = scalarText(value, cleaner.kind);
	return text === undefined ? NOTHING : cleanText(text, country, cleaner);
}

function readList(value: object, country: unknown, cleaner: Cleaner): FirstGood {
	let reason: FieldResult['reason'];
	for (const each of readEntries(value, cleaner.kind).slice(0, MAX_TRIED)) {
		const read = cleanText(each.text, each.country ?? country, cleaner);
		if (read.value !== undefined) return reason === undefined ? read : { ...read, reason };
		reason ??= read.reason;
	}
	return reason === undefined ? NOTHING : { reason };
}

function cleanText(text: string | null, country: unknown, cleaner: Cleaner): FieldResult {
	if (text === null) return { reason: REFUSED[cleaner.kind === 'email' ? 'email' : 'phone'] };
	return cleaner.clean(text, country);
}
