import isEmail from 'validator/lib/isEmail';
import { isMd5, isSha256 } from './hash';
import { halfWidth } from './characters';
import type { FieldResult } from './value';

const MAX_OCTETS = 254;
// Letters, digits and the commonest characters: a part of what the validator takes, without its 15 steps.
const PLAIN_LOCAL_AND_DOMAIN =
	/^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
// The longest local part: then the whole is within every limit of its parts.
const MAX_PLAIN = 64;
const PLACEHOLDER_LOCAL = /^(?:no-?reply|do-?not-?reply)(?:[+._-][^@]*)?@/;
const PLACEHOLDER_DOMAIN =
	/@(?:[cg]\.us|s\.whatsapp\.net|(?:newsletter|broadcast)\.whatsapp\.net)$/;
// A name before the address: words with a capital. Others may be a part of the address that a blank cut off.
const AFTER_NAME = /^(?:\p{Lu}[\p{L}\p{M}'.-]*,?\s+){1,4}([^\s@<>]+@[^\s@<>]+)$/u;
const FULL_STOP = /(?<=@\S+[^\s.]{2}\.[a-z]{2,})\.+$/;
const HALF_CHARACTER = /\p{Surrogate}/u;
const NAMED = /^([^<>]*)<([^<>]*)>$/;
// Room for a long name before the address; the patterns below take more than linear time.
const MAX_LENGTH = 1000;
const RULES = { allow_utf8_local_part: true, require_tld: true } as const;

/**
 * The address as Meta matches it: trimmed and lower-case, dots and tags kept; `Name <address>` and `mailto:` are read.
 * @param text a field's text, not empty
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 for the length of 254 octets
 */
export function cleanEmail(text: string): FieldResult {
	if (isSha256(text)) return { value: text.toLowerCase() };
	if (isMd5(text)) return { reason: 'hash_md5' };
	if (isPlainAddress(text)) return { value: text };
	const lower = text.toLowerCase();
	if (isPlainAddress(lower)) return { value: lower };
	return byTheRules(text);
}

/** The rules in full; {@link cleanEmail} spares plain addresses them and gives the same. */
export function byTheRules(text: string): FieldResult {
	// Half of a character, as cut texts have it, is in no address, and the validator throws at it.
	if (text.length > MAX_LENGTH || HALF_CHARACTER.test(text)) return { reason: 'email_invalid' };
	const named = AFTER_NAME.exec(halfWidth(text).trim())?.[1];
	const written = foldForms(named ?? text);
	const bracketed = NAMED.exec(written);
	const address = bareAddress(bracketed?.[2] ?? written);
	if (isAddress(address)) {
		// An address in place of the name: which of the two is the contact's isn't known.
		const other = bareAddress(bracketed?.[1] ?? '');
		return isAddress(other) && other !== address
			? { reason: 'email_ambiguous' }
			: { value: address };
	}
	return addressAmong(written);
}

/** Whether the text is an address of letters, digits and the commonest characters, as most are. */
export function isPlainAddress(text: string): boolean {
	return text.length <= MAX_PLAIN && PLAIN_LOCAL_AND_DOMAIN.test(text) && !isPlaceholder(text);
}

// WhatsApp's IDs of people and groups look like addresses, and nobody reads what goes to "noreply".
function isPlaceholder(address: string): boolean {
	if (PLACEHOLDER_LOCAL.test(address)) return true;
	return (address.endsWith('.us') || address.endsWith('.net')) && PLACEHOLDER_DOMAIN.test(address);
}

// Composed and half-width, as mail systems store it: other forms look the same and match nobody.
function foldForms(text: string): string {
	return halfWidth(text).toLowerCase().normalize('NFC');
}

function bareAddress(text: string): string {
	let address = text.trim();
	if (address.startsWith('mailto:')) address = decoded(address.slice(7).replace(/\?.*$/s, ''));
	address = address.replace(/^[\s,;]+|[\s,;]+$/g, '');
	const quoted = /^(["'])([^"']+)\1$/.exec(address);
	return (quoted?.[2] ?? address).trim().replace(FULL_STOP, '');
}

function decoded(text: string): string {
	try {
		return foldForms(decodeURIComponent(text));
	} catch {
		// A stray percent sign: the text isn't an encoded one.
		return text;
	}
}

function isAddress(address: string): boolean {
	return isPlainAddress(address) || isValidAddress(address);
}

/** Whether the validator takes the text for an address. */
export function isValidAddress(address: string): boolean {
	// The validator takes its time for names and other words.
	return (
		address.includes('@') &&
		isEmail(address, RULES) &&
		Buffer.byteLength(address) <= MAX_OCTETS &&
		!isPlaceholder(address)
	);
}

// One address written twice is one; a piece that only looks like an address may be another.
function addressAmong(text: string): FieldResult {
	const pieces = text.split(/[\s,;|/<>]+/).map(bareAddress);
	const addresses = pieces.filter(isAddress);
	const [address] = addresses;
	if (addresses.length < 2) return { reason: 'email_invalid' };
	const others = pieces.filter((piece) => piece.includes('@') && piece !== address);
	return others.length > 0 ? { reason: 'email_ambiguous' } : { value: address };
}
