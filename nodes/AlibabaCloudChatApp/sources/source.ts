import type { RawContact } from '../contacts/contact';

/** A contact's place in its source, from 0. */
export type Ref = number;

/** The places of some contacts. */
export type Refs = Pick<readonly Ref[], 'length' | 'at'>;

/** What was noticed while contacts were read. */
export interface SourceFacts {
	/** Input items whose contact can't be read, and so has no fields. */
	unreadableItems?: number[];
	/** Rows that can't be read: how many, and the first one's reason. */
	unreadable?: { count: number; what: string };
	/** Rows with more cells than there are columns: how many, and the first one's number. */
	wider?: { count: number; row: number };
	/** The sheet that was read, in a workbook. */
	sheet?: string;
	/** Other sheets with contacts. */
	otherSheets?: string[];
	/** Rows above the column names. */
	linesAbove?: number;
}

/** Where contacts come from: input items, or a file's rows. */
export interface ContactSource {
	/**
	 * All contacts, in order, in chunks small enough to be cleaned without blocking n8n. A chunk may be empty: then the
	 * source has worked long enough for others to get their turn.
	 */
	open(): AsyncIterable<RawContact[]>;
	/** The input item that a contact came with. */
	itemOf(ref: Ref): number;
	/** Where a contact is, as a message names it, e.g. "Item 3" or "Row 12". */
	placeOf(ref: Ref): string;
	/** What has been noticed so far. */
	readonly facts: SourceFacts;
}

/** Few enough to be cleaned within some milliseconds. */
const CHUNK = 200;
/** Items with names that no item before had take a hundred times as long to read as others. */
const LONGEST_MS = 10;

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
): ContactSource {
	const unreadableItems: number[] = [];
	const readOrNothing = (item: number): RawContact => {
		try {
			return read(item);
		} catch {
			// The contact's status and a warning report it; the message may quote the contact.
			unreadableItems.push(item);
			return {};
		}
	};
	return {
		facts: { unreadableItems },
		open: () => chunksOf(items, keepGoing ? readOrNothing : read),
		itemOf: (ref) => items[ref] as number,
		placeOf: (ref) => `Item ${items[ref]}`,
	};
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
