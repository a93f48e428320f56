import {
	columnsMissing,
	tableDeleted,
	tableMoved,
	tableRenamed,
	TableError,
	tableErrorOrThrow,
	toTableError,
} from '../../nodes/AlibabaCloudChatApp/store/table';

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
	["unknown column name 'sentAt'", 'data_table_columns', "'Data Table Name'"],
	[
		'Column(s) "sentAt" do not exist in the selected table',
		'data_table_columns',
		"'Data Table Name'",
	],
	["value 'x' does not match column type 'date'", 'data_table_columns', "'Data Table Name'"],
	[
		'The sub-workflow (1) cannot be called by this workflow',
		'data_tables_denied',
		'N8N_WORKFLOW_CALLER_POLICY_DEFAULT_OPTION',
	],
	['Specified column does not exist', 'data_table_columns', "'Data Table Name'"],
	['The instance is in read-only mode', 'data_table', 'can change Data Tables'],
	["Data table with ID 'no-such-table' could not be found", 'data_tables_missing', '2.4.8'],
])("n8n's text becomes advice: %s", (text, code, fix) => {
	const error = toTableError(new Error(text));
	expect(error).toMatchObject({ code, fix: expect.stringContaining(fix) });
	expect(error.message).toBe(`${error.what}. ${error.fix}`);
});

it.each([new Error("insert failed: mary@example.com, '15550100101'"), 'mary@example.com', null])(
	'any other text is left out, since it may quote a contact',
	(error) => {
		expect({ ...toTableError(error) }).toEqual({
			code: 'data_table',
			what: "n8n's Data Table returned an unexpected response",
			fix: "Check n8n's log, or, in Add Users, set 'When Below Minimum' to Send Anyway or Hold",
		});
	},
);

it('a TableError stays as it is', () => {
	const error = tableRenamed('contacts', 'people');
	expect(toTableError(error)).toBe(error);
	expect(tableErrorOrThrow(error)).toBe(error);
	expect(error).toBeInstanceOf(TableError);
});

it('an error that has nothing to do with the table, such as a canceled run, is thrown', () => {
	const canceled = new Error('canceled');
	expect(() => tableErrorOrThrow(canceled)).toThrow(canceled);
});

it.each([
	['was renamed', tableRenamed('ann@example.com', '+1 206 555 0123')],
	['lacks columns', columnsMissing('ann@example.com', ['email (string)', 'phone (string)'])],
	['lacks a column', columnsMissing('+1 206 555 0123', ['email (string)'])],
	['was deleted', tableDeleted('ann@example.com')],
	['stayed in another project', tableMoved('+1 206 555 0123')],
])('a table that %s is not named by a contact', (_, { message }) => {
	expect(message).not.toMatch(/ann@|206 555/);
	expect(message).toContain("'[hidden]'");
});
