import { hintsOf } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/hints';
import {
	messagesOf,
	failureOf,
} from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/messages';
import {
	cannotRead,
	noCredential,
	unexpected,
} from '../../nodes/AlibabaCloudChatApp/actions/nodeErrors';
import { type Message, messageText } from '../../nodes/AlibabaCloudChatApp/message';
import { itemSource, type SourceFacts } from '../../nodes/AlibabaCloudChatApp/sources/source';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import type { Blocker, Decision } from '../../nodes/AlibabaCloudChatApp/upload/decide';
import {
	type BatchResult,
	type Facts,
	Ledger,
} from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import type { Plan, UploadOptions } from '../../nodes/AlibabaCloudChatApp/upload/plan';
import { FieldsSeen, ReachTally } from '../../nodes/AlibabaCloudChatApp/upload/tallies';
import { planWith } from './planWith';

const codesOf = (messages: Message[]) => messages.map(({ code }) => code);
const usersOf = (length: number) => Array.from({ length }, () => ({ Phone: '16505551212' }));

const blocker: Blocker = { code: 'under_minimum', size: 3, minimum: 5 };
const DECISIONS = {
	'is sent': { kind: 'send', withWaiting: false },
	'is collected': { kind: 'collect' },
	'would be sent': { kind: 'dryRun' },
	'would be collected': { kind: 'dryRun', collects: true },
	'would not be sent': { kind: 'dryRun', blocker },
	'is held': { kind: 'hold', reason: 'under_minimum', blocker },
	'is stopped': { kind: 'stop', blocker },
} satisfies Record<string, Decision>;

describe('before an upload of 20 contacts that', () => {
	type More = Partial<UploadOptions & Pick<Plan, 'completes'>>;
	const messages = (name: keyof typeof DECISIONS, { completes = true, ...options }: More = {}) => {
		const plan = { users: usersOf(20), decision: DECISIONS[name], completes };
		return messagesOf({
			plan: planWith(plan, { minimumUsers: 100, ...options }),
			ledger: new Ledger(),
		});
	};

	it.each<[keyof typeof DECISIONS, string[]]>([
		['is sent', []],
		['is collected', []],
		['would be sent', ['dry_run', 'hundred_rule']],
		['would be collected', ['dry_run', 'would_collect']],
		['would not be sent', ['dry_run', 'under_minimum']],
		['is held', ['under_minimum']],
		['is stopped', ['under_minimum']],
	])('%s, the messages are %j', (name, codes) => {
		expect(codesOf(messages(name))).toEqual(codes);
	});

	it.each<[keyof typeof DECISIONS, More, string[]]>([
		['is sent', { lastBatch: 'more' }, ['total_unknown']],
		['is sent', { lastBatch: 'set', estimatedTotal: 900 }, []],
		['is held', { lastBatch: 'set', estimatedTotal: 900 }, ['left_open', 'under_minimum']],
		['is stopped', { lastBatch: 'set' }, ['total_unknown', 'left_open', 'under_minimum']],
		['is held', { lastBatch: 'more', estimatedTotal: 900, completes: false }, ['under_minimum']],
	])('%s, in several runs with %j: %j', (name, more, codes) => {
		expect(codesOf(messages(name, more))).toEqual(codes);
	});

	it('would be collected, says how many', () => {
		const users = (length: number) =>
			messagesOf({
				plan: planWith({ users: usersOf(length), decision: DECISIONS['would be collected'] }),
				ledger: new Ledger(),
			})[1]?.what;
		expect(users(1)).toBe('A real run would store 1 contact, and send it when 500 are collected');
		expect(users(2)).toMatch(/^A real run would store 2 contacts, and send them when/);
	});
});

test('an upload without any user says so when it is collected', () => {
	const plan = planWith({ decision: { kind: 'collect' } });
	expect(codesOf(messagesOf({ plan, ledger: new Ledger() }))).toEqual(['nobody_to_send']);
});

const BATCH: BatchResult = { start: 0, end: 5, last: true, requestId: 'r', attempts: 1 };
const REJECTED: BatchResult = {
	...BATCH,
	error: new ApiError({
		kind: 'rejected',
		code: 'Full',
		what: 'The audience is full',
		fix: 'Empty it',
		requestId: 'r',
		responseLost: false,
	}),
};

describe('after an upload', () => {
	const messages = (
		facts: Partial<Facts>,
		batches: BatchResult[] = [BATCH],
		{ completes = true, ...options }: Partial<UploadOptions & Pick<Plan, 'completes'>> = {},
	) => {
		const ledger = new Ledger();
		ledger.batches.push(...batches);
		Object.assign(ledger.facts, { complete: true, ...facts });
		return messagesOf({ plan: planWith({ completes }, options), ledger });
	};
	const several = { lastBatch: 'set', estimatedTotal: 900 } as const;

	it.each<[string, Partial<Facts>, BatchResult[], string[]]>([
		['that is complete', {}, [BATCH], []],
		['that is not complete', { complete: false }, [BATCH], ['not_complete']],
		['that was rejected', { complete: false }, [REJECTED], ['batch_rejected']],
		[
			'whose end was rejected',
			{ complete: false },
			[BATCH, REJECTED],
			['batch_rejected', 'not_complete'],
		],
		['that was completed again', { completedWith: 1 }, [BATCH], ['completed_again']],
		[
			'that is complete, with its last response lost',
			{ lastResponseLost: true },
			[BATCH],
			['response_lost'],
		],
		[
			'that is not complete, with its last response lost',
			{ lastResponseLost: true, complete: false },
			[BATCH],
			['response_lost'],
		],
		[
			'that is complete, with an earlier response lost',
			{},
			[{ ...REJECTED, mayBeReceived: true }, BATCH],
			['batch_rejected', 'response_lost'],
		],
		['that took long', { restarts: [{ batch: 2, start: 3 }] }, [BATCH], ['upload_restarted']],
	])('%s', (_, facts, batches, codes) => {
		expect(codesOf(messages(facts, batches))).toEqual(codes);
	});

	it('the 100 rule is mentioned only if something was accepted, with the number that was sent', () => {
		const rule = (batches: BatchResult[], users = 20) =>
			messages({ contactCount: users }, batches, { minimumUsers: 100 }).find(
				({ code }) => code === 'hundred_rule',
			);
		expect(rule([BATCH, REJECTED])?.what).toMatch(/^This upload has 20 contacts/);
		expect(rule([REJECTED])).toBeUndefined();
		expect(rule([BATCH], 500)).toBeUndefined();
	});

	it('the last run of several is reported as not complete, even if all of it was rejected', () => {
		const codes = (completes: boolean) =>
			codesOf(messages({ complete: false }, [REJECTED], { completes, ...several }));
		expect(codes(true)).toEqual(['batch_rejected', 'not_complete']);
		expect(codes(false)).toEqual(['batch_rejected']);
	});

	it.each<[Partial<Facts>, BatchResult[], RegExp]>([
		[
			{ complete: false },
			[REJECTED],
			/^1 batch was rejected: The audience is full \(Full\)\. Empty it\. It is safe to run again with these contacts: Meta counts each person once$/,
		],
		[{}, [REJECTED, BATCH, REJECTED], /^2 batches were rejected: /],
		[
			{ completedWith: 2 },
			[BATCH],
			/^Batch 2 was sent again as the last batch, to complete the upload\. Meta counts/,
		],
		[
			{ restarts: [{ batch: 2, start: 3 }] },
			[BATCH],
			/^The upload took longer than 90 minutes.*From batch 2 on, the remaining 2 contacts were sent as a separate upload\. Each of these uploads needs 100/,
		],
		[
			{ lastResponseLost: true },
			[BATCH],
			/may have received it twice\. This does no harm: Meta counts/,
		],
		[
			{ lastResponseLost: true, complete: false },
			[BATCH],
			/although it counts as rejected\. Run again with all contacts .*: Meta counts/,
		],
		[
			{},
			[{ ...BATCH, mayBeReceived: true }],
			/may have received a batch that counts as rejected\. Sending it again does no harm: Meta/,
		],
		[
			{ complete: false },
			[BATCH],
			/^The upload is not complete\. Meta keeps .*\. To send what is missing, run/,
		],
	])('with %j and %#, says what happened and what to do', (facts, batches, text) => {
		expect(messageText(messages(facts, batches)[0] as Message)).toMatch(text);
	});

	it.each([
		['body', 'auto', 0],
		['query', 'auto', 1],
		['query', 'query', 0],
	] as const)(
		'in the %s with Send Contacts In set to %s, %i message says so',
		(usersIn, sendUsersIn, count) => {
			const found = messages({ usersIn }, [BATCH], { sendUsersIn });
			expect(codesOf(found)).toEqual(Array(count).fill('users_in_url'));
		},
	);

	it.each([
		[[BATCH], /sent in the URL\. TLS encrypts/],
		[[BATCH, { ...BATCH, start: 5, end: 12 }], /sent in the URL\. TLS encrypts/],
		[
			[BATCH, { ...BATCH, start: 5, end: 6 }],
			/sent in the URL, in 2 requests instead of 1\. TLS encrypts the URL in transit\. You don't have to do anything/,
		],
	])(
		'if contacts are sent in the URL, the message has the number of requests: %#',
		(batches, text) => {
			const options = { sendUsersIn: 'auto', batchSize: 10 } as const;
			const [message] = messages({ usersIn: 'query' }, batches, options) as [Message];
			expect(messageText(message)).toMatch(text);
		},
	);

	it('the messages of later uploads from the table follow', () => {
		const later = new Ledger();
		later.batches.push(REJECTED);
		later.facts.failure = { code: 'no_credential', what: 'x', fix: '' };
		expect(codesOf(messages({ laterLedgers: [later] }))).toEqual([
			'batch_rejected',
			'no_credential',
		]);
	});

	it('problems with the table are reported with their effect', () => {
		const why = { code: 'data_tables_full', what: 'The table is full', fix: 'Empty it' };
		const text = (kind: Facts['tableProblems'][number]['kind']) =>
			messageText(messages({ tableProblems: [{ kind, message: why }] })[0] as Message);
		expect(text('other')).toBe('The table is full. Empty it');
		expect(text('waitingLeftOut')).toMatch(
			/^The contacts waiting for this audience were not sent with this upload\. The table is full\. Empty it$/,
		);
		expect(text('outdated')).toMatch(
			/^The Data Table could not be updated.*\. Meta counts each person once\. The table is full\. Empty it$/,
		);
		expect(text('notExclusive')).toMatch(
			/^'Prevent Parallel Uploads' had no effect.*\. The table is full\. Empty it$/,
		);
	});

	it('contacts that wait again, a failure, and unwritten files are reported', () => {
		const failure = { code: 'no_credential', what: 'x', fix: '' };
		const facts = { failedAreWaiting: true, failure, unwrittenFiles: ['a.csv'] } as const;
		expect(codesOf(messages({ ...facts, unwrittenFiles: ['a.csv'] }))).toEqual([
			'waiting_again',
			'no_credential',
			'file_not_written',
		]);
	});

	it('IDs that are not found are named by their labels', () => {
		const [first, second] = messages({ ids: ['pageId', 'customAudienceId'] });
		expect(first?.what).toMatch(/^The ID in 'Page ID' /);
		expect(second?.what).toMatch(/^The ID in 'Custom Audience' /);
		expect(messages({ ids: 'unchecked' })).toEqual([]);
		const ledger = new Ledger();
		ledger.facts.ids = 'unchecked';
		const plan = planWith({ decision: { kind: 'dryRun' } });
		expect(codesOf(messagesOf({ plan, ledger }))).toEqual(['dry_run', 'ids_not_checked']);
		expect(messages({ ids: [] })).toEqual([]);
	});
});

test('an upload that could not be planned has only its reason', () => {
	const failure = { code: 'missing_id', what: "'Page ID' is empty", fix: 'Enter it' };
	const { audience, items } = planWith({ items: [4, 5] });
	const upload = { plan: { audience, items, failure, failedItem: 5 }, ledger: new Ledger() };
	expect(messagesOf(upload)).toEqual([failure]);
	expect(failureOf(upload)).toEqual({ ...failure, item: 5 });
});

describe('the hints next to the output', () => {
	const collecting = {
		waiting: 1,
		sentFromTable: 0,
		toppedUp: 0,
		keptForTopUp: 0,
		next: '1 of 500 collected',
	};
	const hints = (
		facts: Partial<Facts>,
		{ batches = [] as BatchResult[], isManual = false } = {},
	) => {
		const ledger = new Ledger();
		ledger.batches.push(...batches);
		Object.assign(ledger.facts, { complete: true, ...facts });
		const upload = { plan: planWith(), ledger };
		return hintsOf([upload, upload], [], { isManual, isListed: false, onError: 'stop' });
	};

	it('are shown once, even if two uploads have them', () => {
		expect(codesOf(hints({}, { batches: [BATCH] }))).toEqual(['when_matched']);
		expect(codesOf(hints({ complete: false }, { batches: [BATCH] }))).toEqual([
			'not_complete',
			'when_matched',
		]);
	});

	it('show what happens next and, in a manual run, how to check the connection', () => {
		expect(hints({ collecting }).map(messageText)).toEqual(['1 of 500 collected']);
		expect(hints({ collecting }, { isManual: true }).map(messageText)).toEqual([
			"1 of 500 collected. To check the connection, turn on 'Dry Run'",
		]);
		const sent = hints({ collecting }, { isManual: true, batches: [BATCH] }).map(messageText);
		expect(sent[0]).toBe('1 of 500 collected');
	});

	it("don't mention the table if no one waits and contacts were sent", () => {
		const none = { ...collecting, waiting: 0 };
		expect(codesOf(hints({ collecting: none }, { batches: [BATCH] }))).toEqual(['when_matched']);
		expect(codesOf(hints({ collecting: none }))).toEqual(['next']);
	});

	it('are warnings, unless they are only information', () => {
		const dryRun = { plan: planWith({ decision: { kind: 'dryRun' } }), ledger: new Ledger() };
		expect(
			hintsOf([dryRun], [], { isManual: true, isListed: false, onError: 'stop' })[0],
		).toMatchObject({
			level: 'info',
		});
		expect(hints({ collecting })[0]).toMatchObject({ level: 'info' });
		expect(hints({ complete: false }, { batches: [BATCH] })[0]?.level).toBeUndefined();
	});
});

describe('the fields in which contacts were looked for', () => {
	const seen = (reasons: string[], sent: number, guesses: string[] = []) => {
		const fields = new FieldsSeen();
		const raw = { paths: { email: 'mail' } };
		for (const reason of reasons) fields.note(raw, { reason } as never);
		for (let n = 0; n < sent; n++) fields.note(raw, { user: { Email: 'a@example.com' } });
		for (const guessed of guesses) fields.note({}, { user: { Phone: '1' }, guessed });
		return messagesOf({ plan: planWith({ fields }), ledger: new Ledger() });
	};
	const times = (count: number, reason: string) => Array<string>(count).fill(reason);

	it.each([
		[9, 0, 0],
		[10, 0, 1],
		[6, 4, 1],
		[6, 6, 0],
		[5, 6, 0],
	])(
		'have a warning if most of ten or more are invalid: %i, with %i sent',
		(invalid, sent, count) => {
			expect(seen(times(invalid, 'email_invalid'), sent)).toHaveLength(count);
		},
	);

	it('have a warning with the most common reason', () => {
		const reasons = [...times(4, 'email_ambiguous'), ...times(8, 'email_invalid')];
		const [warning] = seen(reasons, 0) as [Message];
		expect(warning.what).toBe(
			"12 of 12 values in the email field 'mail' are invalid, 8 of them for this reason",
		);
		expect(warning.fix).not.toBe('');
		const fields = new FieldsSeen();
		for (let n = 0; n < 10; n++) fields.note({}, { reason: 'phone_no_country' } as never);
		const nowhere = messagesOf({ plan: planWith({ fields }), ledger: new Ledger() });
		expect(nowhere[0]?.what).toContain('10 of 10 values in the phone field are invalid');
	});

	it('lack a country, with the five most common calling codes', () => {
		const codes = ['1', '44', '49', '33', '65', '91'];
		const text = (all: string[]) => seen([], 0, all).map(messageText);
		expect(text([])).toEqual([]);
		expect(text(['49'])).toEqual([
			expect.stringMatching(
				/^1 phone number has .* was read .* begin with \(\+49: 1\)\. If they are all from/,
			),
		]);
		expect(text(codes.slice(0, 5))[0]).toMatch(/^5 phone numbers have .*\+65: 1\)\./);
		expect(text([...codes, '91', '91', '44'])[0]).toMatch(
			/^9 phone numbers .*\(\+91: 3, \+44: 2, \+1: 1, \+49: 1, \+33: 1 and 1 more\)\./,
		);
	});

	it.each([
		[
			'automatic',
			['Kontakt', 'Ort'],
			/^No field is named like .*; the first item has 'Kontakt', 'Ort'\. Set 'Mapping Mode'/,
		],
		[
			'byHand',
			[],
			/^The fields chosen as .* are empty in every item; the first item has no field to choose\./,
		],
	] as const)('are missing (mapping: %s)', (mapping, names, text) => {
		const itemWithoutContact = {
			names: [...names],
			isEmpty: false,
			mapping,
			file: 'none' as const,
		};
		const plan = planWith({ itemWithoutContact });
		const [message] = messagesOf({ plan, ledger: new Ledger() }) as [Message];
		expect(messageText(message)).toMatch(text);
	});
});

describe("why an upload isn't sent", () => {
	const items = [7, 8, 9, 10, 11, 12, 13];
	const stop = (invalid: number) => {
		const ledger = new Ledger();
		ledger.receive(items.length);
		for (let ref = 1; ref <= invalid; ref++) {
			ledger.record(ref, { status: 'invalid', reason: 'email_invalid' });
		}
		const source = itemSource(items, () => ({}));
		const reason: Blocker = { code: 'invalid_users', invalid };
		return failureOf({
			plan: planWith({ items, source, decision: { kind: 'stop', blocker: reason } }),
			ledger,
		});
	};

	it.each([
		[1, 1],
		[5, 5],
		[6, 5],
	])('names the first five invalid contacts: %i', (invalid, named) => {
		const found = stop(invalid);
		expect(found?.fix.match(/Item \d+: The email/g)).toHaveLength(named);
		expect(found?.item).toBe(8);
		expect(found?.fix).toMatch(invalid > 5 ? / And 1 more\.$/ : / mary@example\.com\.$/);
		expect(found?.what).toBe(`Nothing was sent: ${invalid} of the contacts can't be sent`);
	});

	it.each<[Blocker, string]>([
		[{ ...blocker, size: 1 }, "there is only 1 contact, and 'Minimum Contacts' is 5"],
		[blocker, "there are only 3 contacts, and 'Minimum Contacts' is 5"],
		[{ code: 'invalid_users', invalid: 2 }, "2 of the contacts can't be sent"],
		[{ code: 'nobody_to_send' }, 'none of the contacts can be sent'],
	])('is the same in a dry run: %j', (reason, clause) => {
		const of = (decision: Decision) =>
			messagesOf({ plan: planWith({ decision }), ledger: new Ledger() }).at(-1);
		expect(of({ kind: 'stop', blocker: reason })?.what).toBe(`Nothing was sent: ${clause}`);
		expect(of({ kind: 'dryRun', blocker: reason })).toMatchObject({
			code: reason.code,
			what: `A real run would send nothing: ${clause}`,
		});
	});

	it('is missing for an upload that is sent', () => {
		expect(failureOf({ plan: planWith(), ledger: new Ledger() })).toBeUndefined();
	});
});

describe('countries where Meta sends no marketing messages are reported', () => {
	const warnings = (users: number, ...countries: string[]) => {
		const reach = new ReachTally();
		for (const country of countries) reach.note({ country });
		const plan = planWith({ users: usersOf(users), reach });
		const messages = messagesOf({ plan, ledger: new Ledger() });
		return messages.filter(({ code }) => code === 'not_messageable').map(({ what }) => what);
	};

	it('if more than a tenth of the contacts are there', () => {
		expect(warnings(20)).toEqual([]);
		expect(warnings(20, 'RU', 'RU')).toEqual([]);
		expect(warnings(9, 'RU')).toEqual([
			'1 of 9 contacts is in a country where Meta sends no marketing messages (RU: 1)',
		]);
	});

	it('up to five of them, the most common first', () => {
		const five = ['RU', 'CU', 'IR', 'KP', 'SY'];
		expect(warnings(20, ...five, 'SY')).toEqual([
			expect.stringMatching(/^6 of 20 .* \(SY: 2, RU: 1, CU: 1, IR: 1, KP: 1\)$/),
		]);
		expect(warnings(20, ...five, 'BY', 'BY')).toEqual([
			expect.stringMatching(/^7 of 20 .* \(BY: 2, RU: 1, CU: 1, IR: 1, KP: 1 and 1 more\)$/),
		]);
	});
});

test.each<[SourceFacts, RegExp]>([
	[
		{ unreadableItems: [4] },
		/^An expression .* can't be evaluated for item 4\. Check 'Default Country', .*$/,
	],
	[
		{ unreadableItems: [4, 6] },
		/^An expression .* can't be evaluated for 2 items, starting with item 4\. Check '/,
	],
	[
		{ unreadableRows: { count: 1, what: 'odd' } },
		/^1 row in the file can't be read and counts as invalid: odd\. Correct it in the/,
	],
	[
		{ unreadableRows: { count: 2, what: 'odd' } },
		/^2 rows in the file can't be read, so they count as invalid; the first one: odd/,
	],
	[
		{ wideRows: { count: 1, row: 3 } },
		/^Row 3 has more cells .*\. Check whether its cells have shifted/,
	],
	[{ wideRows: { count: 2, row: 3 } }, /^2 rows, starting with row 3, have more cells/],
	[
		{ sheet: 'a', otherSheets: ['b', 'c', 'd', 'e', 'f'] },
		/^Only the sheet 'a' was read; contacts are also in 'b', 'c', 'd', 'e', 'f'\. /,
	],
	[
		{ sheet: 'a', otherSheets: ['b', 'c', 'd', 'e', 'f', 'g', 'h'] },
		/; contacts are also in 'b', 'c', 'd', 'e', 'f' and 2 more\. /,
	],
])('what was noticed while contacts were read is reported: %j', (facts, text) => {
	const source = { ...itemSource([], () => ({})), facts };
	const messages = messagesOf({ plan: planWith({ source }), ledger: new Ledger() });
	expect(messages.map(messageText)).toEqual([expect.stringMatching(text)]);
});

test.each<[(error: Error) => Message, RegExp]>([
	[cannotRead, /^An expression in .* \(no x\)\. Check the fields/],
	[unexpected, /^Nothing more was sent: Error: no x\. Report this to/],
	[noCredential, /^The credential can't be used: no x\. Choose one in the node$/],
])('an error is reported with what to do: %#', (messageFor, text) => {
	const message = messageFor(new Error('no x'));
	expect(messageText(message)).toMatch(text);
	expect(message.code).not.toBe('');
});
