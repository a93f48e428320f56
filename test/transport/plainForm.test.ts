import { plainForm } from '../../nodes/AlibabaCloudChatApp/transport/redact';

test.each([
	['letters and digits', 'Ada 1815', 'ada1815'],
	['punctuation', '*** !?', ''],
	['nothing', '', ''],
	['punctuation between letters', 'a-d_a@ex.com', 'adaexcom'],
	['accents', 'Ádà É', 'adae'],
	['marks that are not seen', 'a\u200bd\u00ad\u200da\u0301\u0302', 'ada'],
	['wide letters', 'ＡＤＡ１', 'ada1'],
	['letters of other scripts', 'аdа αdα Ѕ', 'adaadas'],
	['letters that look like none of ours', 'жñ', 'жn'],
])('%s are compared alike', (_name, text, joined) => {
	expect(plainForm(text).joined).toBe(joined);
});

test('the words that stand for the punctuation of an address can be left out', () => {
	const { words, withoutSigns, joined } = plainForm('Ada (at) Example-DOT.com');
	expect(words).toEqual(['ada', 'at', 'example', 'dot', 'com']);
	expect(withoutSigns).toBe('adaexamplecom');
	expect(joined).toBe('adaatexampledotcom');
});

test('of a number the digits are compared alone, and letters end none', () => {
	expect(plainForm('+1 (555) 010-0101 ext. 5').digits).toBe('155501001015');
	expect(plainForm('+１ (５５５) ٠١٠').digits).toBe('1555010');
	expect(plainForm('none').digits).toBe('');
});

test('digits are read in every script', () => {
	const digits = Array.from({ length: 0x110000 - 0xe000 }, (_, index) =>
		String.fromCodePoint(index < 0xd800 ? index : index + 0x800),
	).filter((letter) => /\p{Nd}/u.test(letter));
	expect(digits.length).toBeGreaterThan(600);
	// Each script has ten of them, in their order.
	expect(digits.map((digit) => plainForm(digit).digits)).toEqual(
		digits.map((_, index) => String(index % 10)),
	);
});
