import { pageIn } from '../../nodes/AlibabaCloudChatApp/contacts/page';

const MARY = { name: 'Mary', email: 'mary@example.com' };
const BOB = { name: 'Bob', phone: '+12125550101' };
const LIST = [MARY, BOB];

it.each<[what: string, json: Record<string, unknown>, path: string]>([
	['alone', { results: LIST }, 'results'],
	['with counts', { contacts: LIST, total: 2, count: '2' }, 'contacts'],
	[
		'with cursors and links',
		{ data: LIST, next_cursor: null, has_more: false, links: { next: 'https://x' } },
		'data',
	],
	['with a status', { code: 0, msg: 'ok', data: LIST }, 'data'],
	['with the ID of its list', { members: LIST, list_id: 'a1', total_items: 2 }, 'members'],
	['with an empty list', { scoreValues: [], contacts: LIST }, 'contacts'],
	[
		'in the body of a webhook',
		{ headers: { host: 'x' }, params: {}, query: {}, body: LIST },
		'body',
	],
	['in a body’s list', { headers: {}, params: {}, query: {}, body: { leads: LIST } }, 'body.leads'],
	['in data', { status: 'success', data: { rows: LIST, total: 2 } }, 'data.rows'],
	['of one', { records: [MARY], done: true }, 'records'],
	['of contacts in objects', { data: [{ id: 1, attributes: MARY }] }, 'data'],
	['of an OData service', { '@odata.context': 'https://x', value: LIST }, 'value'],
	['of JSON-RPC', { jsonrpc: '2.0', id: 1, result: LIST }, 'result'],
	['with none in it', { results: [], total: 0 }, 'results'],
	['with some who have no contact', { results: [{ name: 'Cy' }, MARY] }, 'results'],
])('a list %s is a page', (_, json, path) => {
	expect(pageIn(json)?.path).toBe(path);
});

it.each([
	...['page', 'page_size', 'pageSize', 'page_number', 'pageNumber', 'per_page', 'perPage'],
	...['limit', 'offset', 'has_more', 'hasMore', 'next_page', 'nextPage'],
])('a list is a page although an unknown key is next to it, as "%s" is', (key) => {
	const json = { results: LIST, customObjectKey: 'p_pets' };
	expect(pageIn(json)).toBeUndefined();
	expect(pageIn({ ...json, [key]: 1 })?.path).toBe('results');
});

it.each<[what: string, json: Record<string, unknown>]>([
	['with a record’s ID', { id: 5, contacts: LIST }],
	['with a name', { name: 'Acme', contacts: LIST }],
	['with properties', { properties: {}, contacts: LIST }],
	['with a contact', { email: 'mary@example.com', contacts: LIST }],
	['with a task', { task: 'x', people: LIST }],
	['with another list that is filled', { contacts: LIST, deals: [{ id: 1 }] }],
	['of answers', { data: [{ name: 'Email', value: 'mary@example.com' }] }],
	['of texts', { results: ['mary@example.com'] }],
	['of objects without a contact', { results: [{ id: 1 }, { id: 2 }] }],
	['under another name', { line_items: LIST }],
	['of the past', { history: [{ after: MARY }] }],
	['that is empty, with nothing that says so', { data: [] }],
	['in a webhook with a contact in its query', { query: MARY, body: LIST }],
	['in a deep object', { data: { data: { data: { data: { data: LIST } } } } }],
])("a list %s isn't a page", (_, json) => {
	expect(pageIn(json)).toBeUndefined();
});
