import type { FieldPaths, Contact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import {
	findContact,
	isContactPage,
	mappedContacts,
} from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

/** What is sent of an item, with its paths, without what is only reported. */
export function fieldsOf(json: Record<string, unknown>): Record<string, unknown> {
	const { email, phone, country, paths } = findContact(json);
	const fields = Object.entries({ email, phone, country, paths });
	return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** Reads the one contact of an item at the given paths. */
export function readerAt(paths: FieldPaths): (json: Record<string, unknown>) => Contact {
	const read = mappedContacts(paths);
	return (json) => {
		const found = read(json);
		return isContactPage(found) ? found.readEntry(found.entries[0]) : found;
	};
}
