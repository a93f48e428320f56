import {
	renamed,
	TableTrouble,
	troubleOf,
	troubleOrThrow,
} from '../../nodes/AlibabaCloudChatApp/store/tableError';

it.each([
	[
		'Attempted to use Data table node but the module is disabled',
		'data_tables_off',
		'N8N_DISABLED_MODULES',
	],
	['Unrecognized node type: n8n-nodes-base.dataTable', 'data_tables_missing', 'NODES_EXCLUDE'],
	[
		'Data table size limit exceeded: 50MB used, limit is 50MB',
		'data_tables_full',
		'N8N_DATA_TABLES_MAX_SIZE_BYTES',
	],
	['this.executeWorkflow is not a function', 'data_tables_unreachable', 'saved workflow'],
	["unknown column name 'sentAt'", 'data_table_columns', "'Collect Table'"],
	[
		'Column(s) "sentAt" do not exist in the selected table',
		'data_table_columns',
		"'Collect Table'",
	],
	["value 'x' does not match column type 'date'", 'data_table_columns', "'Collect Table'"],
	['The instance is in read-only mode', 'data_table', 'may change Data Tables'],
	["Data table with ID 'no-such-table' could not be found", 'data_tables_missing', '2.3.6'],
])('what n8n says is told as what a person can do: %s', (text, code, fix) => {
	const trouble = troubleOf(new Error(text));
	expect(trouble).toMatchObject({ code, fix: expect.stringContaining(fix) });
	expect(trouble.message).toBe(`${trouble.what}. ${trouble.fix}`);
});

it.each([new Error("insert failed: mary@example.com, '15550100101'"), 'mary@example.com', null])(
	'any other answer is told without its text, which may quote a contact',
	(error) => {
		expect({ ...troubleOf(error) }).toEqual({
			code: 'data_table',
			what: "n8n's Data Table did not answer as expected",
			fix: "Look at n8n's log, or set 'Under Minimum' to Send Anyway or Hold",
		});
	},
);

it('what is told already stays as it is', () => {
	const trouble = renamed('contacts', 'people');
	expect(troubleOf(trouble)).toBe(trouble);
	expect(troubleOrThrow(trouble)).toBe(trouble);
	expect(trouble).toBeInstanceOf(TableTrouble);
});

it('what is no matter of the table, such as a canceled run, is thrown on', () => {
	const canceled = new Error('canceled');
	expect(() => troubleOrThrow(canceled)).toThrow(canceled);
});
