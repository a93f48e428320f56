import { hundredRuleWarning } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/messages';

test.each([
	[1, 'this one will be discarded'],
	[99, 'this one will be discarded'],
	[100, 'this one will probably be discarded'],
	[142, 'this one will probably be discarded'],
	[143, 'this one may be discarded'],
	[499, 'this one may be discarded'],
])('says of %s users: %s', (users, outlook) => {
	expect(hundredRuleWarning(users, 100)?.what).toContain(outlook);
});

test('says nothing if even the lowest rate gives 100 matches, unless the minimum is higher', () => {
	expect(hundredRuleWarning(500, 100)).toBeUndefined();
	expect(hundredRuleWarning(500, 1000)?.what).toContain("fewer than 'Minimum Contacts' (1000)");
});

test('says nothing if it is turned off or if there is no one to send', () => {
	expect(hundredRuleWarning(5, 0)).toBeUndefined();
	expect(hundredRuleWarning(0, 100)).toBeUndefined();
});

test('shows the range of matches, rounded down exactly', () => {
	expect(hundredRuleWarning(90, 100)?.what).toContain('match 18–63');
	expect(hundredRuleWarning(80, 100)?.what).toContain('match 16–56');
});

test.each([
	[
		1,
		100,
		'This upload has 1 contact. Meta discards an upload with fewer than 100 matches, so this one will be discarded',
		'Collect more contacts and send them together',
	],
	[
		600,
		1000,
		"This upload has 600 contacts, of which Meta is expected to match 120–420. That is fewer than 'Minimum Contacts' (1000)",
		"Collect more contacts, or lower 'Minimum Contacts'",
	],
])('of %s users with a minimum of %s: the whole message', (users, minimum, what, fix) => {
	expect(hundredRuleWarning(users, minimum)).toEqual({ code: 'hundred_rule', what, fix });
});

test('counts only contacts that Meta can message, and says so', () => {
	expect(hundredRuleWarning(31, 100, 28)?.what).toMatch(
		/^This upload has 31 contacts that Meta can message, of which Meta is expected to match 6–21\./,
	);
});

test('without anyone whom Meta can message, says which contacts help', () => {
	expect(hundredRuleWarning(0, 100, 120)).toMatchObject({
		what: expect.stringMatching(/^This upload has no contacts that Meta can message\./),
		fix: 'Add contacts in countries where Meta sends marketing messages',
	});
});

test('a minimum that is just reached is enough', () => {
	expect(hundredRuleWarning(1000, 1000)).toBeUndefined();
});
