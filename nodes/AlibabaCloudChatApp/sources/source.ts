import type { RawContact } from '../contacts/contact';

/** A contact's place in its source, from 0. */
export type Ref = number;

/** The places of some contacts. */
export type Refs = Pick<readonly Ref[], 'length' | 'at'>;

/** Where contacts come from: input items, a file's rows, or the Data Table. */
export interface ContactSource {
	/**
	 * All contacts, in order, in chunks small enough to be cleaned without blocking n8n. A chunk may be empty: then the
	 * source has worked long enough for others to get their turn.
	 */
	open(): AsyncIterable<RawContact[]>;
}

/** Few enough to be cleaned within some milliseconds. */
const CHUNK = 200;
/** Items with names that no item before had take a hundred times as long to read as others. */
const LONGEST_MS = 10;

/** Input items as a source of contacts. */
export interface ItemSource extends ContactSource {
	/** The items whose contact can't be read, and so has no fields. */
	readonly unreadable: number[];
}

/**
 * Contacts out of some of the input's items.
 * @param items in input order
 * @param read returns an item's contact; may throw
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
			// The contact's status and a warning report it; the message may quote the contact.
			unreadable.push(item);
			return {};
		}
	};
	return { unreadable, open: () => chunksOf(items, keepGoing ? readOrNothing : read) };
}

async function* chunksOf(items: number[], read: (item: number) => RawContact) {
	for (let start = 0; start < items.length; ) {
		const chunk = chunkFrom(start, items, read);
		yield chunk;
		start += chunk.length;
	}
}

function chunkFrom(start: number, items: number[], read: (item: number) => RawContact) {
	const end = Math.min(items.length, start + CHUNK);
	const latest = performance.now() + LONGEST_MS;
	const chunk: RawContact[] = [];
	for (let index = start; index < end; index++) {
		chunk.push(read(items[index] as number));
		if (performance.now() > latest) break;
	}
	return chunk;
}
