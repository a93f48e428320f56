import { literal, parametersOf } from '../../nodes/AlibabaCloudChatApp/store/dataTable';
import { all, type Step, where } from '../../nodes/AlibabaCloudChatApp/store/table';

it.each<[string, Step, object]>([
	[
		'insert, of whatever comes in',
		{ do: 'insert', rows: [] },
		{
			operation: 'insert',
			columns: { mappingMode: 'autoMapInputData', value: null },
			options: { optimizeBulk: true },
		},
	],
	[
		'get, by ascending id',
		{ do: 'get', where: all(where('audience', 'eq', 'a')), limit: 7 },
		{
			operation: 'get',
			matchType: 'allConditions',
			filters: { conditions: [{ keyName: 'audience', condition: 'eq', keyValue: 'a' }] },
			returnAll: false,
			limit: 7,
			orderBy: true,
			orderByColumn: 'id',
			orderByDirection: 'ASC',
		},
	],
	[
		'get, the latest first',
		{ do: 'get', where: { match: 'any', conditions: [] }, limit: 1, latest: 'sentAt' },
		{
			operation: 'get',
			matchType: 'anyCondition',
			filters: { conditions: [] },
			returnAll: false,
			limit: 1,
			orderBy: true,
			orderByColumn: 'sentAt',
			orderByDirection: 'DESC',
		},
	],
	[
		'update',
		{ do: 'update', where: all(where('leaseUntil', 'isEmpty')), set: { claim: null, email: '=1' } },
		{
			operation: 'update',
			matchType: 'allConditions',
			filters: { conditions: [{ keyName: 'leaseUntil', condition: 'isEmpty' }] },
			columns: {
				mappingMode: 'defineBelow',
				value: { claim: null, email: '={{ decodeURIComponent("%3D1") }}' },
			},
			options: {},
		},
	],
	[
		'delete',
		{ do: 'delete', where: all(where('id', 'gt', 7)) },
		{
			operation: 'deleteRows',
			matchType: 'allConditions',
			filters: { conditions: [{ keyName: 'id', condition: 'gt', keyValue: 7 }] },
			options: {},
		},
	],
])("n8n's node is told to %s", (_, step, parameters) => {
	expect(parametersOf(step)).toStrictEqual(parameters);
});

it.each([
	['a=b', 'a=b'],
	[7, 7],
	[null, null],
	['=a"}}\\', '={{ decodeURIComponent("%3Da%22%7D%7D%5C") }}'],
])('only a text that n8n would evaluate becomes an expression: %j', (value, parameter) => {
	expect(literal(value)).toBe(parameter);
});
