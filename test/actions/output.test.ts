import type { IDataObject } from 'n8n-workflow';
import { toItems } from '../../nodes/AlibabaCloudChatApp/actions/output';

test('items are paired with the input items that they come from', () => {
	const rows = [
		{ json: { a: 1 }, from: 3 },
		{ json: { a: 2 }, from: [0, 2] },
	];
	expect(toItems({ rows })).toEqual([
		{ json: { a: 1 }, pairedItem: { item: 3 } },
		{ json: { a: 2 }, pairedItem: [{ item: 0 }, { item: 2 }] },
	]);
});

test.each<[unknown, boolean | undefined, boolean]>([
	['bad', true, true],
	[0, true, true],
	['bad', false, false],
	[false, true, false],
	[null, true, false],
])(
	"the first contact's own error %j (changed: %j) is returned under another name: %j",
	(error, changed, isRenamed) => {
		const rows = [0, 1].map((from) => ({ json: { a: 1, error } as IDataObject, from }));
		const [first, second] = toItems({ rows, changed }).map(({ json }) => json);
		expect(first).toEqual(isRenamed ? { a: 1, inputError: error } : { a: 1, error });
		expect(second).toEqual({ a: 1, error });
	},
);

test('nothing is renamed if no contact has an error', () => {
	expect(toItems({ rows: [{ json: { a: 1 }, from: 0 }], changed: true })[0]?.json).toEqual({
		a: 1,
	});
	expect(toItems({ rows: [], changed: true })).toEqual([]);
});

test('items and error items contain their files', () => {
	const binary = { data: { data: '', mimeType: 'text/csv' } };
	const errors = [{ error: 'No', details: {}, from: 0, binary }];
	expect(toItems({ rows: [{ json: {}, from: 0, binary }], errors })).toMatchObject([
		{ binary },
		{ binary },
	]);
});
