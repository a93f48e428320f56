/**
 * From a contact as found to what is sent: `cleanContact(contact, options)` returns a `User`, or the reason why there
 * is none. An identifier is an email or a phone; a cleaned one has the form that Meta matches.
 */

import { hash as hashOf } from 'node:crypto';
import { saysYes } from './consent';
import { resolveCountry } from './country';
import { cleanEmail, isPlainEmail } from './email';
import { cleanPhone } from './phone/clean';
import { planOfDigits } from './phone/numberingPlan';
import { type Reach, reachOf } from './reach';
import type { FieldResult, ReasonCode } from './reasons';
import { type IdentifierKind, isSha256, scalarText } from './text';
import { fieldText, mayContainSeveral, type PhoneNeighbors, readValue } from './values';

/**
 * A user as the API accepts it: one email, one phone, or both, which are called identifiers. An unknown field is absent,
 * never empty.
 */
export interface User {
	Email?: string;
	Phone?: string;
}

/** Where a contact's fields are in its item, as data paths. */
export interface FieldPaths {
	email?: string;
	phone?: string;
	country?: string;
}

/** A value in an item, and its data path. */
export interface ValueAtPath {
	value: unknown;
	path: string;
}

/** A phone, with the fields next to it. */
export interface PhoneAtPath extends ValueAtPath, PhoneNeighbors {}

/** A value that looks like an email or a phone number, under a key that doesn't say what it is. */
export interface UnusedValue {
	path: string;
	kind: IdentifierKind;
}

/** A contact's fields as found in an item, and what else the item contains. */
export interface Contact extends PhoneNeighbors {
	email?: unknown;
	phone?: unknown;
	/**
	 * The country of an IP address: used only if no other country is known, and only if the number itself confirms it.
	 */
	ipCountry?: unknown;
	/** Overrides the default country in the options, because an expression may return a different one for each item. */
	defaultCountry?: string;
	/** Whether the expression for the default country returned something other than a country or empty text. */
	hasUnknownDefaultCountry?: true;
	/** For when the first one is invalid. */
	moreEmails?: ValueAtPath[];
	morePhones?: PhoneAtPath[];
	paths?: FieldPaths;
	/** Why the contact can't be sent, if that is known before cleaning. */
	reason?: ReasonCode;
	/** The path of the field with which the contact opted out of marketing. */
	optedOutBy?: string;
	/** The value of the person's 'Consent Field'. */
	consent?: unknown;
	/** Other people in the item who may be contacts, by field. */
	otherPeople?: Array<{ field: string; count: number }>;
	/** Values under keys that don't say what they are; only for a field that wasn't found. */
	unused?: UnusedValue[];
	/** The path of an ID, if the item contains nothing else about a person. */
	onlyId?: string;
}

/** Who is found in an item. */
export interface SearchOptions {
	/** Whether to include people marked as staff; absent: they are invalid contacts. */
	includeStaff?: boolean;
}

/** How identifiers are sent: in their canonical form, or as the SHA-256 hash of that form. */
export type HashMode = 'none' | 'sha256';

/** How contacts are cleaned, and which of them are sent. */
export interface CleaningOptions {
	/** ISO 3166 alpha-2; used if neither the number nor the contact has a country; empty for none. */
	defaultCountry?: string;
	hash: HashMode;
	/** Whether contacts who opted out are left out or sent; absent: left out. */
	optedOut?: 'leaveOut' | 'send';
	/** Whether only contacts whose 'Consent Field' says yes are sent. */
	needsConsent?: boolean;
	/**
	 * `best`, the default: the best email and the best phone are sent; `all`: at most three of each; `every`: all of
	 * them, to remove or forget the person.
	 */
	addresses?: 'best' | 'all' | 'every';
	/** What to do with contacts in countries where Meta sends no marketing messages; absent: countries aren't checked. */
	unreachable?: 'send' | 'leaveOut';
}

/** A contact that can be sent. */
export interface ValidContact {
	user: User;
	/** Its other emails and phones, each as a separate user; absent if there are none, or they aren't sent. */
	more?: User[];
	/** Why one of its values isn't sent. */
	dropped?: ReasonCode;
	/** The data paths of the values that are sent, if they aren't the first ones. */
	paths?: FieldPaths;
	/** The phone's calling code, if it was read from its digits alone, without any country. */
	guessed?: string;
	/** Absent where the options don't ask for it. */
	reach?: Reach;
	/** The field with which the contact opted out, if it is sent anyway. */
	optedOutBy?: string;
}

/** Why a contact can't be sent. */
export interface InvalidContact {
	reason: ReasonCode;
	/** All users of a person who opted out or didn't consent, unhashed, to be removed from the Data Table. */
	usersToRemove?: User[];
	/** The field with which the contact opted out. */
	optedOutBy?: string;
}

/** The result of cleaning a contact. */
export type Cleaned = ValidContact | InvalidContact;

/** How a field's strings are cleaned; only phones use more than the kind. */
interface FieldCleaner {
	kind: IdentifierKind;
	defaultCountry?: string;
	/** The country of an IP address, as in {@link Contact}. */
	ipCountry?: unknown;
}

/** A field's values in the order in which they were found. */
interface FieldValues {
	value: unknown;
	more?: PhoneAtPath[];
}

/**
 * A field's first value that can be sent. `path`: its data path, if other values come before it; `reason`: why those
 * can't be sent.
 */
type FirstValid = FieldResult & { path?: string };

const MAX_TRIED = 5;
/** Three, as in Meta's own list upload. */
const MAX_ADDRESSES = { best: 1, all: 3, every: Infinity };
const NOTHING: FirstValid = {};
const DIGITS = /^\+?\d{7,15}$/;
const EMAIL_CLEANER: FieldCleaner = { kind: 'email' };

/**
 * Converts one contact into the form that Meta matches, or says why it can't be sent; never throws.
 * If both fields are filled and neither is valid, the reason is the email's. An opt-out takes precedence over
 * everything but a reason that is already known.
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function cleanContact(contact: Contact, options: CleaningOptions): Cleaned {
	if (contact.reason !== undefined) return { reason: contact.reason };
	const { optedOutBy } = contact;
	if (optedOutBy !== undefined && options.optedOut !== 'send') {
		return { reason: 'opted_out', usersToRemove: plainUsersOf(contact, options), optedOutBy };
	}
	if (options.needsConsent && !saysYes(contact.consent)) {
		// A missing field isn't an opt-out: a typo in its name would remove everyone from the Data Table.
		const usersToRemove = contact.consent === undefined ? [] : plainUsersOf(contact, options);
		return { reason: 'no_consent', usersToRemove };
	}
	const cleaned = cleanFields(contact, options);
	if ('reason' in cleaned) return cleaned;
	if (options.unreachable === 'leaveOut' && typeof cleaned.reach === 'object') {
		return { reason: 'country_not_messageable' };
	}
	if (optedOutBy !== undefined) cleaned.optedOutBy = optedOutBy;
	return cleaned;
}

function defaultCountryOf(contact: Contact, options: CleaningOptions): string | undefined {
	return contact.defaultCountry ?? options.defaultCountry;
}

/** Whether a contact may have more than one email and one phone. */
export function hasSeveralIdentifiers(contact: Contact): boolean {
	const { email, phone, moreEmails, morePhones } = contact;
	const hasMore = (moreEmails ?? morePhones) !== undefined;
	return hasMore || mayContainSeveral(email) || mayContainSeveral(phone);
}

/** Users with all of a contact's valid identifiers, unhashed unless they were given as hashes. */
export function plainUsersOf(contact: Contact, options: CleaningOptions): User[] {
	return allUsersOf(contact, { ...options, hash: 'none' });
}

/** Users with all of a contact's valid identifiers, in the form in which they are sent. */
export function allUsersOf(contact: Contact, options: CleaningOptions): User[] {
	const cleaned = cleanFields(contact, { ...options, addresses: 'every', unreachable: 'send' });
	return 'user' in cleaned ? [cleaned.user, ...(cleaned.more ?? [])] : [];
}

function cleanFields(contact: Contact, options: CleaningOptions): Cleaned {
	const { unreachable, addresses = 'best', hash } = options;
	const phoneCleaner: FieldCleaner = {
		kind: 'phone',
		defaultCountry: defaultCountryOf(contact, options),
		ipCountry: contact.ipCountry,
	};
	const emails = { value: contact.email, more: contact.moreEmails };
	const phones = { value: contact.phone, more: contact.morePhones };
	const email = firstValid(emails, contact, EMAIL_CLEANER);
	const phone = firstValid(phones, contact, phoneCleaner);
	const reason = email.reason ?? phone.reason;
	if (email.value === undefined && phone.value === undefined) {
		return { reason: reason ?? 'no_email_or_phone' };
	}
	const cleaned: ValidContact = { user: userWith(email.value, phone.value, hash) };
	if (unreachable) cleaned.reach = reachOfContact(phone.value, contact, options);
	if (reason !== undefined) cleaned.dropped = reason;
	if ((email.path ?? phone.path) !== undefined) cleaned.paths = pathsOfSent(contact, email, phone);
	if (phone.guessed) cleaned.guessed = callingCodeIn(phone.value);
	const most = MAX_ADDRESSES[addresses];
	if (most === 1) return cleaned;
	const more = separateUsers(contact, options, {
		emails: validAfterFirst(emails, contact, EMAIL_CLEANER, { first: email.value, most }),
		phones: validAfterFirst(phones, contact, phoneCleaner, { first: phone.value, most }),
	});
	return { ...cleaned, ...more };
}

function separateUsers(
	contact: Contact,
	options: CleaningOptions,
	{ emails, phones }: { emails: string[]; phones: string[] },
): Pick<ValidContact, 'more'> {
	const { hash, unreachable } = options;
	const isSent = (phone: string) =>
		unreachable !== 'leaveOut' || typeof reachOfContact(phone, contact, options) !== 'object';
	const more = [
		...emails.map((email) => userWith(email, undefined, hash)),
		...phones.filter(isSent).map((phone) => userWith(undefined, phone, hash)),
	];
	return more.length > 0 ? { more } : {};
}

function callingCodeIn(phone = ''): string | undefined {
	return planOfDigits(phone)?.callingCode;
}

function pathsOfSent({ paths }: Contact, email: FirstValid, phone: FirstValid): FieldPaths {
	return {
		...paths,
		...(email.path !== undefined && { email: email.path }),
		...(phone.path !== undefined && { phone: phone.path }),
	};
}

function userWith(email: string | undefined, phone: string | undefined, hash: HashMode): User {
	if (phone === undefined) return email === undefined ? {} : { Email: withHash(email, hash) };
	if (email === undefined) return { Phone: withHash(phone, hash) };
	return { Email: withHash(email, hash), Phone: withHash(phone, hash) };
}

/**
 * The identifier in the form in which it is sent: unchanged, or as 64 lowercase hex digits. A SHA-256 hash isn't hashed
 * again.
 * @param canonical as `cleanEmail` and `cleanPhone` return it
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function withHash(canonical: string, mode: HashMode): string {
	if (mode === 'none' || isSha256(canonical)) return canonical;
	return hashOf('sha256', canonical, 'hex');
}

/** A field's values that can be sent, without the first one; including it, at most `most`. */
function validAfterFirst(
	{ value, more = [] }: FieldValues,
	neighbors: PhoneNeighbors,
	cleaner: FieldCleaner,
	{ first, most }: { first: string | undefined; most: number },
): string[] {
	const found = new Set(first === undefined ? [] : [first]);
	const all: Array<{ value: unknown } & PhoneNeighbors> = [
		{ value, ...neighbors },
		...more.map((other) => besideFirst(other, neighbors)),
	];
	for (const own of all) {
		for (const each of readValue(own.value, cleaner.kind).slice(0, Math.max(MAX_TRIED, most))) {
			if (found.size >= most) break;
			const cleaned = cleanText(each.text, withNearest(each, own), cleaner);
			if (cleaned.value !== undefined) found.add(cleaned.value);
		}
	}
	return [...found].slice(first === undefined ? 0 : 1);
}

/** A phone after the first one, which shares only the contact's country: the codes found for a contact are its first phone's. */
function besideFirst(other: PhoneAtPath, { country }: PhoneNeighbors): PhoneAtPath {
	return { ...other, country: other.country ?? country };
}

/** The country and codes nearest to a value: its own, or else those around it. */
function withNearest(own: PhoneNeighbors, around: PhoneNeighbors): PhoneNeighbors {
	return {
		country: own.country ?? around.country,
		callingCode: own.callingCode ?? around.callingCode,
		areaCode: own.areaCode ?? around.areaCode,
	};
}

// The country of a hashed number is unknown.
function reachOfContact(
	phone: string | undefined,
	contact: Contact,
	options: CleaningOptions,
): Reach {
	if (phone !== undefined) return isSha256(phone) ? 'unknown' : reachOf(phone, undefined);
	const country = countryText(contact.country);
	const known = country ? resolveCountry(country) : defaultCountryOf(contact, options);
	return reachOf(undefined, known);
}

function firstValid(
	{ value, more }: FieldValues,
	neighbors: PhoneNeighbors,
	cleaner: FieldCleaner,
): FirstValid {
	const first = cleanValue(value, neighbors, cleaner);
	if (first.value !== undefined || more === undefined) return first;
	let { reason } = first;
	for (const other of more.slice(0, MAX_TRIED)) {
		const next = cleanValue(other.value, besideFirst(other, neighbors), cleaner);
		if (next.value !== undefined) {
			return { ...next, reason: reason ?? next.reason, path: other.path };
		}
		reason ??= next.reason;
	}
	return { reason };
}

function cleanValue(value: unknown, neighbors: PhoneNeighbors, cleaner: FieldCleaner): FieldResult {
	if (value === undefined || value === null) return NOTHING;
	if (typeof value === 'string') {
		// Most values are neither a list nor a placeholder, so the slower checks for those are skipped.
		if (cleaner.kind === 'phone') {
			if (DIGITS.test(value)) return cleanText(value, neighbors, cleaner);
		} else if (isPlainEmail(value)) return { value };
	}
	if (mayContainSeveral(value)) return cleanSeveral(value, neighbors, cleaner);
	const text = scalarText(value, cleaner.kind);
	return text === undefined ? NOTHING : cleanText(text, neighbors, cleaner);
}

/** The first text in a list or an object that can be sent. */
function cleanSeveral(
	value: unknown,
	neighbors: PhoneNeighbors,
	cleaner: FieldCleaner,
): FieldResult {
	let reason: FieldResult['reason'];
	for (const each of readValue(value, cleaner.kind).slice(0, MAX_TRIED)) {
		const cleaned = cleanText(each.text, withNearest(each, neighbors), cleaner);
		if (cleaned.value !== undefined) {
			return reason === undefined ? cleaned : { ...cleaned, reason };
		}
		reason ??= cleaned.reason;
	}
	return reason === undefined ? NOTHING : { reason };
}

function cleanText(
	text: string | null,
	{ country, callingCode, areaCode }: PhoneNeighbors,
	{ kind, defaultCountry, ipCountry }: FieldCleaner,
): FieldResult {
	if (kind === 'email') return text === null ? { reason: 'email_invalid' } : cleanEmail(text);
	if (text === null) return { reason: 'phone_not_possible' };
	return cleanPhone(text, {
		country: countryText(country),
		callingCode: codeText(callingCode),
		areaCode: codeText(areaCode),
		defaultCountry,
		ipCountry: countryText(ipCountry),
	});
}

function countryText(value: unknown): string | null | undefined {
	return value === undefined ? undefined : fieldText(value, 'country');
}

function codeText(value: unknown): string | undefined {
	return countryText(value) ?? undefined;
}

/**
 * A filter for duplicates in one upload: it returns true for a user whose identifiers are all known, and otherwise
 * remembers the new ones.
 * @param known identifiers that are known from the start
 */
export function createDuplicateFilter(
	known?: Record<'emails' | 'phones', Set<string>>,
): (user: User) => boolean {
	const { emails, phones } = known ?? { emails: new Set<string>(), phones: new Set<string>() };
	return ({ Email, Phone }) => {
		const before = emails.size + phones.size;
		if (Email !== undefined) emails.add(Email);
		if (Phone !== undefined) phones.add(Phone);
		return emails.size + phones.size === before;
	};
}
