import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { AD_ACCOUNT, PAGE } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { searchList } from '../engine/searchList';
import { DEFAULT_KEY } from '../simulator/simulator';

/** The fields of an answer to the n-th page that is asked for, from 1. */
type PageOf = (index: number, size: number) => object;

let server: Server;
let pageOf: PageOf;
const asked: string[] = [];

beforeAll(async () => {
	server = createServer((request, response) => {
		const { searchParams } = new URL(request.url ?? '', 'http://localhost');
		const action = String(request.headers['x-acs-action']);
		const page = JSON.parse(searchParams.get('Page') ?? '{"Index":1,"Size":50}') as {
			Index: number;
			Size: number;
		};
		const index = Number(searchParams.get('PageIndex') ?? page.Index);
		const size = Number(searchParams.get('PageSize') ?? page.Size);
		asked.push(`${action} ${index}`);
		const fields = action.startsWith('Create')
			? { CustomAudienceId: '9' }
			: pageOf(searchParams.has('PageKey') ? Number(searchParams.get('PageKey')) : index, size);
		response.end(JSON.stringify({ Code: 'OK', Success: true, RequestId: 'request-1', ...fields }));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => void asked.splice(0));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const credential = () => {
	const { port } = server.address() as AddressInfo;
	return { ...DEFAULT_KEY, endpoint: `http://127.0.0.1:${port}` };
};

const audience = (id: number): IDataObject => ({
	CustomAudienceId: String(id),
	CustomAudienceName: `Audience ${id}`,
});
const audiences = (from: number, to: number) =>
	Array.from({ length: Math.max(0, to - from) }, (_, index) => audience(from + index));

async function getMany(parameters: INodeParameters = { returnAll: true }) {
	return await runNode({
		operation: 'customAudience:getMany',
		set: { ...AD_ACCOUNT, ...parameters },
		credential: credential(),
	});
}

async function create(name: string) {
	return await runNode({
		operation: 'customAudience:create',
		set: { ...AD_ACCOUNT, name, useExisting: true },
		credential: credential(),
	});
}

describe('a list', () => {
	it('is read on if a server returns fewer entries per page than requested', async () => {
		pageOf = (index) => ({
			Data: audiences((index - 1) * 20, Math.min(120, index * 20)),
			Total: 120,
		});
		const { output, error } = await getMany();
		expect(error).toBeUndefined();
		expect(output).toHaveLength(120);
		expect(asked).toHaveLength(6);
	});

	it('ends at its total, without a call for one more page', async () => {
		pageOf = (index, size) => ({ Data: audiences((index - 1) * size, index * size), Total: '100' });
		expect((await getMany()).output).toHaveLength(100);
		expect(asked).toHaveLength(2);
	});

	it('without a total ends at a page that is not full', async () => {
		pageOf = (index, size) => ({ Data: audiences((index - 1) * size, Math.min(70, index * size)) });
		expect((await getMany()).output).toHaveLength(70);
		expect(asked).toHaveLength(2);
	});

	it('says how many are missing if a page before its end is empty', async () => {
		pageOf = (index) => ({ Data: index === 2 ? [] : audiences(0, 50), Total: 120 });
		const { error } = await getMany();
		expect(error?.message).toBe('The service returned 70 fewer entries than it reported');
		expect(error?.description).toContain("'Return All'");
	});

	it.each([
		['the same page without end', () => audiences(0, 50)],
		['two pages in turn', (index: number) => audiences(index % 2 ? 0 : 50, index % 2 ? 50 : 100)],
	])('says so if the service returns %s', async (_, data) => {
		pageOf = (index) => ({ Data: data(index), Total: 10_000 });
		expect((await getMany()).error?.message).toBe('The service returned the same page twice');
		expect(asked.length).toBeLessThanOrEqual(3);
	});

	it("that ends at a limit isn't compared with its total", async () => {
		pageOf = () => ({ Data: audiences(0, 20), Total: 5000 });
		expect((await getMany({ limit: 20 })).output).toHaveLength(20);
		expect((await getMany({ limit: 7 })).output).toHaveLength(7);
		expect(asked).toHaveLength(2);
	});

	it.each([
		['a list with nothing in it', '[null]'],
		['a list of texts', '["a"]'],
		['a list of lists', '[[]]'],
		['an object', '{"0":{}}'],
		['a text', '"none"'],
	])('that is %s is reported with the request ID, and never as an empty list', async (_, data) => {
		pageOf = () => ({ Data: JSON.parse(data) as unknown, Total: 1 });
		const { error } = await getMany();
		expect(error?.message).toContain('contains no list');
		expect(error?.description).toContain('request-1. Code UnreadableList');
	});

	it('with far more entries per page than requested is read', async () => {
		pageOf = () => ({ Data: Array(150_000).fill({}), Total: 150_000 });
		expect((await getMany({ returnAll: true, simplify: false })).output).toHaveLength(150_000);
	});

	it.each([['1e999'], ['many'], [-1], [{}]])(
		"with an invalid total (%j) ends at a page that isn't full",
		async (Total) => {
			pageOf = () => ({ Data: audiences(0, 20), Total });
			expect((await getMany()).output).toHaveLength(20);
		},
	);

	it('is empty if the response has none', async () => {
		pageOf = () => ({ Total: 0 });
		await expect(getMany()).resolves.toMatchObject({ output: [] });
	});

	it('passes no prototype on', async () => {
		pageOf = () =>
			JSON.parse('{"Data":[{"CustomAudienceId":"1","__proto__":{"admin":true}}],"Total":1}');
		const { output } = await getMany({ returnAll: true, simplify: false });
		expect(Object.keys(output[0] ?? {})).toEqual(['CustomAudienceId']);
		expect((output[0] as { admin?: unknown }).admin).toBeUndefined();
	});

	it('of tokens continues after an empty page with a key, and says if a key is returned twice', async () => {
		const token = (n: number) => ({ NotificationMessagesToken: `t${n}`, RecipientId: String(n) });
		pageOf = (n) => ({ Data: n === 2 ? [] : [token(n)], NextPage: n < 4 ? String(n + 1) : '' });
		const run = async () =>
			await runNode({
				operation: 'subscriptionToken:getMany',
				set: { ...PAGE, returnAll: true },
				credential: credential(),
			});
		expect((await run()).output).toHaveLength(3);
		pageOf = () => ({ Data: [], NextPage: '2' });
		expect((await run()).error?.message).toBe('The service returned the same page key twice');
	});
});

describe("'Reuse Existing Audience'", () => {
	it('finds an audience on pages that are shorter than requested', async () => {
		pageOf = (index) => ({
			Data: audiences((index - 1) * 20, Math.min(120, index * 20)),
			Total: 120,
		});
		const { output } = await create('Audience 119');
		expect(output[0]).toMatchObject({ customAudienceId: '119', created: false });
	});

	it('creates no second audience if the list is incomplete', async () => {
		pageOf = (index) => ({ Data: index === 1 ? audiences(0, 20) : [], Total: 120 });
		expect((await create('Audience 119')).error?.message).toContain(
			'fewer entries than it reported',
		);
		expect(asked.some((call) => call.startsWith('Create'))).toBe(false);
	});
});

describe("a locator's list", () => {
	const open = async (paginationToken?: string) =>
		await searchList('customAudienceId', {
			parameters: AD_ACCOUNT,
			credential: credential(),
			paginationToken,
		});

	it('continues after its last page, and counts from there', async () => {
		pageOf = (index) => ({
			Data: audiences((index - 1) * 20, Math.min(50, index * 20)),
			Total: 50,
		});
		const pages = [];
		let token: string | undefined;
		do {
			const page = await open(token);
			pages.push(page.results.length);
			token = page.paginationToken as string | undefined;
		} while (token !== undefined);
		expect(pages).toEqual([20, 20, 10]);
	});

	it('says in a sentence what is missing', async () => {
		pageOf = (index) => ({ Data: index === 1 ? audiences(0, 20) : [], Total: 50 });
		const { paginationToken } = await open();
		await expect(open(paginationToken as string)).rejects.toThrow(
			'30 fewer entries than it reported',
		);
	});
});
