/**
 * Emails as people and systems write them: `cleanEmail(text)` returns the address that is sent, or why there is none.
 */

import isEmail from 'validator/lib/isEmail';
import type { FieldResult } from './reasons';
import { halfWidth, isMd5, isSha256 } from './text';

// Enough for a long name before the address. There is a limit because the patterns below take more than linear time.
const LONGEST_TEXT = 1000;
const MAX_OCTETS = 254;
// The validator's `allow_display_name` accepts a name before the address, but doesn't return the address.
const VALIDATOR_OPTIONS = { allow_utf8_local_part: true, require_tld: true } as const;
// Letters, digits, and the most common characters: a subset of what the validator accepts in 15 steps.
const PLAIN_EMAIL =
	/^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
// The limit for a local part: in a string this short, every part is within its limit.
const LONGEST_PLAIN = 64;

const PLACEHOLDER = new RegExp(
	[
		// Nobody reads these mailboxes.
		/^(?:(?:no|do-?not|donot)[._-]?reply|no[._-]?e?mail|mailer-daemon|nobody|undisclosed)(?:[+._-][^@]*)?@/,
		/^(test|none|na|null|email|noemail|fake|dummy|asdf)@\1\.[a-z]+$/,
		/^test@(?:meta|facebook|fb)\.com$/,
		// Reserved for addresses that don't exist.
		/\.(?:invalid|test|localhost)$/,
		// WhatsApp's IDs of people and groups look like addresses.
		/@(?:[cg]\.us|s\.whatsapp\.net|(?:newsletter|broadcast)\.whatsapp\.net)$/,
	]
		.map(({ source }) => source)
		.join('|'),
);

const LONE_SURROGATE = /\p{Surrogate}/u;
const DOTTED_I = /i\u0307/g;
const NAMED = /^([^<>]*)<([^<>]*)>$/;
// A name before the address: capitalized words. Other words may be a part of the address, cut off by a space.
const AFTER_NAME = /^(?:\p{Lu}[\p{L}\p{M}'.-]*,?\s+){1,4}([^\s@<>]+@[^\s@<>]+)$/u;
const PERIODS_AT_END = /(?<=@\S+[^\s.]{2}\.[a-z]{2,})\.+$/;
const MAILTO = /^(?:mailto:\s*)+/;
const QUERY = /\?.*$/s;
const SEPARATORS_AROUND = /^[\s,;]+|[\s,;]+$/g;
// Typographic and single quotes, and a spreadsheet's leading apostrophe.
const QUOTES_AROUND = /^[‘’‚‛“”„‟«»‹›`´']+|[‘’‚‛“”„‟«»‹›`´']+$/g;
const TYPOGRAPHIC_QUOTE = /[‘’‚‛“”„‟«»‹›´]/;
const DOUBLE_QUOTED = /^"([^"]+)"$/;

/**
 * The address as Meta matches it: trimmed and in lowercase, with dots and tags kept. `Name <address>` and `mailto:`
 * links are accepted.
 * @param text a field's text, not empty
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 for the length of 254 octets
 */
export function cleanEmail(text: string): FieldResult {
	if (isSha256(text)) return { value: text.toLowerCase() };
	if (isMd5(text)) return { reason: 'hash_md5' };
	if (isPlainEmail(text)) return { value: text };
	const lower = text.toLowerCase();
	return isPlainEmail(lower) ? { value: lower } : byTheRules(text);
}

function byTheRules(text: string): FieldResult {
	// No address contains a lone surrogate, as in text that was cut off, and the validator throws.
	if (text.length > LONGEST_TEXT || LONE_SURROGATE.test(text)) return { reason: 'email_invalid' };
	const named = AFTER_NAME.exec(halfWidth(text).trim())?.[1];
	const written = foldForms(named ?? text).trim();
	const bracketed = NAMED.exec(written);
	const address = bareEmail(bracketed?.[2] ?? written);
	if (isValidEmail(address)) {
		// If the name is an address too, it's unclear which of the two is the contact's.
		const other = bareEmail(bracketed?.[1] ?? '');
		return isValidEmail(other) && other !== address
			? { reason: 'email_ambiguous' }
			: { value: address };
	}
	return addressAmong(written);
}

/** Whether a string is an address as Meta matches it, with only common characters: much faster than the validator. */
export function isPlainEmail(text: string): boolean {
	return text.length <= LONGEST_PLAIN && PLAIN_EMAIL.test(text) && !isPlaceholderEmail(text);
}

function isValidEmail(address: string): boolean {
	if (isPlainEmail(address)) return true;
	return (
		address.includes('@') &&
		!TYPOGRAPHIC_QUOTE.test(address) &&
		isEmail(address, VALIDATOR_OPTIONS) &&
		Buffer.byteLength(address) <= MAX_OCTETS &&
		!isPlaceholderEmail(address)
	);
}

function isPlaceholderEmail(address: string): boolean {
	return PLACEHOLDER.test(address);
}

// Composed and half-width, as mail systems store addresses: other forms look the same but match no one. In lowercase,
// the Turkish İ becomes an i and a combining dot.
function foldForms(text: string): string {
	return halfWidth(text).toLowerCase().replace(DOTTED_I, 'i').normalize('NFC');
}

function bareEmail(text: string): string {
	let address = withoutQuotes(text);
	if (MAILTO.test(address)) address = urlDecoded(address.replace(MAILTO, '').replace(QUERY, ''));
	return withoutQuotes(address).replace(PERIODS_AT_END, '');
}

function withoutQuotes(text: string): string {
	const bare = text.trim().replace(SEPARATORS_AROUND, '').replace(QUOTES_AROUND, '');
	return (DOUBLE_QUOTED.exec(bare)?.[1] ?? bare).trim();
}

function urlDecoded(text: string): string {
	try {
		return foldForms(decodeURIComponent(text));
	} catch {
		// A stray percent sign: the text isn't URL-encoded.
		return text;
	}
}

// The same address written twice counts as one; a piece with an @ that isn't valid may be a different address.
function addressAmong(text: string): FieldResult {
	const pieces = text.split(/[\s,;|/<>]+/).map(bareEmail);
	const addresses = pieces.filter(isValidEmail);
	const [address] = addresses;
	if (addresses.length < 2) return { reason: 'email_invalid' };
	const others = pieces.filter((piece) => piece.includes('@') && piece !== address);
	return others.length > 0 ? { reason: 'email_ambiguous' } : { value: address };
}
