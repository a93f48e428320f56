import {
	namesOf,
	rowReader,
	titledNames,
} from '../../../nodes/AlibabaCloudChatApp/sources/file/columns';
import { endsInTime } from '../../endsInTime';
import { rowsIn } from './files';

it.each([
	[
		['Email', ' Phone '],
		['Email', 'Phone'],
	],
	[
		['a', 'a', 'a'],
		['a', 'a_1', 'a_2'],
	],
	[
		['a', ' a', 'a_1', 'b'],
		['a', 'a_2', 'a_1', 'b'],
	],
	[
		['', 'x', ' '],
		['column_0', 'x', 'column_2'],
	],
	[[], []],
	[
		['a', 'a', ' a_1'],
		['a', 'a_2', 'a_1'],
	],
])('each column keeps its own name: %j', (header, names) => {
	expect(namesOf(header, 9)).toEqual(names);
});

it(
	'many columns with one name are soon numbered',
	endsInTime(() => {
		// Counting again for each took twenty seconds.
		expect(namesOf(Array<string>(20_000).fill('a'), 20_000).at(-1)).toBe('a_19999');
	}),
	10_000,
);

it("a workbook's row that lacks a cell leaves its column without a name", () => {
	const header: string[] = [];
	header[0] = 'a';
	header[2] = 'b';
	expect(namesOf(header, 3)).toEqual(['a', 'column_1', 'b']);
});

it('columns without names have their positions', () => {
	expect(namesOf(undefined, 3)).toEqual(['0', '1', '2']);
});

it('another column, such as the direction of a call, may show whose number it is', () => {
	const columns = ['direction', 'email', 'caller_number', 'destination', 'agent'];
	const read = rowReader(columns, 'auto');
	const contact = read(['outbound', 'agent@agency.example', '+14155552672', '+14155552671', 'x']);
	expect(contact.email).toBeUndefined();
	expect(contact.phone).toBe('+14155552671');
});

it('JSON in a cell may be about the contact, as in an item', () => {
	const read = rowReader(['user.email', 'user.phone', 'fields', 'note'], 'auto');
	const user = ['owner@agency.example', '+12125550101'];
	expect(read([...user, '', 'x'])).toMatchObject({ email: user[0], phone: user[1] });
	const fields = [
		{ name: 'Email', value: 'mary@example.com' },
		{ name: 'Phone', value: '+4915112345678' },
	];
	expect(read([...user, JSON.stringify(fields), 'x'])).toMatchObject({
		email: expect.objectContaining({ value: 'mary@example.com' }),
		phone: expect.objectContaining({ value: '+4915112345678' }),
	});
});

const adviceFor = (names: string[], mapping: Parameters<typeof rowReader>[1] = 'auto') => {
	try {
		rowReader(names, mapping);
	} catch (error) {
		const { code, what, fix } = error as { code: string; what: string; fix: string };
		expect(code).toBe('file_no_column');
		return [what, fix];
	}
	return undefined;
};

const letters = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);
const quoted = (names: string[]) => names.map((name) => `'${name}'`).join(', ');
const BY_NAME = "Set 'Mapping Mode' to Map Each Field Below, and enter the column names";
const BY_POSITION =
	"Set 'Mapping Mode' to Map Each Field Below, and enter the positions of the columns: 0 for the first, 1 for the second";
const NO_NAME = 'The file has no column for an email or phone number; its columns are';
const A_CONTACT = 'The first row of the file is a contact, not the column names';
const HEADLESS =
	"Turn off 'Header Row' in 'File Options', set 'Mapping Mode' to Map Each Field Below, and enter the positions of the columns: 0 for the first, 1 for the second";

describe("if 'Map Automatically' recognizes no column, that is reported", () => {
	it.each<[string, string[], string, string]>([
		['which there are', ['Foo', 'Bar'], `${NO_NAME} 'Foo', 'Bar'`, BY_NAME],
		['twelve of them', letters(12), `${NO_NAME} ${quoted(letters(12))}`, BY_NAME],
		[
			'how many more there are',
			letters(14),
			`${NO_NAME} ${quoted(letters(12))} and 2 more`,
			BY_NAME,
		],
		['the beginning of a long one', ['x'.repeat(201)], `${NO_NAME} '${'x'.repeat(200)}…'`, BY_NAME],
		['a year, which is no phone number', ['Sales 2024'], `${NO_NAME} 'Sales 2024'`, BY_NAME],
		['that one is a contact', ['Foo', 'mary@example.com'], A_CONTACT, HEADLESS],
		['that one is a phone number', ['Foo', '555-01'], A_CONTACT, HEADLESS],
		[
			'that they have no names',
			['0', '1'],
			"Without column names, the node can't know which column contains an email or phone number",
			BY_POSITION,
		],
		['that not all have names', ['0', '2'], `${NO_NAME} '0', '2'`, BY_NAME],
	])('%s', (_, names, what, fix) => {
		expect(adviceFor(names)).toEqual([what, fix]);
	});
});

describe("if 'Map Each Field Below' names a column that doesn't exist, that is reported", () => {
	const NAMES = ['Foo', 'Bar'];
	const COLUMNS = "; its columns are 'Foo', 'Bar'";

	it.each<[string, string[], object, string, string]>([
		['of the email', NAMES, { email: ' Mail ' }, `'Mail'${COLUMNS}`, "Check 'Email Field'"],
		['of the phone', NAMES, { email: 'Foo', phone: 'x' }, `'x'${COLUMNS}`, "Check 'Phone Field'"],
		['of the country', NAMES, { country: 'x' }, `'x'${COLUMNS}`, "Check 'Country Field'"],
		['by half a path', NAMES, { email: 'Foo.Bar' }, `'Foo.Bar'${COLUMNS}`, "Check 'Email Field'"],
		[
			'without showing a contact',
			['Foo', 'mary@example.com'],
			{ email: 'Mail' },
			"'Mail'",
			"Check 'Email Field'",
		],
	])('%s', (_, names, mapping, column, fix) => {
		expect(adviceFor(names, mapping)).toEqual([`The file has no column ${column}`, fix]);
	});

	it.each([{}, { email: ' ', phone: '' }, { country: 'Foo' }])(
		'and if none is named: %j',
		(mapping) => {
			expect(adviceFor(NAMES, mapping)).toEqual([
				"Neither 'Email Field' nor 'Phone Field' contains a column name",
				'Fill in one of them',
			]);
		},
	);
});

it.each([
	[{ email: 'Foo' }, { email: 'a', phone: undefined, country: undefined }],
	[{ phone: ' Foo ' }, { email: undefined, phone: 'a', country: undefined }],
	[
		{ email: '["Foo"]', country: 'a.b' },
		{ email: 'a', phone: undefined, country: 'b' },
	],
	[
		{ email: '["x"].y', phone: "['a.b']" },
		{ email: 'c', phone: 'b', country: undefined },
	],
])('a contact is read from the named columns: %j', (mapping, contact) => {
	expect(rowReader(['Foo', 'a.b', '["x"].y'], mapping)(['a', 'b', 'c'])).toEqual(contact);
});

it('a message shows no contact, even if a name or an expression is one', () => {
	expect(adviceFor(['Foo'], { email: 'mary@example.com' })?.[0]).toBe(
		"The file has no column '[hidden]'; its columns are 'Foo'",
	);
});

it.each([
	['Customer,,Manager', 'Name,Email,Email', 'Customer Name,Customer Email,Manager Email'],
	['Customer,,Manager', 'Name,,Name', 'Customer Name,,Manager Name'],
	['Customer,,Manager', 'Name,Email,Phone', 'Name,Email,Phone'],
	['Customers', 'Name,Email,Email', 'Name,Email,Email'],
	['As of 2026,,Manager', 'Name,Email,Email', 'Name,Email,Email'],
	[`Customer,,${'x'.repeat(41)}`, 'Name,Email,Email', 'Name,Email,Email'],
])('below the titles %j, the names %j mean %j', (titles, names, meant) => {
	expect(titledNames(names.split(','), titles.split(','))).toEqual(meant.split(','));
});

it('titles are directly above the names', async () => {
	const above = async (text: string) => (await rowsIn(text)).head?.above;
	expect(await above('a,b\nEmail,Email\na@example.com,\n')).toEqual(['a', 'b']);
	expect(await above('a,b\n\nEmail,Email\na@example.com,\n')).toBeUndefined();
});
