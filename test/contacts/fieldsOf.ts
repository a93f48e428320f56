import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

/** What is sent of an item, with its paths, without what is only reported. */
export function fieldsOf(json: Record<string, unknown>): Record<string, unknown> {
	const { email, phone, country, at } = findContact(json);
	const fields = Object.entries({ email, phone, country, at });
	return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
