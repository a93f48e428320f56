import {
	readCode,
	redact,
	redactRequestId,
} from '../../nodes/AlibabaCloudChatApp/transport/redact';

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

test('leaves the words of a message as they are', () => {
	const text = "The parameter 'CustomAudienceId' is missing. Code 404, 12 users.";
	expect(redact(text)).toBe(text);
});

test('reads a long text only so far, in no time, and cuts no address in two', () => {
	const started = performance.now();
	const text = `${'x'.repeat(1990)} mary@example.com`.repeat(500);
	expect(redact(text)).not.toContain('mary');
	expect(redact('@'.repeat(1_000_000)).length).toBeLessThanOrEqual(301);
	expect(performance.now() - started).toBeLessThan(2000);
});

test('takes only what looks like a code or a request ID', () => {
	expect(readCode('Throttling.User', [])).toBe('Throttling.User');
	expect(readCode('Unknown.mary@example.com', [])).toBeUndefined();
	expect(readCode('User.15550100101', [])).toBeUndefined();
	expect(readCode({ toString: () => 'X' }, [])).toBeUndefined();
	expect(readCode('x'.repeat(101), [])).toBeUndefined();
	const id = '5F0F8C35-6F0E-4A39-9D0A-0D4A3B1F0001';
	expect(redactRequestId(id)).toBe(id);
	expect(redactRequestId('mary@example.com')).toBe('[hidden]');
	expect(redactRequestId(['mary@example.com'])).toBe('');
});
