import { readEntries } from './entries';
import type { ReasonCode } from './reasons';
import { mayBe, scalarText, type FieldKind } from './text';

/** What cleaning one field gives: the value to send, the reason it can't be sent, or neither when it is empty. */
export interface FieldResult {
	value?: string;
	reason?: ReasonCode;
	/** A phone's country code was taken from its digits alone, without any country. */
	guessed?: boolean;
}

/**
 * The best text in a field.
 * @returns undefined when nothing was filled in, null when the value is of a kind that holds no text
 */
export function fieldText(value: unknown, kind: FieldKind): string | null | undefined {
	if (typeof value !== 'object' || value === null) return scalarText(value, kind);
	return readEntries(value, kind)[0]?.text;
}

/** Whether a field holds something, be it good or bad. */
export function isFilled(value: unknown, kind: FieldKind): boolean {
	return fieldText(value, kind) !== undefined;
}

/** Whether a field holds something that could be what it is for: "yes" is neither an email nor a number. */
export function isPromising(value: unknown, kind: 'email' | 'phone'): boolean {
	return mayBe(fieldText(value, kind), kind);
}
