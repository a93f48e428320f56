import type { RawContact } from '../contacts/contact';
import { type FoundContacts, isPage } from '../contacts/findContacts';

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
	/** The entry of a page that a contact is; undefined for an item that is one. */
	entryOf?(ref: Ref): unknown;
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
 * Contacts out of some of the input's items: each is one, or a page of them.
 * @param items in input order
 * @param read returns an item's contacts; may throw
 * @param keepGoing whether an item that can't be read costs its own contact alone
 */
export function itemSource(
	items: number[],
	read: (item: number) => FoundContacts,
	keepGoing: boolean,
): ContactSource {
	const unreadableItems: number[] = [];
	const pages = new Pages();
	const readOrNothing = (item: number): FoundContacts => {
		try {
			return read(item);
		} catch {
			// The contact's status and a warning report it; the message may quote the contact.
			unreadableItems.push(item);
			return {};
		}
	};
	const itemOf = (ref: Ref) => items[pages.indexOf(ref)] as number;
	return {
		facts: { unreadableItems },
		open: () => chunksOf(items, keepGoing ? readOrNothing : read, pages),
		itemOf,
		entryOf: (ref) => pages.entryOf(ref),
		placeOf: (ref) => {
			const entry = pages.placeOf(ref);
			return `Item ${itemOf(ref)}${entry === undefined ? '' : `, contact ${entry}`}`;
		},
	};
}

/** Contacts from `start` to `end` that are one item's page. */
interface PlacedPage {
	start: Ref;
	end: Ref;
	/** The item's index among the items. */
	index: number;
	entries: readonly unknown[];
}

/** Which contacts are entries of pages; each of the others is an item. */
class Pages {
	private readonly pages: PlacedPage[] = [];

	clear(): void {
		this.pages.length = 0;
	}

	add(page: PlacedPage): void {
		this.pages.push(page);
	}

	/** The index among the items of a contact's item. */
	indexOf(ref: Ref): number {
		const page = this.before(ref);
		if (!page) return ref;
		return ref < page.end ? page.index : page.index + 1 + (ref - page.end);
	}

	entryOf(ref: Ref): unknown {
		const page = this.before(ref);
		return page && ref < page.end ? page.entries[ref - page.start] : undefined;
	}

	/** A contact's place in its page, from 1. */
	placeOf(ref: Ref): number | undefined {
		const page = this.before(ref);
		return page && ref < page.end ? ref - page.start + 1 : undefined;
	}

	// The last page that begins at a contact or before it.
	private before(ref: Ref): PlacedPage | undefined {
		let low = 0;
		let high = this.pages.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.pages[middle] as PlacedPage).start <= ref) low = middle + 1;
			else high = middle;
		}
		return this.pages[low - 1];
	}
}

async function* chunksOf(items: number[], read: (item: number) => FoundContacts, pages: Pages) {
	pages.clear();
	let chunk: RawContact[] = [];
	let latest = performance.now() + LONGEST_MS;
	for (const contact of contactsOf(items, read, pages)) {
		chunk.push(contact);
		if (chunk.length < CHUNK && performance.now() <= latest) continue;
		yield chunk;
		chunk = [];
		latest = performance.now() + LONGEST_MS;
	}
	if (chunk.length > 0) yield chunk;
}

function* contactsOf(
	items: number[],
	read: (item: number) => FoundContacts,
	pages: Pages,
): Generator<RawContact> {
	let ref = 0;
	for (const [index, item] of items.entries()) {
		const found = read(item);
		if (!isPage(found)) {
			ref++;
			yield found;
			continue;
		}
		const { entries } = found;
		const start = ref;
		ref += Math.max(1, entries.length);
		pages.add({ start, end: ref, index, entries });
		if (entries.length === 0) yield EMPTY_PAGE;
		for (const entry of entries) yield found.contactOf(entry);
	}
}

const EMPTY_PAGE: RawContact = { reason: 'empty_page' };
