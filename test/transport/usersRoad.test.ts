import { type UsersIn, UsersRoad } from '../../nodes/AlibabaCloudChatApp/transport/usersPlacement';

const MISSING = { kind: 'rejected', code: 'MissingUsers' };
const TOO_LARGE = { kind: 'tooLarge', code: 'Http414' };
const call = (usersIn: UsersIn, urlBytes = 5000, users = 100) => ({ usersIn, urlBytes, users });

let gateways = 0;
/** An endpoint that nothing is known of yet. */
const newOrigin = () => `https://cams-${++gateways}.example.com`;

/** The longest URL that is tried. */
const urlBytes = (road: UsersRoad) => (road.room({}) ?? NaN) + '/?&'.length;

test('users go in the body, of any size, until a gateway does not see them there', () => {
	const origin = newOrigin();
	const road = new UsersRoad(origin, 'auto');
	expect([road.usersIn, road.room({ PageId: '1' })]).toEqual(['body', undefined]);
	expect(road.learn(MISSING, call('body'))).toBe(true);
	expect(road.usersIn).toBe('query');
	expect(new UsersRoad(origin, 'auto').usersIn).toBe('query');
	expect(new UsersRoad(newOrigin(), 'auto').usersIn).toBe('body');
});

test('where users are seen in neither, nothing is tried again, and the next run begins anew', () => {
	const road = new UsersRoad(newOrigin(), 'auto');
	road.learn(MISSING, call('body'));
	expect(road.learn(MISSING, call('query'))).toBe(false);
	expect(road.usersIn).toBe('body');
});

test.each(['body', 'query'] as const)('who chose the %s is not led elsewhere', (wish) => {
	const origin = newOrigin();
	const road = new UsersRoad(origin, wish);
	expect(road.learn(MISSING, call(wish))).toBe(false);
	expect(road.usersIn).toBe(wish);
	expect(new UsersRoad(origin, 'auto').usersIn).toBe('body');
});

test.each([
	['missingusers', true],
	['MissingUsersList', false],
	['Code.MissingUsers', false],
	['MissingCustSpaceId', false],
])('the code %s says that users are missing: %s', (code, isMissing) => {
	const road = new UsersRoad(newOrigin(), 'auto');
	expect(road.learn({ kind: 'rejected', code }, call('body'))).toBe(isMissing);
});

test('a URL holds six kilobytes, of which the other parameters are taken', () => {
	const road = new UsersRoad(newOrigin(), 'query');
	expect(urlBytes(road)).toBe(6 * 1024);
	const query = { PageId: '1', Name: 'a b&c' };
	const url = '/?PageId=1&Name=a+b%26c&';
	expect(road.room(query)).toBe(6 * 1024 - url.length);
});

test('a URL that was too long is halved, for all that use the endpoint', () => {
	const origin = newOrigin();
	const road = new UsersRoad(origin, 'query');
	expect(road.learn(TOO_LARGE, call('query', 5001))).toBe(true);
	expect(urlBytes(road)).toBe(2500);
	expect(urlBytes(new UsersRoad(origin, 'query'))).toBe(2500);
	expect(road.learn(TOO_LARGE, call('query', 2500))).toBe(true);
	expect(urlBytes(road)).toBe(1250);
});

test('a call from before the limit was learned does not raise it, and is halved as any batch is', () => {
	const road = new UsersRoad(newOrigin(), 'query');
	road.learn(TOO_LARGE, call('query', 2000));
	expect(road.learn(TOO_LARGE, call('query', 6000))).toBe(false);
	expect(urlBytes(road)).toBe(1000);
});

test.each([
	[600, true],
	[513, true],
	[512, false],
	[300, false],
])('no URL is made shorter than 512 bytes: one of %i goes again: %s', (bytes, again) => {
	const road = new UsersRoad(newOrigin(), 'query');
	expect(road.learn(TOO_LARGE, call('query', bytes))).toBe(again);
	expect(urlBytes(road)).toBe(512);
});

test('a single user that is too long for a URL does not go again', () => {
	expect(new UsersRoad(newOrigin(), 'query').learn(TOO_LARGE, call('query', 5000, 1))).toBe(false);
	expect(new UsersRoad(newOrigin(), 'query').learn(TOO_LARGE, call('query', 5000, 2))).toBe(true);
});

test.each([
	['a body that was too large', TOO_LARGE, call('body')],
	['a refusal of another kind', { kind: 'rejected', code: 'InvalidParameter' }, call('query')],
])('%s tells nothing of a URL', (_name, error, sent) => {
	const road = new UsersRoad(newOrigin(), 'query');
	expect(road.learn(error, sent)).toBe(false);
	expect(urlBytes(road)).toBe(6 * 1024);
});
