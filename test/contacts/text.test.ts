import { mayBeIdentifier, scalarText } from '../../nodes/AlibabaCloudChatApp/contacts/text';

it.each([
	['letters and digits', 'mary@example.com'],
	['the last characters of ASCII', 'zz~~~~ zz~'],
	['a plus', '+16505551212'],
	['letters of other scripts', '山田太郎 yamada'],
	['5,000 characters', 'a'.repeat(5000)],
])('leaves a text unchanged that contains %s', (_, text) => {
	expect(scalarText(text, 'email')).toBe(text);
});

it.each([
	['blanks at its beginning', ' mary@example.com'],
	['blanks at its end', 'mary@example.com '],
	['blanks at both ends', '\t mary@example.com \r\n'],
	['a line break at its end', 'mary@example.com\n'],
	['a blank that does not break', 'mary@example.com\u00a0'],
	['a zero-width space', 'mary@\u200bexample.com'],
	['a soft hyphen', 'mary@exam\u00adple.com'],
	['a mark of direction at its beginning', '\u202amary@example.com\u202c'],
	['a mark before blanks', '\ufeff  mary@example.com  \ufeff'],
])('removes invisible characters: %s', (_, text) => {
	expect(scalarText(text, 'email')).toBe('mary@example.com');
});

it.each(['-', '–', '—', '.', '_', '?', '/', ' ', '\t', '. ', '- '])(
	'reads a line of "%s" of any length as empty',
	(sign) => {
		for (const times of [1, 9, 10, 30, 199, 300]) {
			expect(scalarText(sign.repeat(times), 'phone')).toBeUndefined();
		}
	},
);

it.each(['n/a', 'N/A', 'na', 'none', 'NULL', 'nil', 'undefined', 'Unknown', ' unknown '])(
	'reads "%s" as empty, but not a text that contains it',
	(word) => {
		expect(scalarText(word, 'email')).toBeUndefined();
		const longer = `${word.trim()}@example.com`;
		expect(scalarText(longer, 'email')).toBe(longer);
	},
);

it('reads "na" as Namibia only in a country field', () => {
	expect(scalarText(' na ', 'country')).toBe('na');
	expect(scalarText('na', 'phone')).toBeUndefined();
	expect(scalarText('none', 'country')).toBeUndefined();
});

it('reads no text of more than 5,000 characters', () => {
	expect(scalarText('a'.repeat(5001), 'email')).toBeNull();
});

it.each<[unknown, string | null | undefined]>([
	[4930231255555, '4930231255555'],
	[0, '0'],
	[12345678901234567890n, '12345678901234567890'],
	[NaN, undefined],
	[false, undefined],
	[null, undefined],
	[undefined, undefined],
	[true, null],
])('reads %p as %p', (value, text) => expect(scalarText(value, 'phone')).toBe(text));

const HEX = '0123456789abcdef';

it.each(['mary@', 'ｍａｒｙ＠', HEX.repeat(2), HEX.repeat(4).toUpperCase(), 'z'.repeat(201)])(
	'%s could be an email',
	(text) => expect(mayBeIdentifier(text, 'email')).toBe(true),
);

it.each([
	'yes',
	'+16505551212',
	HEX,
	`${HEX.repeat(2)}g`,
	`-${HEX.repeat(2)}`,
	`${HEX.repeat(4)}0`,
	'z'.repeat(200),
	null,
	undefined,
])("%s couldn't be an email", (text) => expect(mayBeIdentifier(text, 'email')).toBe(false));

it.each(['12345', '1-2-3-4-5', 'call 555 12', '١٢٣٤٥', '1'.repeat(199)])(
	'%s could be a number',
	(text) => expect(mayBeIdentifier(text, 'phone')).toBe(true),
);

it.each(['yes', '1234', 'a1b2c3d4', '١٢٣٤', '1'.repeat(200), null, undefined])(
	"%s couldn't be a number",
	(text) => expect(mayBeIdentifier(text, 'phone')).toBe(false),
);
