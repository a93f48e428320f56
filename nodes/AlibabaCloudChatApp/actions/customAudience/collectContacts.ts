import type { IExecuteFunctions } from 'n8n-workflow';
import {
	cleanContact,
	type Cleaned,
	type CleaningOptions,
	type RawContact,
} from '../../contacts/contact';
import { createDuplicateFilter } from '../../contacts/duplicates';
import { contactReader, findContact, type FieldPaths } from '../../contacts/mapping';
import type { Contacts } from '../../submission/account';
import { readMappingMode } from './readOptions';
import { pathOfExpression, rawParameter } from '../itemValue';
import { forEachIndex, type Pause } from '../pause';

const FIELDS = { email: 'emailField', phone: 'phoneField', country: 'countryField' } as const;

/** Takes a contact out of an input item; throws what an expression in its fields throws. */
export type ReadRawContact = (itemIndex: number) => RawContact;

/**
 * Reads a contact out of an input item, as 'Mapping Mode' says.
 * A field holds a data path; an expression that only names a field counts as that path, and any other is taken as the
 * value itself, evaluated for each item.
 */
export function rawContactReader(context: IExecuteFunctions): ReadRawContact {
	let read: ReadRawContact | undefined;
	// Made with the first contact, so that an expression in 'Mapping Mode' is an unreadable field like any other.
	return (itemIndex) => (read ??= makeReader(context))(itemIndex);
}

function makeReader(context: IExecuteFunctions): ReadRawContact {
	const items = context.getInputData();
	const json = (itemIndex: number) => items[itemIndex]?.json ?? {};
	if (readMappingMode(context) === 'autoMapInputData') {
		return (itemIndex) => findContact(json(itemIndex));
	}
	const paths: FieldPaths = {};
	const expressions: Array<[keyof typeof FIELDS, string]> = [];
	for (const [field, parameter] of Object.entries(FIELDS) as Array<[keyof typeof FIELDS, string]>) {
		const raw = rawParameter(context, parameter);
		if (typeof raw !== 'string') continue;
		const path = raw.startsWith('=') ? pathOfExpression(raw) : raw;
		if (path === undefined) expressions.push([field, parameter]);
		else paths[field] = path;
	}
	const readPaths = contactReader(paths);
	return (itemIndex) => {
		const contact = readPaths(json(itemIndex));
		for (const [field, parameter] of expressions) {
			contact[field] = context.getNodeParameter(parameter, itemIndex, '');
		}
		return contact;
	};
}

/** The same reader, for which a contact whose fields can't be read has none; its item goes to `unreadable`. */
export function emptyIfUnreadable(read: ReadRawContact, unreadable: number[]): ReadRawContact {
	return (itemIndex) => {
		try {
			return read(itemIndex);
		} catch {
			// Told as a warning and by the contact's fate; the message may quote the contact.
			unreadable.push(itemIndex);
			return {};
		}
	};
}

/** A sentence on contacts whose fields could not be read. */
export function notReadable(items: number[]): string {
	const which =
		items.length === 1 ? `item ${items[0]}` : `${items.length} items, first ${items[0]}`;
	return `An expression in the fields of 'Map Each Field' can't be evaluated for ${which}. Check it in the node`;
}

/**
 * Cleans the contacts of one submission and sorts them; each of `items` ends up in exactly one place.
 * @param items input items, in input order
 */
export async function collectContacts(
	items: number[],
	read: ReadRawContact,
	options: CleaningOptions & { removeDuplicates: boolean; pause: Pause },
): Promise<Contacts> {
	const contacts: Contacts = {
		users: [],
		items: [],
		refused: [],
		duplicates: [],
		leftOut: new Map(),
	};
	const addsNothing = options.removeDuplicates ? createDuplicateFilter() : () => false;
	// All are cleaned before they are sorted: taking turns costs a quarter more.
	const cleanedOf = new Array<Cleaned>(items.length);
	await forEachIndex(items.length, options.pause, (index) => {
		cleanedOf[index] = cleanContact(read(items[index] as number), options);
	});
	await forEachIndex(items.length, options.pause, (index) => {
		const item = items[index] as number;
		const cleaned = cleanedOf[index] as Cleaned;
		if ('reason' in cleaned) {
			contacts.refused.push({ item, reason: cleaned.reason });
		} else if (addsNothing(cleaned.user)) {
			contacts.duplicates.push(item);
		} else {
			contacts.users.push(cleaned.user);
			contacts.items.push(item);
			if (cleaned.dropped) contacts.leftOut.set(item, cleaned.dropped);
		}
	});
	return contacts;
}
