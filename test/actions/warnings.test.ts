import type { AddUsersOptions } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/options';
import {
	stopOf,
	type Submission,
	wouldNotSend,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers/plan';
import {
	deliveryWarnings,
	expressionNotEvaluated,
	fieldWarnings,
	noFieldFound,
	notReadable,
	passedOver,
	planWarnings,
	stillTrue,
	tableTroubleLater,
	unexpected,
	usersInQuery,
	widerRows,
	wouldCollect,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/messages';
import { type Message, sentence } from '../../nodes/AlibabaCloudChatApp/message';
import { TableError } from '../../nodes/AlibabaCloudChatApp/store/tableError';
import type { Decision, Facts, Why } from '../../nodes/AlibabaCloudChatApp/upload/decide';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import { FieldsSeen } from '../../nodes/AlibabaCloudChatApp/upload/survey';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import type { Delivery } from '../../nodes/AlibabaCloudChatApp/upload/upload';

const codesOf = (messages: Message[]) => messages.map(({ code }) => code);

const plan = { batchSize: 10, closes: true };
const why: Why = { code: 'under_minimum', size: 3, minimum: 5 };
const DECISIONS = {
	'is sent': { kind: 'send', plan, collects: false },
	'is sent with what waits': { kind: 'send', plan, collects: true },
	'is collected': { kind: 'collect', plan },
	'would be sent': { kind: 'preview', plan },
	'would be collected': { kind: 'preview', plan, collects: true },
	'would not be sent': { kind: 'preview', plan, why },
	'is held': { kind: 'hold', reason: 'under_minimum', why },
	'is stopped': { kind: 'stop', why },
} satisfies Record<string, Decision>;

describe('before a submission of 20 users that', () => {
	const told = (name: keyof typeof DECISIONS, more: Partial<AddUsersOptions & Facts> = {}) => {
		const options = { lastBatch: 'auto', estimatedTotal: 0, minimumUsers: 100, ...more };
		const facts = { users: 20, refused: 0, closes: true, ...more };
		return codesOf(planWarnings(DECISIONS[name], facts, options as AddUsersOptions));
	};

	it.each<[keyof typeof DECISIONS, string[]]>([
		['is sent', ['hundred_rule']],
		['is sent with what waits', []],
		['is collected', []],
		['would be sent', ['dry_run', 'hundred_rule']],
		['would be collected', ['dry_run']],
		['would not be sent', ['dry_run']],
		['is held', []],
		['is stopped', []],
	])('%s, a person is told %j', (name, codes) => {
		expect(told(name)).toEqual(codes);
	});

	it.each<[keyof typeof DECISIONS, Partial<AddUsersOptions & Facts>, string[]]>([
		['is sent', { lastBatch: 'more' }, ['total_unknown']],
		['is sent', { lastBatch: 'set', estimatedTotal: 900 }, []],
		['is held', { lastBatch: 'set', estimatedTotal: 900 }, ['left_open']],
		['is stopped', { lastBatch: 'set' }, ['total_unknown', 'left_open']],
		['is held', { lastBatch: 'more', estimatedTotal: 900, closes: false }, []],
	])('%s, of several runs with %j: %j', (name, more, codes) => {
		expect(told(name, more)).toEqual(codes);
	});
});

const BATCH = { start: 0, end: 5, last: true, requestId: 'r', tries: 1 };
const REFUSED = {
	...BATCH,
	error: new ApiError({
		kind: 'rejected',
		code: 'Full',
		what: 'The audience is full',
		fix: 'Empty it',
		requestId: 'r',
		answerLost: false,
	}),
};

describe('of a submission that was sent', () => {
	const told = (more: Partial<Delivery>, severalRuns = false, closes = true) => {
		const delivery = { batches: [BATCH], closed: true, lastAnswerLost: false, begunAnew: [] };
		return deliveryWarnings({ ...delivery, ...more }, { closes, severalRuns });
	};

	it.each<[string, Partial<Delivery>, string[]]>([
		['closed', {}, []],
		['left open', { closed: false }, ['not_closed']],
		['refused as a whole', { closed: false, batches: [REFUSED] }, ['batch_not_accepted']],
		[
			'refused at its end',
			{ closed: false, batches: [BATCH, REFUSED] },
			['batch_not_accepted', 'not_closed'],
		],
		['closed again', { closedAgainWith: 1 }, ['closed_again']],
		['closed, its last answer lost', { lastAnswerLost: true }, ['answer_lost']],
		['open, its last answer lost', { lastAnswerLost: true, closed: false }, ['answer_lost']],
		[
			'closed, an answer lost before',
			{ batches: [{ ...REFUSED, mayBeReceived: true }, BATCH] },
			['batch_not_accepted', 'answer_lost'],
		],
		['of a long upload', { begunAnew: [{ batch: 2, start: 3 }] }, ['begun_anew']],
	])('what became of it is told: %s', (_, delivery, codes) => {
		expect(codesOf(told(delivery))).toEqual(codes);
	});

	it('keeps the warning of the 100 rule only where some of it was accepted', () => {
		const all = [{ code: 'hundred_rule', what: '', fix: '' }, ...told({ closed: false })];
		const codes = (batches: Delivery['batches']) =>
			codesOf(stillTrue(all, { batches } as Delivery));
		expect(codes([BATCH, REFUSED])).toEqual(['hundred_rule', 'not_closed']);
		expect(codes([REFUSED])).toEqual(['not_closed']);
		expect(codes([])).toEqual(['not_closed']);
	});

	it('whose last run was refused as a whole it is told that it is open', () => {
		const delivery = { closed: false, batches: [REFUSED] };
		expect(codesOf(told(delivery, true))).toEqual(['batch_not_accepted', 'not_closed']);
		expect(codesOf(told(delivery, true, false))).toEqual(['batch_not_accepted']);
	});

	it.each<[Partial<Delivery>, RegExp]>([
		[
			{ batches: [REFUSED] },
			/^1 batch was not accepted: The audience is full \(Full\)\. Empty it\. Running again with these contacts does no harm: Meta counts each person once$/,
		],
		[{ batches: [REFUSED, BATCH, REFUSED] }, /^2 batches were not accepted: /],
		[
			{ closedAgainWith: 2 },
			/^Batch 2 was sent again as the last batch, to close the submission\. Meta counts/,
		],
		[
			{ begunAnew: [{ batch: 2, start: 3 }] },
			/^The upload took longer than 90 minutes, .*: from batch 2 on, the 2 users that were left .*\. Each submission has to match 100/,
		],
		[{ lastAnswerLost: true }, /may have received it twice\. This does no harm: Meta counts/],
		[
			{ lastAnswerLost: true, closed: false },
			/although it counts as not accepted\. Run again with all contacts .*: Meta counts/,
		],
		[
			{ batches: [{ ...BATCH, mayBeReceived: true }] },
			/may have received a batch that counts as not accepted\. Sending it again does no harm: Meta/,
		],
		[
			{ closed: false },
			/^The submission is not closed\. Meta keeps .*\. To send what is missing, run/,
		],
	])('with %j says what happened and what to do', (delivery, text) => {
		expect(sentence(told(delivery)[0] as Message)).toMatch(text);
	});

	it.each([
		[[BATCH], /went in the URL\. The addresses/],
		[[BATCH, { ...BATCH, start: 5, end: 12 }], /went in the URL\. The addresses/],
		[
			[BATCH, { ...BATCH, start: 5, end: 6 }],
			/went in the URL, in 2 calls instead of 1\. .*, over TLS\. Nothing has to be done/,
		],
	])('in the URL is told with the calls that it cost more: %#', (batches, text) => {
		const delivery = { batches, closed: true, lastAnswerLost: false, begunAnew: [] };
		expect(sentence(usersInQuery(delivery, 10))).toMatch(text);
	});
});

describe('the fields in which contacts were looked for', () => {
	const seen = (refusals: string[], sent: number, phones: string[] = []) => {
		const fields = new FieldsSeen();
		const raw = { at: { email: 'mail' } };
		for (const reason of refusals) fields.note(raw, { reason } as never);
		for (let n = 0; n < sent; n++) fields.note(raw, { user: { Email: 'a@example.com' } });
		for (const guessed of phones) fields.note({}, { user: { Phone: '1' }, guessed });
		return fields;
	};
	const times = (count: number, reason: string) => Array<string>(count).fill(reason);

	it.each([
		[9, 0, 0],
		[10, 0, 1],
		[6, 4, 1],
		[6, 6, 0],
		[5, 6, 0],
	])(
		'are warned of when most of ten or more are refused: %i, and %i sent',
		(refused, sent, count) => {
			expect(fieldWarnings(seen(times(refused, 'email_invalid'), sent))).toHaveLength(count);
		},
	);

	it('are warned of by the commonest reason', () => {
		const reasons = [...times(4, 'email_ambiguous'), ...times(8, 'email_invalid')];
		const [warning] = fieldWarnings(seen(reasons, 0)) as [Message];
		expect(warning.what).toBe(
			"12 of 12 values in the email field 'mail' are not sent, 8 of them as email_invalid",
		);
		expect(warning.fix).not.toBe('');
		const nowhere = new FieldsSeen();
		for (let n = 0; n < 10; n++) nowhere.note({}, { reason: 'phone_no_country' } as never);
		expect(fieldWarnings(nowhere)[0]?.what).toContain('10 of 10 values in the phone field are not');
	});

	it('lack a country, of which the five commonest calling codes are told', () => {
		const codes = ['1', '44', '49', '33', '65', '91'];
		const told = (all: string[]) => fieldWarnings(seen([], 0, all)).map(sentence);
		expect(told([])).toEqual([]);
		expect(told(['49'])).toEqual([
			expect.stringMatching(
				/^1 phone number has .* begin with \(\+49: 1\)\. If they are numbers of/,
			),
		]);
		expect(told(codes.slice(0, 5))[0]).toMatch(/^5 phone numbers have .*\+65: 1\)\./);
		expect(told([...codes, '91', '91', '44'])[0]).toMatch(
			/^9 phone numbers .*\(\+91: 3, \+44: 2, \+1: 1, \+49: 1, \+33: 1 and 1 more\)\./,
		);
	});

	it('are missing only where none of them has a known name', () => {
		expect(noFieldFound({ email: '' })).toEqual([]);
		expect(noFieldFound({ Kontakt: 'x' })).toHaveLength(1);
	});
});

describe('why nothing of a submission is sent', () => {
	const submission = (refused: number, items: number[]) => {
		const ledger = new Ledger();
		ledger.receive(items.length);
		items.slice(0, refused).forEach((_, ref) => {
			ledger.record(ref + 1, { status: 'refused', reason: 'email_invalid' });
		});
		return { ledger, items } as unknown as Submission;
	};
	const items = [7, 8, 9, 10, 11, 12, 13];

	it.each([
		[1, 1],
		[5, 5],
		[6, 5],
	])('names the first five of those that are refused: %i', (refused, named) => {
		const stop = stopOf({ code: 'invalid_users', refused }, submission(refused, items));
		expect(stop.fix.match(/Item \d+: The email/g)).toHaveLength(named);
		expect(stop.item).toBe(8);
		expect(stop.fix).toMatch(refused > 5 ? / And 1 more\.$/ : / mary@example\.com\.$/);
		expect(stop.what).toBe(`Nothing was sent: ${refused} of the contacts can't be sent`);
	});

	it.each<[Why, string]>([
		[{ ...why, size: 1 }, "1 user is fewer than 'Minimum Users' (5)"],
		[why, "3 users are fewer than 'Minimum Users' (5)"],
		[{ code: 'invalid_users', refused: 2 }, "2 of the contacts can't be sent"],
		[{ code: 'nobody_to_send' }, 'none of the contacts can be sent'],
	])('is said the same in a dry run: %j', (reason, clause) => {
		const { what, fix } = stopOf(reason, submission(2, items));
		expect(what).toBe(`Nothing was sent: ${clause}`);
		expect(fix).not.toBe('');
		expect(wouldNotSend(reason)).toMatchObject({
			code: reason.code,
			what: `A real run would send nothing: ${clause}`,
			fix: '',
		});
	});
});

test.each<[() => Message, RegExp]>([
	[
		() => wouldCollect(1, { collectUntil: 5 } as never),
		/^A real run would collect 1 user, .* when 5 are there$/,
	],
	[() => wouldCollect(2, { collectUntil: 5 } as never), /^A real run would collect 2 users,/],
	[
		() => notReadable([4]),
		/^An expression .* can't be evaluated for item 4\. Check it in the node$/,
	],
	[
		() => notReadable([4, 6]),
		/^An expression .* can't be evaluated for 2 items, first 4\. Check it/,
	],
	[
		() => passedOver({ count: 1, what: 'odd' }),
		/^1 row of .*; the first one: odd\. Correct it in the/,
	],
	[() => passedOver({ count: 2, what: 'odd' }), /^2 rows of the file can't be read/],
	[
		() => widerRows({ count: 1, row: 3 }),
		/^Row 3 has more cells .*\. Look whether its cells have shifted/,
	],
	[() => widerRows({ count: 2, row: 3 }), /^2 rows, first row 3, have more cells/],
	[
		() => expressionNotEvaluated(new Error('no x')),
		/^An expression in .* \(no x\)\. Check the fields/,
	],
	[() => unexpected(new Error('odd')), /^Nothing more was sent: Error: odd\. Report this to/],
	[
		() =>
			tableTroubleLater(
				new TableError('data_tables_unreachable', 'The table is full', 'Empty it'),
			),
		/^The Data Table could not be kept up .*\. Meta counts each .*\. The table is full\. Empty it$/,
	],
])('a warning says what happened and what to do: no. %#', (tell, text) => {
	const message = tell();
	expect(sentence(message)).toMatch(text);
	expect(message.code).not.toBe('');
});
