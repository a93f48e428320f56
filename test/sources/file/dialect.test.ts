import { dialectOf, isFilled } from '../../../nodes/AlibabaCloudChatApp/sources/file/dialect';

it.each([
	['', '\n'],
	['a', '\n'],
	['a\nb', '\n'],
	['a\r\nb', '\n'],
	['a\rb', '\r'],
	['a\rb\nc', '\r'],
	['a\nb\rc', '\n'],
	['a\r', '\r'],
	['a\n', '\n'],
	['\rb', '\r'],
	['"a\rb"\nc', '\n'],
	['"a\nb"\rc', '\r'],
	['"a""\r"\nc', '\n'],
	['"a\rb', '\n'],
	['"a\r', '\r'],
])('the rows of %j end with %j', (text, newline) => {
	expect(dialectOf(text, ',').newline).toBe(newline);
});

it.each([
	['', ','],
	['a', ','],
	['a;b', ';'],
	['a\tb', '\t'],
	['a|b', '|'],
	['a b', ','],
	['a,b;c;d\n1;2;3\n', ';'],
	['a;b,c,d\n1;2;3;4\n1,2,3\n', ','],
	['a,b;c\n1,2;3\n', ','],
	['a,b;c;d\n1,2;3;4\n', ';'],
	['a;b\n\n\n1,5;2\n \n', ';'],
	['a,b\n1;2\n3;4\n5,6\n', ','],
	[`a;b\n${'1;2\n'.repeat(18)}${'1;2;3,4\n'.repeat(50)}`, ';'],
	['a,b,c;d\n1;2\n', ';'],
	['\n\na;b\n1;2\n', ';'],
	['a,b;c;d\n1,2\n3,4;5\n', ','],
])(
	'of %j the separator is the one that makes the most even, and then the widest rows: %j',
	(text, separator) => {
		expect(dialectOf(text, '').separator).toBe(separator);
	},
);

it.each([
	['sep=;\na,b', ';', 6],
	['SEP=|\r\na,b', '|', 7],
	['sep=,\ra;b', ',', 6],
	['sep=\t', '\t', 5],
	['sep=;;\na;b', ';', 0],
	['sep=\na,b', ',', 0],
	['xsep=;\na;b', ';', 0],
	['a,b\nsep=;\n', ',', 0],
])(
	'a line that tells Excel the separator is obeyed, and is no row: %j',
	(text, separator, start) => {
		expect(dialectOf(text, '')).toMatchObject({ separator, start });
	},
);

it('the separator that the person chose counts for more than all else', () => {
	expect(dialectOf('sep=;\na,b', '\t')).toMatchObject({ separator: '\t', start: 6 });
});

it.each([
	[[], false],
	[[''], false],
	[[' \t'], false],
	[['\x1a'], false],
	[['a'], true],
	[[' a '], true],
	[['', ''], true],
])('an empty line is no row: %j', (row, is) => {
	expect(isFilled(row)).toBe(is);
});
