import { quotes, type Sent } from './quotes';
import { redact, withoutCalculation } from './redact';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ID = /^(?=.*\d)[\w-]{6,64}$/;
const CODE = /^[\w.:-]{1,100}$/;
const HIDDEN = '[hidden]';
/** Shorter ones are no phone numbers, and most request IDs hold some. */
const SHORTEST_NUMBER = 8;
const LONG_DIGITS = new RegExp(`\\d{${SHORTEST_NUMBER}}`);

/** What a service says, as far as it may be shown; empty when it says nothing. */
export function shownMessage(value: unknown, sent: Sent): string {
	if (typeof value !== 'string') return '';
	if (quotes(withoutCalculation(value), sent)) {
		return 'The call was refused with a message that repeats what was sent, so it is not shown';
	}
	return redact(value, sent.secrets);
}

/** What a service says, as a clause that a sentence of ours can hold. */
export function withoutFullStop(message: string): string {
	return message.replace(/\.$/, '');
}

/** A request ID when it looks like one and repeats nothing that was sent; empty when it is no text. */
export function shownRequestId(value: unknown, sent: Sent): string {
	if (typeof value !== 'string' || value === '') return '';
	return isHarmlessId(value, sent) ? value : HIDDEN;
}

function isHarmlessId(value: string, sent: Sent): boolean {
	if (!UUID.test(value)) return ID.test(value) && redact(value) === value && !quotes(value, sent);
	const digits = value.replaceAll('-', '');
	const bytes = Buffer.from(digits, 'hex');
	if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return false;
	// Ten thousand contacts are looked up only in an ID that could hold a number.
	if (!LONG_DIGITS.test(digits)) return !sent.secrets.includes(value);
	for (const one of sent.personal?.() ?? []) {
		if (one.length >= SHORTEST_NUMBER && digits.includes(one)) return false;
	}
	return !sent.secrets.includes(value);
}

/** The code of an answer as the rules read it; empty for what is none. */
export function codeOf(value: unknown): string {
	if (typeof value !== 'string' && typeof value !== 'number') return '';
	const code = String(value);
	return CODE.test(code) ? code : '';
}

/** A code that may be shown, when it repeats nothing that was sent. */
export function shownCode(code: string, sent: Sent): string {
	if (!CODE.test(code) || redact(code, sent.secrets) !== code) return HIDDEN;
	return quotes(code, sent) ? HIDDEN : code;
}
