import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { sentence, type Message } from '../message';

/** One page of a list. */
export interface Page {
	entries: IDataObject[];
	/** What to ask the next page by; absent on the last one. */
	next?: string;
	/** How many entries the service counts but does not give; such a page is empty. */
	missing?: number;
}

/** @param key absent for the first page */
export type FetchPage = (key?: string) => Promise<Page>;

/** Why a list was not read to its end, though the service says there is more. */
export class ListIncomplete extends Error {
	readonly told: Message;

	constructor(what: string) {
		const fix = "Run again later, or switch 'Return All' off and lower 'Limit'";
		const told = { code: 'list_unending', what, fix };
		super(sentence(told));
		this.told = told;
	}
}

const MOST_PAGES = 1000;
/** More would not fit into n8n's memory. */
const MOST_ENTRIES = 1_000_000;

/**
 * The pages of a list, one after the other.
 * @throws ListIncomplete when the service sends in circles
 */
export async function* walkPages(fetchPage: FetchPage): AsyncGenerator<Page> {
	const asked = new Set<string>();
	const seen = new Set<string>();
	let read = 0;
	let key: string | undefined;
	for (let count = 0; count < MOST_PAGES; count++) {
		const page = await fetchPage(key);
		// A service that ignores the page's number gives the same page without end.
		const text = page.entries.length === 0 ? '' : digest(page.entries);
		if (seen.has(text)) throw new ListIncomplete('The service gave one page twice');
		if (text !== '') seen.add(text);
		if (page.missing !== undefined) {
			throw new ListIncomplete(`The service gave ${page.missing} entries fewer than it counts`);
		}
		read += page.entries.length;
		if (read > MOST_ENTRIES) {
			throw new ListIncomplete(`The list has more than ${MOST_ENTRIES} entries`);
		}
		yield page;
		if (page.next === undefined) return;
		if (asked.has(page.next)) throw new ListIncomplete('The service gave one page key twice');
		asked.add(page.next);
		key = page.next;
	}
	throw new ListIncomplete(`The list has more than ${MOST_PAGES} pages`);
}

function digest(entries: IDataObject[]): string {
	return createHash('sha256').update(JSON.stringify(entries)).digest('base64');
}

/**
 * The entries of a list.
 * @param limit how many at most; `Infinity` for all
 * @throws ListIncomplete
 */
export async function collectEntries(fetchPage: FetchPage, limit: number): Promise<IDataObject[]> {
	const entries: IDataObject[] = [];
	for await (const page of walkPages(fetchPage)) {
		// Not spread: a page may hold more than a call takes arguments.
		for (const entry of page.entries) entries.push(entry);
		if (entries.length >= limit) break;
	}
	return entries.slice(0, limit);
}
