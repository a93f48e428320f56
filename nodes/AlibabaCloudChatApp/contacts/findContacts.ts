/**
 * Start here: `findContacts(json)` ('Map Automatically') and `mappedContacts(paths)` ('Map Each Field Below') return an
 * item's contact, or its page of contacts. Plain rows take a shortcut here; searchContact.ts searches everything else.
 * `cleanContact` in contact.ts decides later what is sent.
 */

import get from 'lodash/get';
import toPath from 'lodash/toPath';
import { optOutInFields } from './consent';
import type { FieldPaths, Contact, SearchOptions } from './contact';
import { type Layout, layoutOf } from './layout';
import { unusedInRow } from './leftovers';
import { hasCustomers, isCompanyItem, isStaff, markedParty } from './marks';
import { type ContactList, pageIn } from './page';
import { pathTo } from './people';
import { optOutInItem, searchContact } from './searchContact';
import {
	isObject,
	isObjectOrList,
	type Json,
	looksLikeJson,
	isOneEmail,
	isInternationalNumber,
} from './text';
import { isCountryId, isFilled } from './values';

/** A page of contacts in one item, read one entry at a time, since it may be long. */
export interface ContactPage extends ContactList {
	readEntry(entry: unknown): Contact;
}

/** The contacts in an item: one, or a page of them. */
export type FoundContacts = Contact | ContactPage;

type ReadContact = (json: Json) => Contact;

// Bits: which fields of a row are filled.
const HAS_EMAIL = 1;
const HAS_PHONE = 2;
const HAS_COUNTRY = 4;

/** 'Map Automatically': the contact that an item is about, or the contacts in it if it is a page of them. */
export function findContacts(json: Json, options?: SearchOptions): FoundContacts {
	return contactOrPage(json, (entry) => findContact(entry, options), options);
}

function contactOrPage(json: Json, readEntry: ReadContact, options?: SearchOptions): FoundContacts {
	const contact = contactInRow(json, layoutOf(json));
	if (contact) return contact;
	const page = pageIn(json);
	return page ? contactPage(json, page, { readEntry, options }) : findContact(json, options);
}

/**
 * The contact that an item, an entry of a page, or a row is about. Plain rows take a shortcut, with the same result as
 * {@link searchContact}.
 */
export function findContact(json: Json, options?: SearchOptions): Contact {
	return contactInRow(json, layoutOf(json)) ?? searchContact(json, options);
}

/** Whether an item is a page of contacts. */
export function isContactPage(found: FoundContacts): found is ContactPage {
	return 'readEntry' in found;
}

/**
 * 'Map Each Field Below': reads the contact of an item, or of each entry of a page, at the given paths. In a page, a path
 * leads into the first entry, as n8n inserts it (`results[0].email`), or begins at the entry.
 */
export function mappedContacts(
	paths: FieldPaths,
	options?: SearchOptions,
): (json: Json) => FoundContacts {
	const read = contactReader(paths);
	const list = pathOfListIn(paths);
	const readEntry = contactReader(list === undefined ? paths : withinList(paths, list));
	return (json) => {
		const page = list === undefined ? undefined : pageIn(json, list);
		if (page && page.path === list) return contactPage(json, page, { readEntry, options });
		const contact = read(json);
		if (contact.email !== undefined || contact.phone !== undefined) return contact;
		const found = contactOrPage(json, read, options);
		if (isContactPage(found)) return found;
		return found.onlyId === undefined ? contact : { ...contact, onlyId: found.onlyId };
	};
}

function contactPage(
	json: Json,
	{ path, entries }: ContactList,
	{ readEntry, options }: { readEntry: ReadContact; options?: SearchOptions },
): ContactPage {
	const amongCustomers = hasCustomers(entries);
	const optedOutBy = optOutAroundPage(json, path);
	return {
		path,
		entries,
		readEntry(entry) {
			if (!isObject(entry)) return {};
			const isOther = markedParty(entry, { inList: true, amongCustomers }) === 'other';
			if (isOther && !options?.includeStaff) return { reason: 'staff' };
			return optedOutBy === undefined ? readEntry(entry) : { optedOutBy, ...readEntry(entry) };
		},
	};
}

// { event: 'unsubscribe', contacts: [{ email }, { email }] }
function optOutAroundPage(json: Json, path: string): string | undefined {
	let enclosing: unknown = json;
	for (const step of toPath(path)) {
		if (!isObject(enclosing)) return undefined;
		const consent = layoutOf(enclosing).consent.filter(({ key }) => key !== step);
		const field = optOutInFields({ json: enclosing, consent });
		if (field !== undefined) return field;
		enclosing = enclosing[step];
	}
	return undefined;
}

/**
 * A path relative to an entry of a page's list: "email" for "results[0].email" and for '["results"][0].email'.
 * @returns undefined if it doesn't lead into the list
 */
export function pathInEntry(path: string, list: string): string | undefined {
	const steps = toPath(path.trim());
	const listSteps = toPath(list);
	if (!leadsInto(steps, listSteps) || !INDEX.test(steps[listSteps.length] ?? '')) return undefined;
	return steps.slice(listSteps.length + 1).join('.');
}

/** Whether the steps of a data path lead to a list, or into it. */
export function leadsInto(steps: readonly string[], list: readonly string[]): boolean {
	return list.every((step, at) => step === steps[at]);
}

const INDEX = /^\d+$/;

// "results" of "results[0].email".
function pathOfListIn(paths: FieldPaths): string | undefined {
	for (const path of Object.values(paths) as Array<string | undefined>) {
		const steps = toPath(path?.trim());
		const index = steps.findIndex((step) => INDEX.test(step));
		if (index >= 0 && index < steps.length - 1) return steps.slice(0, index).join('.');
	}
	return undefined;
}

function withinList(paths: FieldPaths, list: string): FieldPaths {
	const entries = Object.entries(paths).map(
		([field, path]: [string, string | undefined]) =>
			[field, path && (pathInEntry(path, list) ?? path)] as const,
	);
	return Object.fromEntries(entries);
}

/** Reads the fields at the given paths. A path is parsed once, not for each item. */
function contactReader(paths: FieldPaths): ReadContact {
	const email = valueReader(paths.email);
	const phone = valueReader(paths.phone);
	const country = valueReader(paths.country);
	const filled = filledIn(paths);
	const pathsIntoLists = [filled.email, filled.phone].flatMap((path) =>
		path?.includes('[') ? [toPath(path)] : [],
	);
	return (json) => {
		const contact: Contact = {
			email: email(json),
			phone: phone(json),
			country: country(json),
			paths: filled,
		};
		const optedOutBy = optOutInItem(json) ?? optOutInEntry(json, pathsIntoLists);
		if (optedOutBy !== undefined) contact.optedOutBy = optedOutBy;
		return contact;
	};
}

// A path into a list chooses one of its people, who may have opted out: `attendees[0].email`.
function optOutInEntry(json: Json, paths: string[][]): string | undefined {
	for (const steps of paths) {
		const pathOfEntry = steps.slice(0, -1);
		const entry: unknown = get(json, pathOfEntry);
		if (!isObject(entry)) continue;
		const written = pathOfEntry.reduce(
			(path, step) => (INDEX.test(step) ? `${path}[${step}]` : pathTo(path, step)),
			'',
		);
		const field = optOutInFields({ json: entry, pathOf: (key) => pathTo(written, key) });
		if (field !== undefined) return field;
	}
	return undefined;
}

// Trimmed, without the empty ones.
function filledIn(paths: FieldPaths): FieldPaths {
	const entries = Object.entries(paths).map(([field, path]) => [field, path?.trim()] as const);
	return Object.fromEntries(entries.filter(([, path]) => path));
}

/** Reads the value at a data path; undefined where there is none. */
export function valueReader(path: string | undefined): (json: Json) => unknown {
	const written = path?.trim();
	if (!written) return () => undefined;
	const keys = toPath(written);
	// A path that leads nowhere may be a key that contains a dot, as spreadsheet headers do.
	return (json) => get(json, keys, Object.hasOwn(json, written) ? json[written] : undefined);
}

/**
 * The contact in a plain row of a list: what the full search finds there, in less time.
 * @returns undefined if the item isn't such a row
 */
function contactInRow(json: Json, layout: Layout): Contact | undefined {
	if (!layout.isRow || isMoreThanRow(json, layout)) return undefined;
	const email = valueInRow(json, layout, 'email');
	const phone = valueInRow(json, layout, 'phone');
	if (Array.isArray(email) || Array.isArray(phone)) return undefined;
	const isPart = email === undefined || phone === undefined;
	if (isPart && (email === phone || hasIdentifierOfPerson(json, layout))) return undefined;
	const country = valueInRow(json, layout, 'country');
	const paths = pathsIn(layout, { email, phone, country });
	const contact: Contact = { email, phone, country, paths };
	const { consent } = layout;
	const optedOutBy = consent.length > 0 ? optOutInFields({ json, consent, keys: [] }) : undefined;
	if (optedOutBy !== undefined) contact.optedOutBy = optedOutBy;
	if (isPart) addUnused(contact, json);
	return contact;
}

function addUnused(contact: Contact, json: Json): void {
	const wanted = { email: contact.email === undefined, phone: contact.phone === undefined };
	const unused = unusedInRow(json, wanted);
	if (unused.length > 0) contact.unused = unused;
}

// { buyer: 'mary@example.com' }, { email, contact: '+919876543210' }
function hasIdentifierOfPerson(json: Json, { objects }: Layout): boolean {
	return objects.some(
		({ key, role }) =>
			role.party === 'contact' && (isOneEmail(json[key]) || isInternationalNumber(json[key])),
	);
}

/**
 * Whether an item with a row's keys contains objects or JSON that may be about the contact, or is staff or a company.
 */
function isMoreThanRow(json: Json, { marks, objects, consent, ofOthers }: Layout): boolean {
	if (marks.length > 0 && (isStaff(json, marks) || isCompanyItem(json, marks))) return true;
	for (const { key } of objects) {
		const value = json[key];
		if (isObjectOrList(value) || (typeof value === 'string' && looksLikeJson(value))) return true;
	}
	for (const { key } of consent) if (isObjectOrList(json[key])) return true;
	for (const { key } of ofOthers) if (isObjectOrList(json[key])) return true;
	return false;
}

function valueInRow(json: Json, layout: Layout, field: 'email' | 'phone' | 'country'): unknown {
	const candidate = layout.fields[field][0];
	if (candidate === undefined) return undefined;
	const value = json[candidate.key];
	if (field === 'country' && isCountryId(candidate.key, value)) return undefined;
	return isFilled(value, field) ? value : undefined;
}

// One object for all rows with the same fields: millions of them cost the garbage collector more than the search.
function pathsIn(layout: Layout, { email, phone, country }: Contact): FieldPaths {
	const filled =
		(email === undefined ? 0 : HAS_EMAIL) |
		(phone === undefined ? 0 : HAS_PHONE) |
		(phone === undefined || country === undefined ? 0 : HAS_COUNTRY);
	return (layout.pathsByFilled[filled] ??= pathsOfRow(layout, filled));
}

function pathsOfRow({ fields: { email, phone, country } }: Layout, filled: number): FieldPaths {
	return {
		...(filled & HAS_EMAIL && { email: email[0]?.key }),
		...(filled & HAS_PHONE && { phone: phone[0]?.key }),
		...(filled & HAS_COUNTRY && { country: country[0]?.key }),
	};
}
