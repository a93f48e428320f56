import {
	growthOf,
	type Result,
	verdictOn,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/getResult';

const settled = true;

test.each<[string, Omit<Result, 'settled'>, RegExp]>([
	[
		'without a number',
		{ before: 1, submitted: 1 },
		/^Alibaba Cloud returned no number .* again later$/,
	],
	['one person, without an upload', { tokenTotal: 1 }, /^1 person can .*\. To see how many/],
	['several, without an upload', { tokenTotal: 2 }, /^2 people can .*\. To see how many/],
	[
		'an upload of no one',
		{ tokenTotal: 2, before: 2, submitted: 0 },
		/\. Nothing was submitted in .*'invalidReasons'/,
	],
	[
		'an upload whose contacts were collected',
		{ tokenTotal: 2, before: 2, submitted: 0, collected: 1 },
		/\. Nothing was submitted in .*: 1 contact was collected, and will be sent with others$/,
	],
	[
		'no number before',
		{ tokenTotal: 2, submitted: 9 },
		/^2 people can .* of the 9 submitted .* is unknown/,
	],
	[
		'few, of whom none was matched',
		{ tokenTotal: 0, before: 0, submitted: 499 },
		/^No one was matched: Meta discards .* fewer than 100 matches, and only 499 contacts .*\. Matches appear .* at least 500 contacts together$/,
	],
	[
		'many, of whom none was matched',
		{ tokenTotal: 0, before: 0, submitted: 500 },
		/^No one was matched: of 500 submitted contacts, fewer than 100 were found, .*\. Matches appear .* check that/,
	],
	[
		'no one beyond those of before',
		{ tokenTotal: 7, before: 7, submitted: 500 },
		/^No one was matched beyond the 7 who could be messaged before: of .*\. People who were in the audience before are not counted again\. Matches/,
	],
	[
		'fewer people than before',
		{ tokenTotal: 5, before: 7, submitted: 9 },
		/^No one was matched beyond the 7 who could be messaged before, and 2 of those no longer can: .* only 9 contacts/,
	],
	[
		'one match',
		{ tokenTotal: 8, before: 7, submitted: 4 },
		/^1 of 4 was matched \(25%\), as usual$/,
	],
	[
		'the least usual',
		{ tokenTotal: 2, before: 0, submitted: 10 },
		/^2 of 10 were .*20%\), as usual$/,
	],
	['the most usual', { tokenTotal: 7, before: 0, submitted: 10 }, /\(70%\), as usual$/],
	['more than usual', { tokenTotal: 71, before: 0, submitted: 100 }, /\(71%\), more than usual$/],
	['all of them', { tokenTotal: 9, before: 0, submitted: 9 }, /\(100%\), more than usual$/],
	[
		'more than all',
		{ tokenTotal: 9, before: 0, submitted: 8 },
		/, more than were submitted: another/,
	],
	[
		'fewer than usual',
		{ tokenTotal: 19, before: 0, submitted: 100 },
		/^19 of 100 were matched \(19%\), fewer than the usual 20–70%\. Matches appear .* check that/,
	],
])('shows what a number means: %s', (_, result, verdict) => {
	expect(verdictOn({ ...result, settled })).toMatch(verdict);
});

test('says that a number was still growing, where there was one to judge', () => {
	const result = { tokenTotal: 8, before: 7, submitted: 4, settled: false };
	expect(verdictOn(result)).toMatch(/, as usual\. The number was still growing, so run this again/);
	expect(verdictOn({ ...result, tokenTotal: 7 })).not.toContain('growing');
});

test.each<[Omit<Result, 'settled'>, object]>([
	[{}, {}],
	[{ tokenTotal: 3 }, {}],
	[{ before: 3 }, {}],
	[{ tokenTotal: 5, before: 3 }, { grown: 2 }],
	[{ tokenTotal: 5, before: 3, submitted: 0 }, { grown: 2 }],
	[
		{ tokenTotal: 5, before: 3, submitted: 3 },
		{ grown: 2, matchRate: 0.6667 },
	],
	[
		{ tokenTotal: 1, before: 3, submitted: 3 },
		{ grown: -2, matchRate: -0.6667 },
	],
])('a number of %j is a growth of %j', (result, growth) => {
	expect(growthOf({ ...result, settled })).toEqual(growth);
});
