import type { Contact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { Ledger } from '../../nodes/AlibabaCloudChatApp/upload/ledger';
import {
	type GrowingUserList,
	PackedUsers,
} from '../../nodes/AlibabaCloudChatApp/upload/packedUsers';
import { survey } from '../../nodes/AlibabaCloudChatApp/upload/survey';

const CONTACTS: Contact[][] = [
	[{ email: 'ann@example.com' }, { email: 'no address' }],
	[
		{ email: 'ANN@example.com' },
		{ email: 'bob@example.com', phone: '030 23125000', paths: { email: 'e' } },
	],
	[],
	[{ email: 'no address' }],
];

async function run(users: GrowingUserList, removeDuplicates: boolean, pause = async () => {}) {
	const ledger = new Ledger();
	async function* open() {
		yield* CONTACTS;
	}
	const options = { removeDuplicates, hash: 'none' as const, pause };
	const surveyed = await survey({ open }, options, { ledger, users, usersToRemove: [] });
	const results = Array.from({ length: ledger.received }, (_, ref) => ledger.resultOf(ref));
	const refs = Array.from({ length: surveyed.refs.length }, (_, user) => surveyed.refs.at(user));
	return { ...surveyed, users, refs, ledger, results };
}

const LISTS: Array<[string, (unique: boolean) => GrowingUserList]> = [
	['an array', () => []],
	['packed users', (unique) => new PackedUsers({ unique })],
];

describe.each(LISTS)('into %s', (_, newList) => {
	test('the users keep their order, the ledger records the others', async () => {
		const { users, refs, results, fields, ledger } = await run(newList(true), true);
		expect(users.slice(0, users.length)).toEqual([
			{ Email: 'ann@example.com' },
			{ Email: 'bob@example.com' },
		]);
		expect(refs).toEqual([0, 3]);
		expect(results).toEqual([
			{ status: 'held', reason: 'stopped' },
			{ status: 'invalid', reason: 'email_invalid' },
			{ status: 'duplicate' },
			{ status: 'held', reason: 'stopped', droppedField: 'phone_no_country' },
			{ status: 'invalid', reason: 'email_invalid' },
		]);
		expect(ledger.invalidReasons()).toEqual({ email_invalid: 2 });
		expect(ledger.droppedFields()).toEqual({ phone_no_country: 1 });
		expect(fields.mostCommonPaths()).toEqual({ email: 'e' });
	});

	test('duplicates stay if the person wants them', async () => {
		const { users, refs, ledger } = await run(newList(false), false);
		expect(users.length).toBe(3);
		expect(refs).toEqual([0, 2, 3]);
		expect(ledger.counts()).toMatchObject({ duplicates: 0, invalid: 2 });
	});
});

test('pauses after each chunk, and ends with what the pause throws', async () => {
	let pauses = 0;
	const pause = async () => {
		if (++pauses === 3) throw new Error('canceled');
	};
	await expect(run([], true, pause)).rejects.toThrow('canceled');
	expect(pauses).toBe(3);
});

test('all contacts with one reason share an object', async () => {
	const { ledger } = await run([], true);
	expect(ledger.entryOf(1)).toBe(ledger.entryOf(4));
});
