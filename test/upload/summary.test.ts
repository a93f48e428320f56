import { REASONS } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import { summarize } from '../../nodes/AlibabaCloudChatApp/upload/summary';
import { FieldsSeen } from '../../nodes/AlibabaCloudChatApp/upload/tallies';

const audience = { custSpaceId: 's', pageId: 'p', adAccountId: 'a', customAudienceId: 'c' };
const error = { kind: 'rejected', code: 'X', what: 'told', fix: 'f', requestId: 'r2' } as never;

function sentLedger(): Ledger {
	const ledger = new Ledger();
	ledger.receive(5);
	ledger.record(0, { status: 'invalid', reason: 'email_invalid' });
	ledger.recordDropped(1, 'phone_no_country');
	const sent = { last: false, requestId: 'r1', attempts: 1 };
	ledger.recordBatch({ ...sent, start: 0, end: 3 }, [1, 2, 3, 4]);
	ledger.recordBatch(
		{ start: 3, end: 4, last: true, requestId: 'r2', attempts: 2, error },
		[1, 2, 3, 4],
	);
	return ledger;
}

test('an upload in figures, the most important ones first', () => {
	const warnings = [{ code: 'w', what: 'This happened', fix: 'Do that' }];
	const summary = summarize({ audience }, sentLedger(), warnings);
	expect(summary).toEqual({
		received: 5,
		submitted: 3,
		collected: 0,
		duplicates: 0,
		invalid: 1,
		failed: 1,
		held: 0,
		warnings: ['This happened. Do that'],
		invalidReasons: { email_invalid: 1 },
		advice: { email_invalid: REASONS.email_invalid },
		droppedFields: { phone_no_country: 1 },
		fields: {},
		complete: false,
		...audience,
		batches: [
			{ batch: 1, users: 3, last: false, status: 'accepted', requestId: 'r1', tries: 1 },
			{
				batch: 2,
				users: 1,
				last: true,
				status: 'failed',
				requestId: 'r2',
				tries: 2,
				code: 'X',
				message: 'told',
			},
		],
	});
	const keys = Object.keys(summary);
	expect(keys.slice(0, 8).concat(keys.slice(-1))).toEqual([
		'received',
		'submitted',
		'collected',
		'duplicates',
		'invalid',
		'failed',
		'held',
		'warnings',
		'batches',
	]);
});

test("a server's message is quoted if there is one", () => {
	const ledger = new Ledger();
	ledger.receive(1);
	const quoted = { ...(error as object), quote: 'Alibaba Cloud said: no' } as never;
	ledger.recordBatch({ start: 0, end: 1, last: true, requestId: '', attempts: 1, error: quoted }, [
		0,
	]);
	const { batches } = summarize({ audience }, ledger, []);
	expect(batches[0]?.message).toBe('told. Alibaba Cloud said: no');
});

test("shows what else is known, and a dry run's preview", () => {
	const collecting = { waiting: 1, sentFromTable: 2, toppedUp: 3, keptForTopUp: 4, next: 'next' };
	const preview = { batches: [], expectedMatches: { low: 0, high: 0 }, sample: [] };
	const fields = new FieldsSeen();
	fields.note({ paths: { email: 'e' } }, { user: { Email: 'ann@example.com' } });
	const ledger = new Ledger();
	Object.assign(ledger.facts, { tokenTotalBefore: 0, collecting });
	const plan = { audience, audienceName: 'Newsletter', preview, fields };
	expect(summarize(plan, ledger, [])).toMatchObject({
		customAudienceName: 'Newsletter',
		tokenTotalBefore: 0,
		dryRun: true,
		plan: preview,
		collecting,
		fields: { email: 'e' },
	});
});

test('shows the audience by the name that was looked up, unless it is known', () => {
	const ledger = new Ledger();
	ledger.facts.audienceName = 'Looked up';
	expect(summarize({ audience }, ledger, []).customAudienceName).toBe('Looked up');
	const plan = { audience, audienceName: 'Chosen' };
	expect(summarize(plan, ledger, []).customAudienceName).toBe('Chosen');
});
