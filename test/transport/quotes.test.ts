import { shownMessage } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { quotes } from '../../nodes/AlibabaCloudChatApp/transport/redact';

const HASH = 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79';
const SECRET = 'a+secret/with=signs';
const TOKEN = 'CAISimulatorToken0123456789';
const SENT = {
	secrets: [SECRET, TOKEN, ''],
	personal: () => ['ada.lovelace@example.com', 'ada@example.com', '15550100101', HASH],
};

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string, between = '') =>
	[...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(between);
const each = (text: string, to: (code: number) => string) =>
	[...text].map((letter) => to(letter.codePointAt(0) ?? 0)).join('');
const url = (text: string) => each(text, (code) => `%${code.toString(16)}`);

const EMAILS: Array<[name: string, text: string]> = [
	['as it is', 'ada@example.com'],
	['in capitals', 'ADA@EXAMPLE.COM'],
	['with spaces around the sign', 'ada @ example.com'],
	['with a space after the sign', 'ada@ example.com'],
	['with spaces everywhere', 'a d a @ e x a m p l e . c o m'],
	['with words for the punctuation', 'ada at example dot com'],
	['with words in brackets', 'ada [at] example [dot] com'],
	['with words in round brackets', 'ada(at)example(dot)com'],
	['over two lines', 'ada@\nexample.com'],
	['with a zero-width space', 'ada\u200b@exam\u200bple.com'],
	['with a soft hyphen', 'ada@exam\u00adple.com'],
	['in wide letters', 'ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
	['in bold letters', '𝐚𝐝𝐚@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦'],
	['with accents', 'ádà@éxample.com'],
	['with a Cyrillic letter', 'аdа@ехаmрlе.com'],
	['without its sign', 'ada example.com'],
	['with another sign', 'ada#example.com'],
	['with underscores', 'ada_example_com'],
	['as a domain first', 'example.com: ada'],
	['the local part alone', 'The user ada is not acceptable'],
	['the local part in quotes', "user 'ada'"],
	['a long local part in one word', 'adalovelace'],
	['a part of the local part', 'Lovelace is not acceptable'],
	['the domain alone', '***@example.com'],
	['masked', 'a**@example.com'],
	['URL-encoded', encodeURIComponent('ada@example.com')],
	['URL-encoded twice', encodeURIComponent(encodeURIComponent('ada@example.com'))],
	['URL-encoded three times', ['', '', ''].reduce(encodeURIComponent, 'ada@example.com')],
	['URL-encoded letter by letter', url('ada@example.com')],
	['URL-encoded letter by letter, twice', encodeURIComponent(url('ada@example.com'))],
	['with an entity', 'ada&#64;example&#46;com'],
	['with a hexadecimal entity', 'ada&#x40;example&#x2e;com'],
	['with a named entity', 'ada&commat;example&period;com'],
	['in entities', each('ada@example.com', (code) => `&#${code};`)],
	['in hexadecimal entities', each('ada@example.com', (code) => `&#x${code.toString(16)};`)],
	['in entities of entities', each('ada@example.com', (code) => `&amp;#${code};`)],
	['escaped for JSON', 'ada\\u0040example.com'],
	['with an escaped letter', '\\u0061da@example.com'],
	['in braced escapes', each('ada@example.com', (code) => `\\u{${code.toString(16)}}`)],
	['in escapes', each('ada@example.com', (code) => `\\u${code.toString(16).padStart(4, '0')}`)],
	['in escaped escapes', each('ada@example.com', (code) => `\\\\u00${code.toString(16)}`)],
	['in code points', each('ada@example.com', (code) => `U+00${code.toString(16)} `)],
	['in hexadecimal escapes', each('ada@example.com', (code) => `\\x${code.toString(16)}`)],
	['in octal escapes', each('ada@example.com', (code) => `\\${code.toString(8).padStart(3, '0')}`)],
	['quoted-printable', each('ada@example.com', (code) => `=${code.toString(16).toUpperCase()}`)],
	['in base64', base64('ada@example.com')],
	['in base64 behind letters', `value${base64('ada@example.com')}`],
	['in base64 of JSON', base64('[{"Email":"ada@example.com"}]')],
	['in base64 over lines', base64('the user ada@example.com').replace(/(.{10})/g, '$1\n')],
	['in base64 for URLs', base64('ada@example.com??>>').replace(/\+/g, '-').replace(/\//g, '_')],
	['in base64 of base64', base64(base64('ada@example.com'))],
	['in base64 of URL encoding', base64('ada%40example.com')],
	['as a MIME word', `=?utf-8?B?${base64('ada@example.com')}?=`],
	['in hex', hex('ada@example.com')],
	['in hex with spaces', hex('ada@example.com', ' ')],
	['in hex with colons', hex('ada@example.com', ':')],
	['in character codes', each('ada@example.com', (code) => `${code} `)],
	['in character codes with commas', each('ada@example.com', (code) => `${code}, `)],
	['in ROT13', 'nqn@rknzcyr.pbz'],
	['backwards', 'moc.elpmaxe@ada'],
];

const NUMBERS: Array<[name: string, text: string]> = [
	['as it is', '15550100101'],
	['with a plus', '+15550100101'],
	['with zeros', '0015550100101'],
	['without its country code', '(555) 010-0101'],
	['its last digits', '010 0101'],
	['with hyphens', '1-555-010-0101'],
	['with en dashes', '1–555–010–0101'],
	['with middle dots', '1·555·010·0101'],
	['with commas', '1,555,010,0101'],
	['with underscores', '1_555_010_0101'],
	['with slashes', '1/555/010/0101'],
	['with no-break spaces', '1\u00a0555\u00a0010\u00a00101'],
	['with zero-width spaces', '1555\u200b0100\u200b101'],
	['digit by digit', '1 5 5 5 0 1 0 0 1 0 1'],
	['with words between', '1 then 555 then 010 then 0101'],
	['in wide digits', '１５５５０１００１０１'],
	['in Arabic digits', '١٥٥٥٠١٠٠١٠١'],
	['in circled digits', '①⑤⑤⑤⓪①⓪⓪①⓪①'],
	['in entities', each('15550100101', (code) => `&#${code};`)],
	['URL-encoded', url('15550100101')],
	['in base64', base64('15550100101')],
	['backwards', '10100105551'],
];

const OTHERS: Array<[name: string, text: string]> = [
	['a hash', HASH],
	['a hash in capitals', HASH.toUpperCase()],
	['the beginning of a hash', HASH.slice(0, 20)],
	['the end of a hash', HASH.slice(-20)],
	['a secret', SECRET],
	['a secret, URL-encoded', encodeURIComponent(SECRET)],
	['a secret in base64', base64(SECRET)],
	['a token', TOKEN],
	['the beginning of a token', TOKEN.slice(0, 15)],
];

test.each([...EMAILS, ...NUMBERS, ...OTHERS])(
	'leaves out a message that repeats what was sent: %s',
	(_name, text) => {
		expect(quotes(text, SENT)).toBe(true);
		const shown = shownMessage(`Not acceptable: ${text} .`, SENT);
		expect(shown).toContain('not shown');
		expect(shown.toLowerCase()).not.toMatch(/ada|lovelace|example|0101|f1904|secret|cais/);
	},
);

test.each([
	"The parameter 'CustomAudienceId' is missing. Code 404, 12 users.",
	'The business refused the request.',
	'User not authorized to operate on the specified resource.',
	'Request was denied due to user flow control.',
	'Canada and Adana are not countries of this audience',
	'Specified timestamp 2026-11-24 is expired',
])('shows a message that repeats nothing: %s', (text) => {
	expect(quotes(text, SENT)).toBe(false);
});

test.each([
	['a hash that begins with digits', `15${HASH}`, `Unknown: 15${HASH.slice(0, 20)}`, true],
	['a name of three letters', 'max@shop.example', 'The user max is unknown', true],
	['a name of two', 'an@shop.example', 'This is an error', false],
	['a part of a name of four letters', 'mary.l@shop.example', 'Mary is unknown', true],
	['a part of three', 'max.l@shop.example', 'The max is 10', false],
	['a part that is a word of the API', 'info.berlin@shop.example', 'See the info', false],
	['a name of six letters within a word', 'murphy@shop.example', 'xxmurphyxx', true],
	['a name of five', 'green@shop.example', 'evergreens', false],
	['the end of a name', 'mountevergreen@shop.example', 'The evergreen is unknown', false],
	['the pieces of a name', 'goldenbridge@shop.example', 'A golden road, a bridge', false],
	['a domain of six letters', 'x@abcd.de', 'Unknown: ab cdde', true],
	['a domain of four, at the end', 'x@ab.de', 'Unknown: ab de', false],
	['seven digits', '15550100101', 'Unknown: 0100101', true],
	['six digits', '15550100101', 'Unknown: 100101', false],
	['a number that is too short to tell', '100101', 'Unknown: 100101', false],
])('knows %s', (_name, value, text, isQuoted) => {
	expect(quotes(text, { secrets: [], personal: () => [value] })).toBe(isQuoted);
});

test('a message says nothing of those that nothing is known of', () => {
	expect(quotes('The user is unknown', { secrets: [''] })).toBe(false);
	expect(quotes('', SENT)).toBe(false);
});

test('a contact called like a word of the API hides no message', () => {
	const personal = () => [
		'user@a-domain.example',
		'info@b-domain.example',
		'request@c-domain.example',
	];
	const text = 'The user is invalid. For more info see the request.';
	expect(shownMessage(text, { secrets: [], personal })).toBe(text);
});

test('takes no longer when a message is made to look like all of them', () => {
	const users = Array.from({ length: 10_000 }, (_, n) => `customer${n}@shop.example`);
	const near = Array.from({ length: 90 }, (_, n) => `customer hop exam ${n} ple`).join(' ');
	const sent = { secrets: [], personal: () => users };
	const text = `${base64(near.slice(0, 600))} ${near}`;
	shownMessage(text, sent);
	const before = process.cpuUsage();
	shownMessage(text, sent);
	expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});

test('takes a batch of ten thousand in its stride', () => {
	const users = Array.from({ length: 10_000 }, (_, n) => [
		`customer${n}@shop${n}.example`,
		String(49_171_000_000_0 + n * 7919),
	]).flat();
	const sent = { secrets: [SECRET], personal: () => users };
	const text = 'The value of the parameter is not acceptable, see the documentation. '.repeat(28);
	expect(shownMessage(text, sent)).toContain('The value of the parameter');
	const before = process.cpuUsage();
	shownMessage(text, sent);
	expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
	expect(shownMessage(`User customer9999@shop9999.example`, sent)).toContain('not shown');
});
