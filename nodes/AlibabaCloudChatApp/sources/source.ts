import type { Contact } from '../contacts/contact';
import { type ContactPage, type FoundContacts, isContactPage } from '../contacts/findContacts';

/** A contact's index in its source. */
export type Ref = number;

/** The indexes of some contacts. */
export type Refs = Pick<readonly Ref[], 'length' | 'at'>;

/** What was noticed while contacts were read. */
export interface SourceFacts {
	/** Input items whose contact can't be read, and so has no fields. */
	unreadableItems?: number[];
	/** Rows that can't be read: how many, and the first one's reason. */
	unreadableRows?: { count: number; what: string };
	/** Rows with more cells than there are columns: how many, and the first one's number. */
	wideRows?: { count: number; row: number };
	/** The sheet that was read, in a workbook. */
	sheet?: string;
	/** Other sheets with contacts. */
	otherSheets?: string[];
	/** Rows above the column names. */
	rowsAbove?: number;
	/** The first column of a second table, next to the one that was read. */
	secondTable?: string;
}

/** Where contacts come from: input items, or a file's rows. */
export interface ContactSource {
	/**
	 * All contacts, in order, in chunks small enough to be cleaned without blocking n8n. A chunk may be empty: then the source
	 * only lets n8n do other work.
	 */
	open(): AsyncIterable<Contact[]>;
	/** The input item that a contact came with. */
	itemOf(ref: Ref): number;
	/** The page's entry for a contact; undefined if the item itself is the contact. */
	entryOf?(ref: Ref): unknown;
	/** Where a contact is, as a message names it, e.g. "Item 3" or "Row 12". */
	locationOf(ref: Ref): string;
	/** What has been noticed so far. */
	readonly facts: SourceFacts;
}

/** Returns an input item's contacts. */
export type ReadItemContacts = (item: number) => FoundContacts;

/** Few enough contacts to be cleaned within milliseconds. */
const CHUNK_SIZE = 200;
/** Milliseconds per chunk: an item with new field names takes a hundred times as long to read as others. */
const LONGEST_CHUNK_MS = 10;

/**
 * The contacts in some of the input items: each item is a contact, or a page of contacts.
 * @param items in input order
 * @param read returns an item's contacts; may throw
 * @param readUnreadable returns what is known about an item that can't be read; absent: reading ends there
 */
export function itemSource(
	items: number[],
	read: ReadItemContacts,
	readUnreadable?: ReadItemContacts,
): ContactSource {
	const unreadableItems: number[] = [];
	const pages = new Pages();
	const orUnreadable =
		(readDespite: ReadItemContacts): ReadItemContacts =>
		(item) => {
			try {
				return read(item);
			} catch {
				// A warning names the item; n8n's message may quote the contact.
				unreadableItems.push(item);
				return readDespite(item);
			}
		};
	const itemOf = (ref: Ref) => items[pages.itemIndexOf(ref)] as number;
	return {
		facts: { unreadableItems },
		open: () => chunksOf(items, readUnreadable ? orUnreadable(readUnreadable) : read, pages),
		itemOf,
		entryOf: (ref) => pages.entryOf(ref),
		locationOf: (ref) => {
			const entry = pages.entryNumberOf(ref);
			return `Item ${itemOf(ref)}${entry === undefined ? '' : `, contact ${entry}`}`;
		},
	};
}

/** The contacts of one item's page: from `start` up to, but not including, `end`. */
interface PageSpan {
	start: Ref;
	end: Ref;
	/** The item's index among the items. */
	index: number;
	entries: readonly unknown[];
}

/** Which contacts are entries of pages; each of the others is an item. */
class Pages {
	private readonly pages: PageSpan[] = [];

	clear(): void {
		this.pages.length = 0;
	}

	add(page: PageSpan): void {
		this.pages.push(page);
	}

	/** The index, among the items, of the item that a contact came with. */
	itemIndexOf(ref: Ref): number {
		const page = this.lastPageUpTo(ref);
		if (!page) return ref;
		return ref < page.end ? page.index : page.index + 1 + (ref - page.end);
	}

	entryOf(ref: Ref): unknown {
		const page = this.lastPageUpTo(ref);
		return page && ref < page.end ? page.entries[ref - page.start] : undefined;
	}

	/** A contact's number in its page, from 1. */
	entryNumberOf(ref: Ref): number | undefined {
		const page = this.lastPageUpTo(ref);
		return page && ref < page.end ? ref - page.start + 1 : undefined;
	}

	// The last page that begins at a contact or before it.
	private lastPageUpTo(ref: Ref): PageSpan | undefined {
		return this.pages[countUpTo(ref, this.pages.length, (index) => this.pages[index]?.start) - 1];
	}
}

/** How many of the ascending numbers that `numberAt` returns are at most `ref`. */
export function countUpTo(
	ref: Ref,
	length: number,
	numberAt: (index: number) => number | undefined,
): number {
	let low = 0;
	let high = length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((numberAt(middle) as number) <= ref) low = middle + 1;
		else high = middle;
	}
	return low;
}

async function* chunksOf(items: number[], read: ReadItemContacts, pages: Pages) {
	pages.clear();
	const reader = new ItemReader(items, read, pages);
	for (let chunk = reader.nextChunk(); chunk.length > 0; chunk = reader.nextChunk()) yield chunk;
}

/** Reads items' contacts one by one. It isn't a generator, which would create two objects for each contact. */
class ItemReader {
	private index = 0;
	private ref: Ref = 0;
	/** The page that is being read, and its next entry. */
	private page?: ContactPage;
	private entry = 0;

	constructor(
		private readonly items: number[],
		private readonly read: ReadItemContacts,
		private readonly pages: Pages,
	) {}

	/** The next contacts; empty at the end. */
	nextChunk(): Contact[] {
		const chunk: Contact[] = [];
		const latest = performance.now() + LONGEST_CHUNK_MS;
		while (chunk.length === 0 || (chunk.length < CHUNK_SIZE && performance.now() <= latest)) {
			const contact = this.nextEntry() ?? this.nextItem();
			if (contact === undefined) break;
			chunk.push(contact);
		}
		return chunk;
	}

	private nextEntry(): Contact | undefined {
		const { page } = this;
		if (page === undefined) return undefined;
		if (this.entry < page.entries.length) return page.readEntry(page.entries[this.entry++]);
		this.page = undefined;
		return undefined;
	}

	private nextItem(): Contact | undefined {
		if (this.index >= this.items.length) return undefined;
		const index = this.index++;
		const found = this.read(this.items[index] as number);
		if (!isContactPage(found)) {
			this.ref++;
			return found;
		}
		const { entries } = found;
		const start = this.ref;
		this.ref += Math.max(1, entries.length);
		this.pages.add({ start, end: this.ref, index, entries });
		if (entries.length === 0) return EMPTY_PAGE;
		this.page = found;
		this.entry = 0;
		return this.nextEntry();
	}
}

const EMPTY_PAGE: Contact = { reason: 'empty_page' };
