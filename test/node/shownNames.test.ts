import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import { ALL_IDS } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { textRow, workbookOf } from '../sources/file/archives';
import { Lasting } from '../store/lasting';

const simulator = useSimulator();

const ANN = { email: 'ann@example.com' };
const OTHERS = [{ email: 'bob@example.com' }, { email: 'dee@example.com' }];
const BY_HAND = { mappingMode: 'defineBelow', source: 'file' };
const many = (count: number, item: IDataObject): IDataObject[] =>
	Array<IDataObject>(count).fill(item);
const sheet = (email: string) => textRow(1, ['email']) + textRow(2, [email]);
const bookOf = (...names: string[]) => [
	{
		name: 'list.xlsx',
		content: workbookOf({
			sheets: Object.fromEntries(names.map((name, at) => [name, sheet(`u${at}@example.com`)])),
		}),
	},
];
const csv = (content: string) => [{ name: 'list.csv', content }];
const binaryOf = (...names: string[]): IBinaryKeyData[] => {
	const file = { data: Buffer.from('email\n').toString('base64'), mimeType: 'text/csv' };
	return [Object.fromEntries(names.map((name) => [name, file]))];
};

/** A run in which something has a name, and how that is shown. */
type Case = [what: string, run: (name: string) => Partial<NodeRun>, shown: RegExp];

const KEYS: Case[] = [
	['the path of an email', (name) => ({ items: [{ [name]: ANN }] }), /"email":"\[hidden\]/],
	[
		'the path of a value that is not used',
		(name) => ({ items: [{ ...ANN, [name]: { field_3: '+4915112345678' } }] }),
		/Not used: '\[hidden\]/,
	],
	[
		'the path of someone else',
		(name) => ({ items: [{ id: 'e1', title: 'Demo', ...ANN, [name]: OTHERS }] }),
		/people in '\[hidden\]/,
	],
	[
		'the field of a no',
		(name) => ({ items: [{ [name]: { ...ANN, unsubscribed: true } }], set: { optedOut: 'send' } }),
		/"optedOut":{"\[hidden\].*included \('\[hidden\]/,
	],
	['the path of an ID', (name) => ({ items: [{ [name]: { contactId: 5 } }] }), /only '\[hidden\]/],
	[
		'a field whose values are invalid',
		(name) => ({ items: many(12, { [name]: { email: 'ann@' } }) }),
		/in the email field '\[hidden\]/,
	],
];

const NAMED: Case[] = [
	['a field of items without contacts', (name) => ({ items: [{ [name]: 'x', Foo: 1 }] }), /'Foo'/],
	[
		"a column that 'Email Field' names",
		(name) => ({ set: { ...BY_HAND, emailField: name }, files: csv('a,b\n1,2\n') }),
		/no column '\[hidden\]'/,
	],
	[
		"a column that an expression in 'Email Field' returns",
		(name) => ({ set: { ...BY_HAND, emailField: `={{ "${name}" }}` }, files: csv('a,b\n1,2\n') }),
		/no column '\[hidden\]'/,
	],
	['the columns', (name) => ({ files: csv(`${name},Foo\nx,y\n`) }), /columns are|is a contact/],
	[
		'the sheet',
		(name) => ({ files: bookOf(name, 'Other') }),
		/sheet '\[hidden\]'.*"sheet":"\[hidden\]"/,
	],
	['another sheet', (name) => ({ files: bookOf('List', name) }), /also in '\[hidden\]'/],
	["'Sheet'", (name) => ({ files: bookOf('List'), set: { sheet: name } }), /no sheet '\[hidden\]'/],
	['the sheets', (name) => ({ files: bookOf(name), set: { sheet: 'Old' } }), /it has '\[hidden\]'/],
	[
		"'Input Data Field Name'",
		(name) => ({ binary: binaryOf('a', 'b'), set: { source: 'file', binaryField: name } }),
		/no file in the field '\[hidden\]'/,
	],
	[
		'the fields with files',
		(name) => ({ binary: binaryOf('a', name), set: { source: 'file' } }),
		/'a', '\[hidden\]'/,
	],
	[
		'the audience',
		(name) => ({
			items: [{ ...ANN, customAudienceId: '500000000000001', customAudienceName: name }],
			set: { customAudienceId: '={{ $json.customAudienceId }}' },
		}),
		/"customAudienceName":"\[hidden\]".*sent to '\[hidden\]'/,
	],
];

const NAMES = ['mary.jones@example.com', 'mary.jones＠example.com', '+1 (555) 010-0101'];
// Items that are keyed by hashes aren't searched.
const HASH = 'dcf558aac1ae4e8cbf849bda566ecdfd';

/** All that a run returns in words. */
async function wordsOf(run: Partial<NodeRun>): Promise<string> {
	const { output, hints, error } = await runNode({ simulator, ...run });
	return JSON.stringify([output, hints, error]);
}

describe.each<[string, Case[]]>([
	...NAMES.map((name): [string, Case[]] => [name, [...KEYS, ...NAMED]]),
	[HASH, NAMED],
])('no output, hint, or error shows a contact: %s', (name, cases) => {
	it.each(cases)('as the name of %s', async (_, run, shown) => {
		const words = await wordsOf(run(name));
		expect(words).toMatch(shown);
		expect(words).not.toContain(name);
	});
});

describe('no message about the Data Table shows a contact in its name', () => {
	const NAME = 'mary.jones@example.com';
	let lasting: Lasting;
	beforeEach(() => {
		lasting = new Lasting();
	});
	const collecting = (collectTable: string, more: Partial<NodeRun> = {}): Partial<NodeRun> => ({
		items: [ANN],
		set: { ...ALL_IDS, collectTable },
		...lasting.run,
		...more,
	});

	it.each<[string, RegExp, () => void]>([
		['was deleted', /'\[hidden\]' was deleted/, () => (lasting.tables.tables.length = 0)],
		[
			'is in another project',
			/uses that project's Data Table '\[hidden\]'/,
			() => {
				lasting.tables.tables.length = 0;
				lasting.tables.project = 'another project';
			},
		],
		['lacks its columns', /'\[hidden\]' lacks/, () => (lasting.tables.tables[0]!.columns = [])],
		['was renamed', /'\[hidden\]', .* was renamed/, () => (lasting.tables.tables[0]!.name = 'x')],
	])('that %s', async (_, shown, spoil) => {
		const first = await wordsOf(collecting(NAME, { mode: 'manual' }));
		expect(first).toContain("stored in the Data Table '[hidden]'");
		spoil();
		const words = await wordsOf(collecting(NAME));
		expect(words).toMatch(shown);
		expect(first + words).not.toContain(NAME);
	});

	it('that was renamed to it', async () => {
		await runNode({ simulator, ...collecting('contacts') });
		lasting.tables.tables[0]!.name = NAME;
		const words = await wordsOf(collecting('contacts'));
		expect(words).toMatch(/was renamed to '\[hidden\]'.*enter '\[hidden\]'/);
		expect(words).not.toContain(NAME);
	});
});
