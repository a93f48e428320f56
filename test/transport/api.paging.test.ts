import {
	type CallWithRetries,
	channelPages,
	collectEntries,
	countOf,
	type FetchPage,
	listAdAccounts,
	type ListPage,
	walkPages,
} from '../../nodes/AlibabaCloudChatApp/transport/api';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { PAGE } from './requests';

const listWith = async (body: Record<string, unknown>) =>
	await listAdAccounts(async () => ({ accepted: true, requestId: 'request-1', body }), PAGE);

test.each([
	['the entries', { Data: [{ a: 1 }, {}] }, [{ a: 1 }, {}]],
	['nothing', { Data: [] }, []],
	['no list at all', {}, []],
	['null', { Data: null }, []],
])('a list may contain %s', async (_name, body, entries) => {
	await expect(listWith(body)).resolves.toEqual(entries);
});

test.each([['text'], [5], [false], [{}], [[null]], [[5]], [['text']], [[[]]], [[{}, 'text']]])(
	'anything but a list of objects is an error that shows nothing of it: %j',
	async (Data) => {
		const thrown: unknown = await listWith({ Data }).catch((error: unknown) => error);
		expect(thrown).toBeInstanceOf(ApiError);
		expect(thrown).toMatchObject({
			action: 'ListPageAdAccount',
			kind: 'rejected',
			code: 'UnreadableList',
			what: 'The request was accepted, but the response contains no list',
			fix: expect.stringMatching(/^Run again later\. .* with the request ID$/),
			requestId: 'request-1',
			responseLost: false,
		});
	},
);

/** Reads a list whose pages have these numbers of entries. */
async function walk(size: number, pages: number[], total?: unknown) {
	const requested: number[] = [];
	const request: CallWithRetries = async (_action, { PageIndex }) => {
		const index = Number(PageIndex);
		requested.push(index);
		const Data = Array.from({ length: pages[index - 1] ?? 0 }, () => ({}));
		return { accepted: true, requestId: '', body: { Data, TotalCount: total } };
	};
	const fetchPage = channelPages(request, size);
	let page = await fetchPage();
	while (page.next !== undefined) page = await fetchPage(page.next);
	return { requested, missing: page.missing };
}

test.each([
	['its pages are full', 2, [2, 2, 1], 5, [1, 2, 3]],
	['its last page is full', 2, [2, 2], 4, [1, 2]],
	['a server returns shorter pages than requested', 50, [20, 20, 5], 45, [1, 2, 3]],
	['it fits one page', 50, [20], 20, [1]],
	['its total is written as a text', 2, [2, 2, 2], '6', [1, 2, 3]],
	['it has more than ten pages', 1, Array(12).fill(1), 12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
	['it is empty', 2, [], 0, [1]],
	['its total is less than its entries', 2, [2, 2], 0, [1]],
])('a list ends at its total when %s', async (_name, size, pages, total, requested) => {
	await expect(walk(size, pages, total)).resolves.toEqual({ requested, missing: undefined });
});

test.each([[undefined], [null], [''], [' '], ['many'], ['1e999'], [-1], ['-1'], [1.5], [{}], [[]]])(
	'a list whose total is no number (%j) ends at a page that is not full',
	async (total) => {
		await expect(walk(2, [2, 2, 1, 2], total)).resolves.toMatchObject({ requested: [1, 2, 3] });
		await expect(walk(2, [2, 0], total)).resolves.toEqual({
			requested: [1, 2],
			missing: undefined,
		});
	},
);

test('an empty page before the total shows how many entries are missing', async () => {
	await expect(walk(50, [50, 20], 120)).resolves.toEqual({ requested: [1, 2, 3], missing: 50 });
	await expect(walk(50, [], 1)).resolves.toEqual({ requested: [1], missing: 1 });
});

/** A list of these pages, at most `most` of them, and the keys that were requested. */
function listOf(pageOf: (count: number) => ListPage | undefined, most = 1000) {
	const requested: Array<string | undefined> = [];
	const fetchPage: FetchPage = async (key) => {
		if (requested.length >= most) throw new Error('Asked without end');
		const page = pageOf(requested.length);
		requested.push(key);
		return page ?? { entries: [] };
	};
	return { fetchPage, requested };
}

const entry = (id: number) => ({ id });
/** Pages of two entries each that never end. */
const twos = (count: number): ListPage => ({
	entries: [entry(count * 2), entry(count * 2 + 1)],
	next: `key-${count + 1}`,
});

test('each page is requested by the key in the one before', async () => {
	const pages: ListPage[] = [
		{ entries: [entry(1)], next: 'b' },
		{ entries: [entry(2), entry(3)], next: 'c' },
		{ entries: [] },
	];
	const { fetchPage, requested } = listOf((count) => pages[count]);
	const walked: ListPage[] = [];
	for await (const page of walkPages(fetchPage)) walked.push(page);
	expect(walked).toEqual(pages);
	expect(requested).toEqual([undefined, 'b', 'c']);
	await expect(collectEntries(listOf((n) => pages[n]).fetchPage, Infinity)).resolves.toEqual(
		[1, 2, 3].map(entry),
	);
});

test.each([
	[1, [0], 1],
	[2, [0, 1], 1],
	[3, [0, 1, 2], 2],
	[4, [0, 1, 2, 3], 2],
])('for a limit of %i, no page is read that is not needed', async (limit, ids, calls) => {
	const { fetchPage, requested } = listOf(twos);
	await expect(collectEntries(fetchPage, limit)).resolves.toEqual(ids.map(entry));
	expect(requested).toHaveLength(calls);
});

test('pages may be empty as long as they go on', async () => {
	const { fetchPage } = listOf((count) =>
		count < 3 ? { entries: [], next: `key-${count}` } : { entries: [entry(1)] },
	);
	await expect(collectEntries(fetchPage, Infinity)).resolves.toEqual([entry(1)]);
});

test.each<[string, (count: number) => ListPage, string, number]>([
	[
		'the same page again',
		(count) => ({ entries: [entry(1)], next: `key-${count}` }),
		'returned the same page twice',
		2,
	],
	[
		'a page of before again',
		(count) => ({ ...twos(count % 3), next: `key-${count}` }),
		'returned the same page twice',
		4,
	],
	[
		'a key again',
		(count) => ({ entries: [entry(count)], next: `key-${count % 2}` }),
		'returned the same page key twice',
		3,
	],
	[
		'a key again with an empty page',
		() => ({ entries: [], next: 'key' }),
		'returned the same page key twice',
		2,
	],
	[
		'fewer entries than it counts',
		(count) => (count === 1 ? { entries: [], missing: 70 } : twos(count)),
		'returned 70 fewer entries than it reported',
		2,
	],
	['page after page', twos, 'The list has more than 1000 pages', 1000],
	[
		'entry after entry',
		(count) => ({ entries: Array(500_001).fill(entry(count)), next: `key-${count}` }),
		'The list has more than 1000000 entries',
		2,
	],
])('a service that returns %s is reported, not followed', async (_name, pageOf, what, calls) => {
	const { fetchPage, requested } = listOf(pageOf, calls);
	const fix = "Run again later, or turn 'Return All' off and lower 'Limit'";
	await expect(collectEntries(fetchPage, Infinity)).rejects.toMatchObject({
		code: 'list_unending',
		what: expect.stringContaining(what),
		fix,
		message: expect.stringMatching(new RegExp(`${what}\\. ${fix}$`)),
	});
	expect(requested).toHaveLength(calls);
});

test('a thousand pages, or a million entries, are a list', async () => {
	const pages = listOf((count) => (count < 999 ? twos(count) : { entries: [entry(-1)] }));
	await expect(collectEntries(pages.fetchPage, Infinity)).resolves.toHaveLength(1999);
	const entries = listOf(() => ({ entries: Array(1_000_000).fill({}) }));
	await expect(collectEntries(entries.fetchPage, Infinity)).resolves.toHaveLength(1_000_000);
});

test.each([
	[0, 0],
	[7, 7],
	['7', 7],
	[' 7 ', 7],
	['', undefined],
	[' ', undefined],
	[-1, undefined],
	[1.5, undefined],
	['many', undefined],
	[null, undefined],
	[true, undefined],
	[[7], undefined],
])('the count %j is %j', (given, count) => {
	expect(countOf(given)).toBe(count);
});
