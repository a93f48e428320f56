import openApiUtil from '@alicloud/openapi-util';
import * as fc from 'fast-check';
import {
	percentEncode,
	type SentUsers,
	type UsersIn,
	UsersPlacement,
} from '../../nodes/AlibabaCloudChatApp/transport/usersPlacement';

const MISSING = { kind: 'rejected', code: 'MissingUsers' };
const TOO_LARGE = { kind: 'tooLarge', code: 'Http414' };
/** A call whose URL has so many bytes. */
const call = (usersIn: UsersIn, urlBytes = 5000, users = 100): SentUsers => ({
	usersIn,
	users,
	bytes: urlBytes - '/?PageId=1&'.length,
	query: { PageId: '1' },
});

let gateways = 0;
/** An endpoint that nothing is known of yet. */
const newOrigin = () => `https://cams-${++gateways}.example.com`;

/** The longest URL that is tried. */
const urlBytes = (placement: UsersPlacement) => (placement.maxBytes({}) ?? NaN) + '/?&'.length;

test("users are sent in the body, of any size, until a gateway doesn't read them there", () => {
	const origin = newOrigin();
	const placement = new UsersPlacement(origin, 'auto');
	expect([placement.usersIn, placement.maxBytes({ PageId: '1' })]).toEqual(['body', undefined]);
	expect(placement.learn(MISSING, call('body'))).toBe(true);
	expect(placement.usersIn).toBe('query');
	expect(new UsersPlacement(origin, 'auto').usersIn).toBe('query');
	expect(new UsersPlacement(newOrigin(), 'auto').usersIn).toBe('body');
});

test('if a gateway reads neither, nothing is tried again, and the next run starts with the body', () => {
	const placement = new UsersPlacement(newOrigin(), 'auto');
	placement.learn(MISSING, call('body'));
	expect(placement.learn(MISSING, call('query'))).toBe(false);
	expect(placement.usersIn).toBe('body');
});

test.each(['body', 'query'] as const)('a chosen place is kept: %s', (chosen) => {
	const origin = newOrigin();
	const placement = new UsersPlacement(origin, chosen);
	expect(placement.learn(MISSING, call(chosen))).toBe(false);
	expect(placement.usersIn).toBe(chosen);
	expect(new UsersPlacement(origin, 'auto').usersIn).toBe('body');
});

test.each([
	['missingusers', true],
	['MissingUsersList', false],
	['Code.MissingUsers', false],
	['MissingCustSpaceId', false],
])('the code %s says that users are missing: %s', (code, isMissing) => {
	const placement = new UsersPlacement(newOrigin(), 'auto');
	expect(placement.learn({ kind: 'rejected', code }, call('body'))).toBe(isMissing);
});

test('a URL has six kilobytes, less the bytes of the other parameters as they are sent', () => {
	const placement = new UsersPlacement(newOrigin(), 'query');
	expect(urlBytes(placement)).toBe(6 * 1024);
	const query = { PageId: '1', Name: "a b&c!'()*~" };
	const url = '/?PageId=1&Name=a%20b%26c%21%27%28%29%2A~&';
	expect(placement.maxBytes(query)).toBe(6 * 1024 - url.length);
});

test('a URL that was too long is halved, for all calls to the endpoint', () => {
	const origin = newOrigin();
	const placement = new UsersPlacement(origin, 'query');
	expect(placement.learn(TOO_LARGE, call('query', 5001))).toBe(true);
	expect(urlBytes(placement)).toBe(2500);
	expect(urlBytes(new UsersPlacement(origin, 'query'))).toBe(2500);
	expect(placement.learn(TOO_LARGE, call('query', 2500))).toBe(true);
	expect(urlBytes(placement)).toBe(1250);
});

test("a call from before the limit was known doesn't raise it, and is halved like any batch", () => {
	const placement = new UsersPlacement(newOrigin(), 'query');
	placement.learn(TOO_LARGE, call('query', 2000));
	expect(placement.learn(TOO_LARGE, call('query', 6000))).toBe(false);
	expect(urlBytes(placement)).toBe(1000);
});

test.each([
	[600, true],
	[513, true],
	[512, false],
	[300, false],
])('no URL is shortened below 512 bytes: one of %i is sent again: %s', (bytes, again) => {
	const placement = new UsersPlacement(newOrigin(), 'query');
	expect(placement.learn(TOO_LARGE, call('query', bytes))).toBe(again);
	expect(urlBytes(placement)).toBe(512);
});

test('a single user that is too long for a URL is not sent again', () => {
	expect(new UsersPlacement(newOrigin(), 'query').learn(TOO_LARGE, call('query', 5000, 1))).toBe(
		false,
	);
	expect(new UsersPlacement(newOrigin(), 'query').learn(TOO_LARGE, call('query', 5000, 2))).toBe(
		true,
	);
});

test.each([
	['a body that was too large', TOO_LARGE, call('body')],
	['an error of another kind', { kind: 'rejected', code: 'InvalidParameter' }, call('query')],
])('%s teaches nothing about URLs', (_name, error, sent) => {
	const placement = new UsersPlacement(newOrigin(), 'query');
	expect(placement.learn(error, sent)).toBe(false);
	expect(urlBytes(placement)).toBe(6 * 1024);
});

test.each(["!'()*", 'a b+c&d=e/f', '~-_.', 'Zoë 🙂', '{"Email":"o\'neil@example.com"}'])(
	"a text is encoded as the SDK's signer encodes the URL: %s",
	(text) => {
		expect(percentEncode(text)).toBe(openApiUtil.getEncodeParam(text));
	},
);

test('any text is encoded as the signer does', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), (text) => {
			expect(percentEncode(text)).toBe(openApiUtil.getEncodeParam(text));
		}),
	);
});
