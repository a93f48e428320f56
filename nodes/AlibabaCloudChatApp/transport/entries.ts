import type { IDataObject } from 'n8n-workflow';
import type { Accepted } from './cams';
import type { FetchPage } from './pages';
import { CallRefused } from './refusal';

/**
 * The entries of a list's answer; none when it has no `Data` at all.
 * @throws CallRefused when `Data` is anything but a list of objects
 */
export function entriesOf(action: string, { body, requestId }: Accepted): IDataObject[] {
	const data = body.Data ?? [];
	if (Array.isArray(data) && data.every(isObject)) return data;
	throw new CallRefused(action, {
		kind: 'rejected',
		code: 'UnreadableList',
		what: 'The answer says that all is well, but holds no list',
		fix: "Run again later. If it stays so, report this to the node's maintainers with the request ID",
		requestId,
		httpStatus: 200,
		answerLost: false,
	});
}

function isObject(value: unknown): value is IDataObject {
	return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * Pages that are asked for by their number, from 1, until there are as many entries as the service counts.
 * A service may give fewer a page than it is asked for, so what was read is counted; both stand in the page's key.
 */
export function byNumber(
	size: number,
	fetch: (index: number) => Promise<{ entries: IDataObject[]; total: unknown }>,
): FetchPage {
	return async (key = '1') => {
		const [index = 1, before = 0] = key.split('_').map(Number);
		const { entries, total: given } = await fetch(index);
		const total = wholeNumber(given);
		const read = before + entries.length;
		// Without a total, a full page is the sign that there may be more.
		const isMore = total === undefined ? entries.length >= size : read < total;
		if (!isMore) return { entries };
		if (entries.length === 0) return { entries, missing: (total ?? 0) - read };
		return { entries, next: `${index + 1}_${read}` };
	};
}

function wholeNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}
