import type { RawContact } from '../contacts/contact';
import type { ContactSource } from './source';

/** Few enough to be cleaned within some milliseconds. */
const CHUNK = 200;

/** Input items as a source of contacts. */
export interface ItemSource extends ContactSource {
	/** The items whose contact can't be read, and so has no fields. */
	readonly unreadable: number[];
}

/**
 * Contacts out of some of the input's items.
 * @param items in input order
 * @param read takes an item's contact; may throw
 * @param keepGoing whether an item that can't be read costs its own contact alone
 */
export function itemSource(
	items: number[],
	read: (item: number) => RawContact,
	keepGoing: boolean,
): ItemSource {
	const unreadable: number[] = [];
	const readOrNothing = (item: number): RawContact => {
		try {
			return read(item);
		} catch {
			// The warning and the contact's fate tell it; the message may quote the contact.
			unreadable.push(item);
			return {};
		}
	};
	return { unreadable, open: () => chunksOf(items, keepGoing ? readOrNothing : read) };
}

async function* chunksOf(items: number[], read: (item: number) => RawContact) {
	for (let start = 0; start < items.length; start += CHUNK) {
		yield items.slice(start, start + CHUNK).map(read);
	}
}
