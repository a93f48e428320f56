import { FieldsSeen } from '../../nodes/AlibabaCloudChatApp/upload/tallies';

const user = { Email: 'ann@example.com' };

function seen(...contacts: Array<Parameters<FieldsSeen['note']>>): FieldsSeen {
	const fields = new FieldsSeen();
	for (const [raw, cleaned] of contacts) fields.note(raw, cleaned);
	return fields;
}

test('finds the most common path of each field separately', () => {
	const fields = seen(
		[{ paths: { email: 'a', phone: 'p' } }, { user }],
		[{ paths: { email: 'b', phone: 'p' } }, { user }],
		[{ paths: { email: 'a', phone: 'q' } }, { user }],
		[{ paths: { email: 'b', country: 'c' } }, { user }],
		[{ paths: { email: 'b', phone: 'p' } }, { user }],
	);
	expect(fields.mostCommonPaths()).toEqual({ email: 'b', phone: 'p', country: 'c' });
});

test.each([
	['email', { email: 'x', phone: 'p', country: 'c' }],
	['phone', { email: 'a', phone: 'x', country: 'c' }],
	['country', { email: 'a', phone: 'p', country: 'x' }],
] as const)('an item whose %s is elsewhere is counted there', (field, elsewhere) => {
	const usual = { email: 'a', phone: 'p', country: 'c' };
	const fields = seen(
		[{ paths: usual }, { user }],
		[{ paths: elsewhere }, { user }],
		[{ paths: elsewhere }, { user }],
		[{ paths: usual }, { user }],
		[{ paths: elsewhere }, { user }],
	);
	expect(fields.mostCommonPaths()[field]).toBe('x');
});

test('the path of the value that is sent counts, not that of the first value', () => {
	const paths = { email: 'work' };
	expect(seen([{ paths: { email: 'home' } }, { user, paths }]).mostCommonPaths()).toEqual(paths);
	expect(
		seen([{ paths: { email: 'home' } }, { reason: 'email_invalid' }]).mostCommonPaths(),
	).toEqual({
		email: 'home',
	});
});

test('has nothing about contacts without fields', () => {
	const fields = seen([{}, { reason: 'no_email_or_phone' }]);
	expect(fields.mostCommonPaths()).toEqual({});
	expect(fields.tallies).toEqual({
		email: { valid: 0, invalid: 0, reasons: new Map() },
		phone: { valid: 0, invalid: 0, reasons: new Map() },
	});
});

test('counts what was sent and what is invalid, by field and reason', () => {
	const fields = seen(
		[{}, { user }],
		[{}, { user: { Email: 'bob@example.com', Phone: '16505551212' } }],
		[{}, { user: { Phone: '16505551213' }, dropped: 'email_invalid' }],
		[{}, { reason: 'email_invalid' }],
		[{}, { reason: 'email_ambiguous' }],
		[{}, { reason: 'phone_no_country' }],
		[{}, { reason: 'hash_md5' }],
	);
	expect(fields.tallies.email).toEqual({
		valid: 2,
		invalid: 3,
		reasons: new Map([
			['email_invalid', 2],
			['email_ambiguous', 1],
		]),
	});
	expect(fields.tallies.phone).toEqual({
		valid: 2,
		invalid: 1,
		reasons: new Map([['phone_no_country', 1]]),
	});
});

test('counts the calling codes that were guessed', () => {
	const phone = (guessed?: string) =>
		[{}, { user: { Phone: '1' }, guessed }] as Parameters<FieldsSeen['note']>;
	expect(seen(phone('49'), phone('1'), phone('49'), phone()).guessed).toEqual(
		new Map([
			['49', 2],
			['1', 1],
		]),
	);
});

test('keeps 200 shapes, and continues to count those', () => {
	const at = (n: number) => ({ paths: { email: `e${n}` } });
	const fields = new FieldsSeen();
	for (let n = 1; n <= 205; n++) fields.note(at(n), { user });
	for (let n = 0; n < 3; n++) fields.note(at(205), { user });
	fields.note(at(200), { user });
	expect(fields.mostCommonPaths()).toEqual({ email: 'e200' });
});

describe('every contact is counted, however many names their fields have:', () => {
	const COUNT = 1700;
	function fieldsOf(nameOf: (n: number) => string): FieldsSeen {
		const fields = new FieldsSeen();
		for (let n = 0; n < COUNT; n++) {
			const field = nameOf(n);
			const raw = {
				otherPeople: [{ field, count: 2 }],
				unused: [{ path: field, kind: 'phone' as const }],
				onlyId: field,
			};
			fields.note(raw, { reason: 'opted_out', optedOutBy: field });
			fields.noteOptOut(field);
		}
		return fields;
	}

	test('those keyed by contacts under one hidden name', () => {
		const fields = fieldsOf((n) => `u${n}@example.com`);
		expect(fields.optedOut).toEqual(new Map([['[hidden]', COUNT]]));
		expect(fields.people).toEqual(new Map([['[hidden]', 2 * COUNT]]));
		expect(fields.unused()).toEqual([
			{ path: '[hidden]', kind: 'phone', count: COUNT, total: COUNT },
		]);
		expect(fields.onlyId()).toBe('[hidden]');
	});

	test('a thousand names, and all others under one', () => {
		const { optedOut } = fieldsOf((n) => `field_${n}`);
		expect([optedOut.size, optedOut.get('field_999'), optedOut.get('[other fields]')]).toEqual([
			1001,
			1,
			COUNT - 1000,
		]);
	});
});
