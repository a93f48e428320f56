import { byNumber, entriesOf } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';

const answer = (body: Record<string, unknown>) =>
	({ accepted: true, requestId: 'request-1', body }) as const;

test.each([
	['the entries', { Data: [{ a: 1 }, {}] }, [{ a: 1 }, {}]],
	['nothing', { Data: [] }, []],
	['no list at all', {}, []],
	['null', { Data: null }, []],
])('a list may hold %s', (_name, body, entries) => {
	expect(entriesOf('ListInstance', answer(body))).toEqual(entries);
});

test.each([['text'], [5], [false], [{}], [[null]], [[5]], [['text']], [[[]]], [[{}, 'text']]])(
	'what is no list of objects is refused, and nothing of it shown: %j',
	(Data) => {
		let thrown: unknown;
		try {
			entriesOf('ListInstance', answer({ Data }));
		} catch (error) {
			thrown = error;
		}
		expect(thrown).toBeInstanceOf(ApiError);
		expect(thrown).toMatchObject({
			action: 'ListInstance',
			kind: 'rejected',
			code: 'UnreadableList',
			what: 'The answer says that all is well, but holds no list',
			fix: expect.stringMatching(/^Run again later\. .* with the request ID$/),
			requestId: 'request-1',
			answerLost: false,
		});
	},
);

/** Walks through pages of so many entries, and tells the numbers that were asked for. */
async function walk(size: number, pages: number[], total?: unknown) {
	const asked: number[] = [];
	const fetchPage = byNumber(size, async (index) => {
		asked.push(index);
		return { entries: Array.from({ length: pages[index - 1] ?? 0 }, () => ({})), total };
	});
	let page = await fetchPage();
	while (page.next !== undefined) page = await fetchPage(page.next);
	return { asked, missing: page.missing };
}

test.each([
	['its pages are full', 2, [2, 2, 1], 5, [1, 2, 3]],
	['its last page is full', 2, [2, 2], 4, [1, 2]],
	['a server gives fewer a page than it is asked for', 50, [20, 20, 5], 45, [1, 2, 3]],
	['it fits one page', 50, [20], 20, [1]],
	['its total is written as a text', 2, [2, 2, 2], '6', [1, 2, 3]],
	['it has more than ten pages', 1, Array(12).fill(1), 12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
	['it is empty', 2, [], 0, [1]],
	['its total is less than what it gives', 2, [2, 2], 0, [1]],
])('a list ends at its total when %s', async (_name, size, pages, total, asked) => {
	await expect(walk(size, pages, total)).resolves.toEqual({ asked, missing: undefined });
});

test.each([[undefined], [null], [''], [' '], ['many'], ['1e999'], [-1], ['-1'], [1.5], [{}], [[]]])(
	'a list with a total that is none (%j) ends at a page that is not full',
	async (total) => {
		await expect(walk(2, [2, 2, 1, 2], total)).resolves.toMatchObject({ asked: [1, 2, 3] });
		await expect(walk(2, [2, 0], total)).resolves.toEqual({ asked: [1, 2], missing: undefined });
	},
);

test('an empty page before the total tells how many are missing', async () => {
	await expect(walk(50, [50, 20], 120)).resolves.toEqual({ asked: [1, 2, 3], missing: 50 });
	await expect(walk(50, [], 1)).resolves.toEqual({ asked: [1], missing: 1 });
});
