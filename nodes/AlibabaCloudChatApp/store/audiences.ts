import { all, PAGE, where, type Row, type Table } from './table';
import { idsOfKey } from './audienceKey';
import type { Audience } from '../submission/audience';

/** The audiences for which contacts wait, or are claimed by a sender that may be gone, in the order of their first row. */
export async function audiencesOf(table: Table): Promise<Audience[]> {
	const keys = new Set<string>();
	for (const status of ['waiting', 'claimed']) {
		let page: Row[] = [];
		do {
			const after = where('id', 'gt', page.at(-1)?.id ?? 0);
			const open = all(where('status', 'eq', status), after);
			page = await table.run([{ do: 'get', where: open, limit: PAGE }]);
			for (const { audience } of page) keys.add(audience ?? '');
		} while (page.length >= PAGE);
	}
	// A person may have put in a row without a whole audience.
	return [...keys].flatMap((key) => idsOfKey(key) ?? []);
}
