import {
	expectedMatches,
	hundredRuleWarning,
} from '../../nodes/AlibabaCloudChatApp/upload/hundredRule';

test.each([
	[1, 'it is certain that nobody'],
	[99, 'it is certain that nobody'],
	[100, 'it is likely that nobody'],
	[142, 'it is likely that nobody'],
	[143, 'it may be that nobody'],
	[499, 'it may be that nobody'],
])('says of %s users: %s', (users, outlook) => {
	expect(hundredRuleWarning(users, 100)?.what).toContain(outlook);
});

test('says nothing where even the lowest rate gives 100 matches, unless the person wants more', () => {
	expect(hundredRuleWarning(500, 100)).toBeUndefined();
	expect(hundredRuleWarning(500, 1000)?.what).toContain('below your minimum of 1000 users');
});

test('says nothing when it is switched off or when there is nobody to send', () => {
	expect(hundredRuleWarning(5, 0)).toBeUndefined();
	expect(hundredRuleWarning(0, 100)).toBeUndefined();
});

test('names the range of matches, without a rounding slip', () => {
	expect(expectedMatches(90)).toEqual({ low: 18, high: 63 });
	expect(hundredRuleWarning(80, 100)?.what).toContain('match 16 to 56');
});

test.each([
	[
		1,
		100,
		'1 user to send. Meta withholds the tokens of a submission with fewer than 100 matches, so it is certain that nobody of this one can be messaged through the audience',
		'Collect more contacts and send them together',
	],
	[
		600,
		1000,
		'600 users to send, of which Meta is expected to match 120 to 420. This is below your minimum of 1000 users',
		"Collect more contacts, or lower 'Minimum Users'",
	],
])('of %s users with a minimum of %s in full', (users, minimum, what, fix) => {
	expect(hundredRuleWarning(users, minimum)).toEqual({ code: 'hundred_rule', what, fix });
});

test('a minimum that is just reached is enough', () => {
	expect(hundredRuleWarning(1000, 1000)).toBeUndefined();
});
