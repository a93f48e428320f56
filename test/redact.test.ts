import {
	codeIn,
	redact,
	shownCode,
	shownMessage,
	shownName,
	shownRequestId,
} from '../nodes/AlibabaCloudChatApp/redact';
import { endsInTime } from './endsInTime';

const HASH = 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79';
const SECRET = 'a+secret/with=signs';

test.each([
	['plain', 'The user mary@example.com is not acceptable', 'mary'],
	['upper-case', 'The user MARY@EXAMPLE.COM is not acceptable', 'mary'],
	['an apostrophe', "The user o'neil@example.com is not acceptable", 'neil'],
	['a quoted name', 'The user "mary.s"@example.com is not acceptable', 'mary'],
	['a quoted name in JSON', '{"Email":"\\"mary.s\\"@example.com"}', 'mary'],
	['a full-width sign', 'The user mary＠example.com is not acceptable', 'mary'],
	['URL-encoded', 'email=mary%40example.com', 'mary'],
	['URL-encoded twice', 'email=mary%2540example.com', 'mary'],
	['escaped for JSON', 'mary\\u0040example.com', 'mary'],
	['escaped for HTML', 'mary&#64;example.com', 'mary'],
	['in JSON', '[{"Email":"mary@example.com","Phone":"15550100101"}]', 'mary'],
	['a phone number', 'Phone 15550100101 is not acceptable', '0101'],
	['a written phone number', 'Phone +1 (555) 010-0101 is not acceptable', '0101'],
	['a phone number in a form', 'Phone=%2B1+555+010+0101', '0101'],
	['a phone number with encoded spaces', '1%20555%20010%200101', '0101'],
	['a hash', `User ${HASH} is not acceptable`, 'f1904'],
	['an upper-case hash', `User ${HASH.toUpperCase()} is not acceptable`, 'f1904'],
	['a secret', `Signed with ${SECRET}.`, 'with=signs'],
	['a URL-encoded secret', `Signed with ${encodeURIComponent(SECRET)}.`, 'with'.concat('%3d')],
	['an unknown token', '"x-acs-security-token":"CAISabc"', 'caisabc'],
	['a URL with its parameters', 'POST /?CustSpaceId=cams-1&PageId=2 HTTP/1.1', 'cams-1'],
	['the signature calculation', 'No match. server StringToSign is [POST\n/\nx-acs:1]', 'x-acs'],
])('hides %s', (_name, text, fragment) => {
	expect(redact(text, [SECRET]).toLowerCase()).not.toContain(fragment);
});

test('shows no characters that change how the rest is shown', () => {
	expect(redact('\u202eRefused\u0007 \u200bfor now\u001b[31m')).toBe('Refused for now[31m');
});

test('leaves the words of a message unchanged', () => {
	const text = "The parameter 'CustomAudienceId' is missing. Code 404, 12 users.";
	expect(redact(text)).toBe(text);
});

test.each([
	['an email', 'The user "mary s"@example.com is unknown', 'The user [hidden] is unknown'],
	['a number', 'Phone +1 (555) 010-0101, or 15550100101.', 'Phone +[hidden], or [hidden].'],
	['a hash', `User ${HASH} is unknown`, 'User [hidden] is unknown'],
	['what is named as a secret', 'No "token": "abc" here', 'No "[hidden] here'],
	['a secret, wherever it is', `${SECRET}, ${SECRET.toUpperCase()}`, '[hidden], [hidden]'],
	['a URL', 'See https://cams.example.com/?PageId=1 .', 'See [hidden] .'],
	['parameters alone', 'See ?PageId=1', 'See [hidden]'],
	["what isn't a URL", 'Is a=b? Or c=d?', 'Is a=b? Or c=d?'],
	['an equals sign', 'a=b', 'a=b'],
	['line breaks and extra spaces', '  two  lines,\n\tone\r\n', 'two lines, one'],
	['the signature calculation, though nothing is left', 'StringToSign is [POST]', ''],
])('hides no more than %s', (_name, text, shown) => {
	expect(redact(text, ['', SECRET])).toBe(shown);
});

test('shows 300 characters of a message, and that there were more', () => {
	const text = 'word '.repeat(60);
	expect(redact(`${text}12345`.slice(5))).toBe(`${text}12345`.slice(5));
	expect(redact(`${text}123456`.slice(5))).toBe(`${`${text}12345`.slice(5)}…`);
});

test.each([
	['the whole of 2,000 characters', `${'x'.repeat(299)} ${'y '.repeat(850)}`, 301],
	['no part of a word that is cut', `some ${'x'.repeat(1995)}!`, 4],
	['no part of a word after a line break', `some\n${'x'.repeat(1995)}!`, 4],
	['nothing of one long word', 'x'.repeat(2001), 0],
])('of a text, reads %s', (_name, text, length) => {
	expect(redact(text)).toHaveLength(length);
});

test('reads a limited part of a long text, and cuts no email in two', () => {
	const text = `${'x'.repeat(1990)} mary@example.com`.repeat(500);
	expect(redact(text)).not.toContain('mary');
	expect(redact('@'.repeat(1_000_000)).length).toBeLessThanOrEqual(301);
});

test.each([
	['question marks', '?'.repeat(2000)],
	['question marks and equals signs', '?='.repeat(1000)],
	['at signs', '@'.repeat(1_000_000)],
	['quotes', '"'.repeat(2000)],
	['quotes with at signs', '"a@'.repeat(700)],
	['backslashes', '\\'.repeat(2000)],
	['names of secrets', 'token '.repeat(340)],
	['names of secrets and spaces', `token${' '.repeat(1900)}x`],
	['digits far apart', '1   '.repeat(500)],
	['digits', '1'.repeat(2000)],
	['hash-like letters', 'abcdef'.repeat(330)],
	['percent signs', '%25'.repeat(660)],
	['entities', '&#x40;'.repeat(330)],
	['the calculation', 'StringToSign server '.repeat(100)],
	['spaces', ' '.repeat(2000)],
	['base64 in base64', Buffer.from('YWRh'.repeat(300)).toString('base64')],
	['line breaks', '\n'.repeat(1_000_000)],
])(
	'ends quickly for %s',
	endsInTime((_kind, text) => {
		const sent = { secrets: [SECRET], personal: () => ['mary@example.com', '15550100101'] };
		for (let again = 0; again < 10; again++) {
			redact(text, [SECRET]);
			shownMessage(text, sent);
		}
	}),
	// Ten times take a tenth of a second at most.
	5000,
);

const TOKEN = 'CAISimulatorToken0123456789';
const SENT = {
	secrets: [SECRET, TOKEN, ''],
	personal: () => ['ada.lovelace@example.com', 'zoë@example.com', '15550100101', HASH],
};
const NOT_SHOWN = '[not shown, because it repeats what was sent]';
const encode = (text: string) => encodeURIComponent(text);
const encodeAll = (text: string) =>
	[...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');

test.each([
	['an email', 'The user ada.lovelace@example.com is unknown'],
	['an email in capitals', 'ADA.LOVELACE@EXAMPLE.COM'],
	['an email in a word', 'user:ada.lovelace@example.com.'],
	['a URL-encoded email', encode('ada.lovelace@example.com')],
	['an email that is URL-encoded twice', encode(encode('ada.lovelace@example.com'))],
	['an email of which each letter is URL-encoded', encodeAll('ada.lovelace@example.com')],
	['a URL-encoded email that is not ASCII', encode('zoë@example.com')],
	['a number', 'Phone 15550100101 is unknown'],
	['a number in a longer one', '0015550100101'],
	['a hash', `User ${HASH}`],
	['a hash in capitals', HASH.toUpperCase()],
	['a secret', `Signed with ${SECRET}.`],
	['a URL-encoded secret', `Signed with ${encode(SECRET)}.`],
	['a token', `No session ${TOKEN}`],
])('a message is not shown when it repeats %s', (_name, text) => {
	expect(shownMessage(text, SENT)).toBe(NOT_SHOWN);
});

test.each([
	['another email', 'mary@example.com'],
	['a part of an email', 'lovelace@example.com'],
	['another number', '15550100102'],
	['a part of a secret', 'a+secret'],
	['nothing', ''],
	['what is in the signature calculation only', 'StringToSign is [ada.lovelace@example.com]'],
])('a text that contains %s repeats nothing that was sent', (_name, text) => {
	expect(shownMessage(text, SENT)).not.toBe(NOT_SHOWN);
});

test('contacts are looked up only in a text that may contain one', () => {
	const personal = jest.fn(() => ['15550100101']);
	for (const text of ['The audience is not ready (123456)', 'abcdef012345abcdef012345abcdef0']) {
		expect(shownMessage(text, { secrets: [], personal })).not.toBe(NOT_SHOWN);
	}
	expect(personal).not.toHaveBeenCalled();
	expect(shownMessage('No @ or 1234567', { secrets: [], personal })).not.toBe(NOT_SHOWN);
	expect(personal).toHaveBeenCalledTimes(1);
	expect(shownMessage('15550100101', { secrets: [] })).toBe('[hidden]');
});

test.each([undefined, null, 5, {}, ['text'], ''])('no message is shown for %p', (value) => {
	expect(shownMessage(value, SENT)).toBe('');
});

const UUID = '5F0F8C35-6F0E-4A39-9D0A-0D4A3B1F0001';

test.each([
	[UUID, UUID],
	['request-1', 'request-1'],
	['99900000-0000-0000-0000-015550100102', '99900000-0000-0000-0000-015550100102'],
	['99900000-0000-0000-0000-015550100101', '[hidden]'],
	['ada@example.com', '[hidden]'],
	['request', '[hidden]'],
	['15550100101', '[hidden]'],
	['user-49171555888999', '[hidden]'],
	[HASH, '[hidden]'],
	[TOKEN, '[hidden]'],
	['The call was rejected 1', '[hidden]'],
	['x1'.repeat(33), '[hidden]'],
	['x1234', '[hidden]'],
	['', ''],
	[['ada@example.com'], ''],
	[undefined, ''],
])('shows only what looks like a request ID: %s', (value, shown) => {
	expect(shownRequestId(value, SENT)).toBe(shown);
});

test('a secret that looks like a request ID is not shown', () => {
	expect(shownRequestId(UUID, { secrets: [UUID] })).toBe('[hidden]');
});

test.each([
	['Throttling.User', 'Throttling.User'],
	['15', '15'],
	['User.15550100101', '[hidden]'],
	['User.49171555888999', '[hidden]'],
	[TOKEN, '[hidden]'],
	['a code', '[hidden]'],
	['', '[hidden]'],
])('shows only what looks like a code: %s', (code, shown) => {
	expect(shownCode(code, SENT)).toBe(shown);
});

test.each([
	['Throttling.User', 'Throttling.User'],
	[15, '15'],
	['Unknown.ada@example.com', ''],
	['x'.repeat(100), 'x'.repeat(100)],
	['x'.repeat(101), ''],
	[{ toString: () => 'X' }, ''],
	[undefined, ''],
])('reads a code as text: %p', (value, code) => {
	expect(codeIn(value)).toBe(code);
});

test.each([
	['an email', 'mary@example.com', '[hidden]'],
	[
		'an email in a path',
		'data.contacts["mary@example.com"].email',
		'data.contacts["[hidden]"].email',
	],
	['an email with a wide sign', 'mary＠example.com', '[hidden]'],
	['an email in a sentence', "it's mary+news@example.com, twice", "it's [hidden], twice"],
	['an email with invisible characters', 'mary\u200b@example.com', '[hidden]'],
	['a URL-encoded email', 'contacts[mary%40example.com]', 'contacts[[hidden]]'],
	['an email that is encoded twice', 'mary%2540example.com', '[hidden]'],
	['a URL-encoded number', 'phone=%2B15550100101', 'phone=[hidden]'],
	['a number', '15550100101', '[hidden]'],
	['a written number', 'phones["+1 (555) 010-0101"]', 'phones["[hidden]"]'],
	['a number after a colon', 'whatsapp:+15550100101', 'whatsapp:[hidden]'],
	['an MD5 hash', `members.${HASH.slice(0, 32)}.status`, 'members.[hidden].status'],
	['a SHA-256 hash', `members.${HASH.toUpperCase()}`, 'members.[hidden]'],
])('a shown name hides %s', (_name, name, shown) => {
	expect(shownName(name)).toBe(shown);
});

test.each([
	'email',
	'properties.hs_email_optout',
	'data[merges][PHONE]',
	'Phone Number (with country code)',
	'custom_field_360012345678',
	'tel-473',
	'field 123456',
	'dcf558aac1ae4e8c4f849ba5e668430d8df9be12',
	'@odata.etag',
	'手机号码(含国家区号)',
	'Newsletter 2026-11-24',
	'100%25 agree',
])('a name is shown unchanged: %s', (name) => {
	expect(shownName(name)).toBe(name);
});

test('up to 200 characters of a name are shown', () => {
	expect(shownName('x'.repeat(200))).toBe('x'.repeat(200));
	expect(shownName('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
});
