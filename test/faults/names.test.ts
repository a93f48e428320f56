import type { IDataObject } from 'n8n-workflow';
import { SAMPLE_IDS } from '../engine/knownIds';
import { runNode, type InputFile, type NodeRun } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { textRow, workbookOf } from '../sources/file/archives';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

const { customAudienceId } = SAMPLE_IDS;
const ADDRESS = 'secret.person@example.com';
const NUMBER = '4915155501234';
const PERSONAL = /secret\.person|4915155501234|0151 ?555 ?01234/;
const person = { email: 'mary@example.com', phone: '+49 151 55501235' };

const csv = (content: string): Pick<NodeRun, 'files'> => ({
	files: [{ name: `${ADDRESS}.csv`, content } satisfies InputFile],
});

/** A workbook whose sheets are named by contacts. */
const rows = textRow(1, ['email']) + textRow(2, ['a@example.com']);
const book = [
	{ name: 'x.xlsx', content: workbookOf({ sheets: { [ADDRESS]: rows, [NUMBER]: rows } }) },
];

/** Items and files in which a name is a contact. */
const RUNS: Array<[string, Pick<NodeRun, 'items' | 'files' | 'set'>]> = [
	['items keyed by an address', { items: [{ [ADDRESS]: person }] }],
	['items keyed by a number', { items: [{ [NUMBER]: person }] }],
	['fields named by an address', { items: [{ [ADDRESS]: ADDRESS, note: 'x' }] }],
	['a field named by a number', { items: [{ [NUMBER]: NUMBER }] }],
	['people keyed by addresses', { items: [{ contacts: { [ADDRESS]: person, b: person } }] }],
	[
		'lists of people below an address',
		{ items: [{ email: 'a@example.com', [ADDRESS]: { members: [person, person] } }] },
	],
	['lists named by an address', { items: [{ [ADDRESS]: [person, person], email: 'a@b.example' }] }],
	['IDs below an address', { items: [{ [ADDRESS]: { contactId: 17 } }] }],
	['an ID named by a number', { items: [{ [`${NUMBER}_id`]: 17, id: 5 }] }],
	[
		'invalid values below an address',
		{ items: Array.from({ length: 12 }, () => ({ [ADDRESS]: { email: 'x', phone: '1' } })) },
	],
	[
		'opt-outs below an address',
		{
			items: [{ [ADDRESS]: { ...person, unsubscribed: true } }],
			set: { optedOut: 'send' },
		},
	],
	[
		'a field for the email that is an address',
		{
			items: [person],
			set: { mappingMode: 'defineBelow', emailField: ADDRESS, phoneField: NUMBER },
		},
	],
	['a field for consent that is an address', { items: [person], set: { consentField: ADDRESS } }],
	[
		'an expression for the email that is an address, with a file',
		{
			...csv('email,phone\na@example.com,1\n'),
			set: { mappingMode: 'defineBelow', emailField: `={{ "${ADDRESS}".toLowerCase() }}` },
		},
	],
	[
		'an expression for consent that is an address, with a file',
		{
			...csv('email,phone\na@example.com,1\n'),
			set: { consentField: `={{ "${ADDRESS}".toLowerCase() }}` },
		},
	],
	['a file without column names', csv(`${ADDRESS},${NUMBER}\nb@example.com,${NUMBER}\n`)],
	['a column named by a contact', csv(`name,${ADDRESS}\nmary,b@example.com\n`)],
	['column names with an address', csv(`email (${ADDRESS}),Bounced\n${'x,\n'.repeat(12)}`)],
	[
		'a sheet that is an address',
		{ ...csv('email\na@example.com\n'), set: { sheet: ADDRESS, delimiter: 'comma' } },
	],
	['sheets named by contacts', { files: book }],
	['sheets named by contacts, of which none is chosen', { files: book, set: { sheet: 'List' } }],
	['a sheet that is a contact and not there', { files: book, set: { sheet: `${NUMBER}0` } }],
	[
		'an input field that is an address',
		{ ...csv('email\na@example.com\n'), set: { binaryField: ADDRESS } },
	],
	[
		'an audience named after a contact',
		{
			items: [{ ...person, customAudienceId, customAudienceName: `${ADDRESS} (${NUMBER})` }],
			set: { keepDays: 0 },
		},
	],
	['a country that is an address', { items: [person], set: { defaultCountry: ADDRESS } }],
	['a number of contacts that is an address', { items: [person], set: { batchSize: ADDRESS } }],
	['a table that is an address', { items: [person], set: { collectTable: ADDRESS } }],
];

const WAYS: Array<[NonNullable<NodeRun['onError']>, IDataObject]> = [
	['stop', { underMinimum: 'warn' }],
	['continue', { underMinimum: 'collect' }],
	['output', { dryRun: true }],
];

/** What a run says, without what the person's own items and the Data Table contain. */
async function said(
	run: Pick<NodeRun, 'items' | 'files' | 'set'>,
	onError: NodeRun['onError'],
	more: IDataObject,
): Promise<string> {
	const { error, output, errorOutput, hints } = await runNode({
		simulator,
		...run,
		set: { ...more, ...run.set },
		onError,
		mode: 'manual',
		tables: new MemoryTables(),
	});
	const failed = errorOutput.map(({ error: text, details }) => ({ error: text, details }));
	const { message, description, context } = error ?? {};
	return JSON.stringify([message, description, context, output, failed, hints]);
}

describe('a field name that is a contact appears in no message, hint, or summary', () => {
	describe.each(WAYS)('with On Error %s and %p', (onError, more) => {
		it.each(RUNS)('%s', async (_name, run) => {
			expect(await said(run, onError, more)).not.toMatch(PERSONAL);
		});
	});
});
