import { messageIn, sentence, shownName } from '../nodes/AlibabaCloudChatApp/message';
import { UnusableValue } from '../credentials/credential';

const HASH = 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79';

test.each([
	['an address', 'mary@example.com', '[hidden]'],
	[
		'an address in a path',
		'data.contacts["mary@example.com"].email',
		'data.contacts["[hidden]"].email',
	],
	['an address with a wide sign', 'mary＠example.com', '[hidden]'],
	['an address in a sentence', "it's mary+news@example.com, twice", "it's [hidden], twice"],
	['an address with invisible characters', 'mary\u200b@example.com', '[hidden]'],
	['a URL-encoded address', 'contacts[mary%40example.com]', 'contacts[[hidden]]'],
	['an address that is encoded twice', 'mary%2540example.com', '[hidden]'],
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

test("only this node's own errors contain a message", () => {
	const error = new UnusableValue("'Limit' is too high", 'Lower it');
	const message = { code: 'parameter', what: "'Limit' is too high", fix: 'Lower it' };
	expect(messageIn(error)).toEqual(message);
	expect(sentence(message)).toBe(error.message);
	expect(sentence({ ...message, fix: '' })).toBe("'Limit' is too high");
	for (const other of [new Error('x'), { code: 'x', what: 'x' }, 'text', null, undefined]) {
		expect(messageIn(other)).toBeUndefined();
	}
});
