import {
	collectEntries,
	type FetchPage,
	ListIncomplete,
	type Page,
	walkPages,
} from '../../nodes/AlibabaCloudChatApp/transport/api';

/** A list of these pages, no more than so many of which are given, and what they were asked by. */
function listOf(pageOf: (count: number) => Page | undefined, most = 1000) {
	const asked: Array<string | undefined> = [];
	const fetchPage: FetchPage = async (key) => {
		if (asked.length >= most) throw new Error('Asked without end');
		const page = pageOf(asked.length);
		asked.push(key);
		return page ?? { entries: [] };
	};
	return { fetchPage, asked };
}

const entry = (id: number) => ({ id });
/** Pages of two entries each that never end. */
const twos = (count: number): Page => ({
	entries: [entry(count * 2), entry(count * 2 + 1)],
	next: `key-${count + 1}`,
});

async function problemOf(fetchPage: FetchPage): Promise<ListIncomplete> {
	const problem: unknown = await collectEntries(fetchPage, Infinity).catch((error) => error);
	expect(problem).toBeInstanceOf(ListIncomplete);
	return problem as ListIncomplete;
}

test('each page is asked for by what the one before it says', async () => {
	const pages: Page[] = [
		{ entries: [entry(1)], next: 'b' },
		{ entries: [entry(2), entry(3)], next: 'c' },
		{ entries: [] },
	];
	const { fetchPage, asked } = listOf((count) => pages[count]);
	const walked: Page[] = [];
	for await (const page of walkPages(fetchPage)) walked.push(page);
	expect(walked).toEqual(pages);
	expect(asked).toEqual([undefined, 'b', 'c']);
	await expect(collectEntries(listOf((n) => pages[n]).fetchPage, Infinity)).resolves.toEqual(
		[1, 2, 3].map(entry),
	);
});

test.each([
	[1, [0], 1],
	[2, [0, 1], 1],
	[3, [0, 1, 2], 2],
	[4, [0, 1, 2, 3], 2],
])('of a limit of %i no page more is read than it takes', async (limit, ids, calls) => {
	const { fetchPage, asked } = listOf(twos);
	await expect(collectEntries(fetchPage, limit)).resolves.toEqual(ids.map(entry));
	expect(asked).toHaveLength(calls);
});

test('pages may be empty as long as they go on', async () => {
	const { fetchPage } = listOf((count) =>
		count < 3 ? { entries: [], next: `key-${count}` } : { entries: [entry(1)] },
	);
	await expect(collectEntries(fetchPage, Infinity)).resolves.toEqual([entry(1)]);
});

test.each<[string, (count: number) => Page, string, number]>([
	[
		'the same page again',
		(count) => ({ entries: [entry(1)], next: `key-${count}` }),
		'gave one page twice',
		2,
	],
	[
		'a page of before again',
		(count) => ({ ...twos(count % 3), next: `key-${count}` }),
		'gave one page twice',
		4,
	],
	[
		'a key again',
		(count) => ({ entries: [entry(count)], next: `key-${count % 2}` }),
		'gave one page key twice',
		3,
	],
	[
		'a key again with an empty page',
		() => ({ entries: [], next: 'key' }),
		'gave one page key twice',
		2,
	],
	[
		'fewer entries than it counts',
		(count) => (count === 1 ? { entries: [], missing: 70 } : twos(count)),
		'gave 70 entries fewer than it counts',
		2,
	],
	['page after page', twos, 'The list has more than 1000 pages', 1000],
	[
		'entry after entry',
		(count) => ({ entries: Array(500_001).fill(entry(count)), next: `key-${count}` }),
		'The list has more than 1000000 entries',
		2,
	],
])('a service that gives %s is told of, not followed', async (_name, pageOf, what, calls) => {
	const { fetchPage, asked } = listOf(pageOf, calls);
	const { message, told } = await problemOf(fetchPage);
	expect(told).toMatchObject({ code: 'list_unending', what: expect.stringContaining(what) });
	expect(told.fix).toBe("Run again later, or switch 'Return All' off and lower 'Limit'");
	expect(message).toBe(`${told.what}. ${told.fix}`);
	expect(asked).toHaveLength(calls);
});

test('a thousand pages, or a million entries, are a list', async () => {
	const pages = listOf((count) => (count < 999 ? twos(count) : { entries: [entry(-1)] }));
	await expect(collectEntries(pages.fetchPage, Infinity)).resolves.toHaveLength(1999);
	const entries = listOf(() => ({ entries: Array(1_000_000).fill({}) }));
	await expect(collectEntries(entries.fetchPage, Infinity)).resolves.toHaveLength(1_000_000);
});
