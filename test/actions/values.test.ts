import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { fileOf } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/contacts';
import { openTable } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/openTable';
import { toItems } from '../../nodes/AlibabaCloudChatApp/actions/output';
import {
	holdsExpression,
	idReader,
	limitOf,
	parameterReader,
	pathOfExpression,
	shapeEntries,
	textOf,
} from '../../nodes/AlibabaCloudChatApp/actions/parameters';

/** Parameters that stand in the workflow; those that `evaluated` has give that for each item. */
function contextOf(
	raw: IDataObject,
	{
		evaluated = {},
		items = [{}],
	}: { evaluated?: Record<string, unknown[]>; items?: IDataObject[] } = {},
) {
	const asked: string[] = [];
	const context = {
		getInputData: () => items.map((json) => ({ json })),
		getNodeParameter: (name: string, item: number, otherwise: unknown, how?: IDataObject) => {
			if (how?.rawExpressions) return raw[name] ?? otherwise;
			asked.push(name);
			return evaluated[name]?.[item] ?? raw[name] ?? otherwise;
		},
	} as unknown as IExecuteFunctions;
	return { context, asked };
}

describe('an expression', () => {
	it.each([
		['={{ $json.a }}', 'a'],
		['={{$json.a.b_1[0].$c}}', 'a.b_1[0].$c'],
		['= {{ $json["E-Mail"]["x y"] }} ', '["E-Mail"]["x y"]'],
		["={{ $json['E-Mail'] }}", "['E-Mail']"],
		['={{ $json["a b"].c }}', '["a b"].c'],
		['={{ $json }}', undefined],
		['={{ $json.a + 1 }}', undefined],
		['={{ $json.a }} and more', undefined],
		['to ={{ $json.a }}', undefined],
		['={{ $json.a() }}', undefined],
		['={{ $json.9 }}', undefined],
	])('%s names the path %s', (expression, path) => {
		expect(pathOfExpression(expression)).toBe(path);
	});

	it('that only names a field is read from the item, without asking n8n', () => {
		const items = [{ a: { b: 1 } }, { a: { b: 2 } }, {}];
		const { context, asked } = contextOf({ x: '={{ $json.a.b }}' }, { items });
		expect([0, 1, 2, 3].map(parameterReader(context, 'x'))).toEqual([1, 2, undefined, undefined]);
		expect(asked).toEqual([]);
		expect(holdsExpression(context, 'x')).toBe(true);
	});

	it('of another kind is evaluated for each item, and a fixed value read once', () => {
		const { context, asked } = contextOf({ x: '={{ f() }}', y: '7' }, { evaluated: { x: [1, 2] } });
		expect([0, 1].map(parameterReader(context, 'x'))).toEqual([1, 2]);
		expect(asked).toEqual(['x', 'x']);
		expect([0, 1].map(parameterReader(context, 'y'))).toEqual(['7', '7']);
		expect(asked).toEqual(['x', 'x', 'y']);
		expect([holdsExpression(context, 'y'), holdsExpression(context, 'z')]).toEqual([false, false]);
	});

	it.each([
		["={{ $('Create Audience').first().json.customAudienceId }}", 1],
		['={{ $("Webhook").last().json.body["audience id"] }}', 1],
		["={{ $('Check Contacts').params.custSpaceId.value }}", 1],
		["={{ $('Create Audience').first().json.ids[$itemIndex] }}", 2],
		["={{ $('Create Audience').item.json.customAudienceId }}", 2],
		["={{ $('Create Audience').first().json.customAudienceId + $json.a }}", 2],
	])('%s is evaluated as often as it can differ: %i of 2 times', (expression, times) => {
		const { context, asked } = contextOf({ x: expression }, { evaluated: { x: ['7', '7'] } });
		expect([0, 1].map(parameterReader(context, 'x'))).toEqual(['7', '7']);
		expect(asked).toHaveLength(times);
	});

	it('in an ID may give another one for each item', () => {
		const items = [{ id: '1' }, { id: '1' }, { id: '2' }, { id: 'My Shop' }, {}];
		const { context } = contextOf({ pageId: '={{ $json.id }}' }, { items });
		const ids = items.map((_, item) => idReader(context, 'pageId')(item));
		expect(ids.slice(0, 3)).toEqual(['1', '1', '2']);
		expect(ids[3]).toMatchObject({ code: 'invalid_id' });
		expect(ids[4]).toBe('');
	});
});

describe('the rows of a list', () => {
	it.each([
		[{}, 50],
		[{ limit: '7' }, 7],
		[{ limit: 1 }, 1],
		[{ returnAll: true, limit: 7 }, Infinity],
		[{ returnAll: 'true', limit: 7 }, 7],
	])('are as many as %j says', (parameters, limit) => {
		expect(limitOf(contextOf(parameters).context, 0)).toBe(limit);
	});

	it.each([0, 1.5, 'all'])('are not read with a limit of %j', (limit) => {
		expect(() => limitOf(contextOf({ limit }).context, 0)).toThrow(
			"'Limit' must be a whole number, 1 or higher",
		);
	});

	it.each<[unknown, unknown]>([
		[99_999_999_999, '5138-11-16T09:46:39.000Z'],
		[100_000_000_000, '1973-03-03T09:46:40.000Z'],
		['1767225601', '2026-01-01T00:00:01.000Z'],
		['1767225601 s', '1767225601 s'],
		['at 1767225601', 'at 1767225601'],
		[1, '1970-01-01T00:00:01.000Z'],
		[-1, -1],
		[null, null],
	])('have %j as the date %j', (given, date) => {
		const entries = [{ Time: given, Other: given, More: 1 }] as IDataObject[];
		const shape = { fields: ['Time', 'Other', 'Missing'], dates: ['Time'] };
		expect(shapeEntries(contextOf({}).context, 0, entries, shape)).toEqual([
			{ time: date, other: given },
		]);
		expect(shapeEntries(contextOf({ simplify: false }).context, 0, entries, shape)).toBe(entries);
	});

	it('have texts and numbers as texts', () => {
		expect([' a ', 7, null, undefined, true, {}].map(textOf)).toEqual(['a', '7', '', '', '', '']);
	});
});

describe('the output', () => {
	it('pairs its items with those that they come from', () => {
		const rows = [
			{ json: { a: 1 }, from: 3 },
			{ json: { a: 2 }, from: [0, 2] },
		];
		expect(toItems({ rows })).toEqual([
			{ json: { a: 1 }, pairedItem: { item: 3 } },
			{ json: { a: 2 }, pairedItem: [{ item: 0 }, { item: 2 }] },
		]);
	});

	it.each<[unknown, boolean | undefined, boolean]>([
		['bad', true, true],
		[0, true, true],
		['bad', false, false],
		[false, true, false],
		[null, true, false],
	])(
		"has the first contact's own error %j (sent: %j) under another name: %j",
		(error, sent, moved) => {
			const rows = [0, 1].map((from) => ({ json: { a: 1, error } as IDataObject, from }));
			const [first, second] = toItems({ rows, sent }).map(({ json }) => json);
			expect(first).toEqual(moved ? { a: 1, inputError: error } : { a: 1, error });
			expect(second).toEqual({ a: 1, error });
		},
	);

	it('names nothing where no contact has an error', () => {
		expect(toItems({ rows: [{ json: { a: 1 }, from: 0 }], sent: true })[0]?.json).toEqual({ a: 1 });
		expect(toItems({ rows: [], sent: true })).toEqual([]);
	});

	it('carries files, also by the error output', () => {
		const binary = { data: { data: '', mimeType: 'text/csv' } };
		const errors = [{ error: 'No', details: {}, from: 0, binary }];
		expect(toItems({ rows: [{ json: {}, from: 0, binary }], errors })).toMatchObject([
			{ binary },
			{ binary },
		]);
	});
});

describe('the file of an item', () => {
	const file = (data: string, id?: string) => ({ data, mimeType: 'text/csv', ...(id && { id }) });
	const read = async (
		binary: IBinaryKeyData,
		field: string | undefined,
		getBinaryStream?: (id: string, size: number) => Promise<AsyncIterable<Uint8Array>>,
	) => {
		const context = {
			getNodeParameter: (_: string, __: number, otherwise: string) => field ?? otherwise,
			getInputData: () => [{ json: {} }, { json: {}, binary }],
			helpers: {
				assertBinaryData: (item: number, name: string) => {
					if (item !== 1 || !binary[name]) throw new Error('none');
					return binary[name];
				},
				getBinaryStream,
			},
		} as unknown as IExecuteFunctions;
		const parts: Uint8Array[] = [];
		for await (const part of fileOf(context, 1).open()) parts.push(part);
		return Buffer.concat(parts).toString();
	};
	const base64 = (content: string) => Buffer.from(content).toString('base64');

	it('is the only one, however it is called, when no other is asked for', async () => {
		const upload = { Contacts: file(base64('a')) };
		expect(await read(upload, undefined)).toBe('a');
		expect(await read(upload, ' Contacts ')).toBe('a');
		await expect(read(upload, 'other')).rejects.toMatchObject({
			code: 'file_missing',
			what: "The input item has no file in the field 'other'",
			fix: "Enter one of its fields with files as 'Input Data Field Name': 'Contacts'",
		});
	});

	it('is not guessed among several', async () => {
		const two = { one: file(base64('a')), two: file(base64('b')) };
		await expect(read(two, undefined)).rejects.toMatchObject({
			fix: expect.stringContaining("'one', 'two'"),
		});
		expect(await read({ ...two, data: file(base64('c')) }, undefined)).toBe('c');
		await expect(read({}, undefined)).rejects.toMatchObject({
			fix: expect.stringMatching(/^Add a node that returns a file before this one/),
		});
	});

	it('is read whole, piece by piece', async () => {
		const content = 'a,b\n'.repeat(40_000);
		expect(await read({ data: file(base64(content)) }, 'data')).toBe(content);
	});

	it('is streamed from where n8n keeps it', async () => {
		const asked: unknown[] = [];
		const stream = async (...how: unknown[]) => {
			asked.push(how);
			return (async function* () {
				yield Buffer.from('kept ');
				yield Buffer.from('there');
			})();
		};
		expect(await read({ data: file('filesystem-v2', 'fs:1') }, 'data', stream)).toBe('kept there');
		expect(asked).toEqual([['fs:1', 262_144]]);
	});

	it('that n8n cannot hand over is reported without its path', async () => {
		const gone = async () => await Promise.reject(new Error('ENOENT /home/node/.n8n/x'));
		await expect(read({ data: file('', 'fs:1') }, 'data', gone)).rejects.toMatchObject({
			code: 'file_unreadable',
			what: "n8n couldn't provide the file",
			fix: 'Run the workflow again from the start',
		});
	});
});

test('a sub-workflow on the table belongs to the workflow that the node is in', async () => {
	const asked: unknown[] = [];
	const context = {
		getExecutionId: () => '7',
		getWorkflow: () => ({ id: 'w1' }),
		getWorkflowStaticData: () => ({}),
		executeWorkflow: async (...how: unknown[]) => {
			asked.push(how);
			return { data: [[{ json: { id: 't1', name: 'contacts' } }]] };
		},
	} as unknown as IExecuteFunctions;
	await openTable(context, { collectTable: 'contacts' })
		.run([{ do: 'get', where: { match: 'all', conditions: [] }, limit: 1 } as never])
		.catch(() => undefined);
	expect(asked[0]).toEqual([
		expect.anything(),
		expect.anything(),
		undefined,
		{ parentExecution: { executionId: '7', workflowId: 'w1' } },
	]);
});
