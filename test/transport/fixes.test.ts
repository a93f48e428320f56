import { wordsFor } from '../../nodes/AlibabaCloudChatApp/transport/advice';

const ADD = 'AddCustomAudienceUser';
const refused = (code: string, more: object = {}) =>
	wordsFor({ action: ADD, ofRole: false, status: 400, code, said: '', ...more });

test.each([
	['MissingUsers', ''],
	['InvalidParameter', 'The parameter Users is mandatory.'],
	['Users', 'The list is empty'],
])('%s (%s) says that the gateway did not see the users', (code, said) => {
	expect(refused(code, { said }).fix).toMatch(/^The gateway did not see the users: .*Automatic/);
});

test.each([
	['a parameter that is missing', 'MissingPageId', { said: 'It is mandatory' }],
	['users that are there', 'InvalidParameter', { said: 'Users is too long' }],
	['a code that only ends like one of a permission', 'Not.Forbidden', {}],
	['a code that only ends like one of a key', 'Not.InvalidAccessKey', { ofRole: true }],
	["a proxy's status with a code of the API", 'Anything', { status: 407 }],
])('%s is asked about by the IDs', (_name, code, more) => {
	expect(refused(code, more)).toEqual({
		fix: 'Check the IDs of channel, page, ad account and custom audience in the node',
	});
});

test("'Max Tries' is named only where the node has it", () => {
	expect(refused('Throttling').fix).toContain("'Max Tries'");
	expect(refused('Throttling', { action: 'ListInstance' })).toEqual({
		fix: 'Alibaba Cloud asked to slow down: run again later',
	});
});

test.each([
	['channel', 'CustSpaceId', "Check 'Channel' in the node. "],
	['Page', 'PageId', "Check 'Page ID' in the node and that it is the one behind 'Channel'. "],
	[
		'ad account',
		'AdAccountId',
		"Check 'Ad Account' in the node and that it belongs to 'Page ID'. ",
	],
])('an unknown %s is to be checked with what it belongs to', (thing, name, fix) => {
	const words = refused('ParameterIllegal', { said: `${name} is illegal.` });
	expect(words.what).toBe(`This ${thing} wasn't found`);
	expect(words.fix.startsWith(fix)).toBe(true);
});
