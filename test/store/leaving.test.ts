import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { notAccepted, type StoredUser, toLeave } from '../../nodes/AlibabaCloudChatApp/store/store';
import type { Row } from '../../nodes/AlibabaCloudChatApp/store/table';
import { people } from './scene';

const stored = (users: User[]): StoredUser[] => users.map((user) => ({ user, row: {} as Row }));
const numbers = (users: User[]) => users.map(({ Email = '' }) => Number(/\d+/.exec(Email)?.[0]));

describe('what stays of a list in the table as sent', () => {
	const leave = (accepted: Array<[number, number]>, table: object = {}, own = people(9)) =>
		numbers(
			toLeave(
				own,
				accepted.map(([start, end]) => ({ start, end })),
				{ claimed: [], earlier: [], most: 3, ...table },
			),
		);

	it('is the last accepted users, as many as a late contact needs', () => {
		expect(leave([[0, 9]])).toEqual([7, 8, 9]);
		expect(
			leave([
				[0, 2],
				[4, 6],
			]),
		).toEqual([2, 5, 6]);
		expect(leave([[0, 2]])).toEqual([1, 2]);
		expect(leave([])).toEqual([]);
	});

	it('counts what is there already', () => {
		expect(
			leave([[0, 9]], { claimed: stored(people(1, 50)), earlier: stored(people(1, 60)) }),
		).toEqual([9]);
		expect(leave([[0, 9]], { earlier: stored(people(3, 50)) })).toEqual([]);
		expect(leave([[0, 9]], { earlier: stored(people(1, 9)) })).toEqual([7, 8]);
		expect(leave([[0, 9]], { claimed: stored(people(1, 8)) })).toEqual([7, 9]);
	});

	it('knows a user by each identifier that it has', () => {
		const own = [
			{ Phone: '1' },
			{ Email: 'a', Phone: '2' },
			{ Email: 'b', Phone: '1' },
			{ Email: 'a' },
		];
		const earlier = stored([{ Email: 'a', Phone: '1' }]);
		const left = toLeave(own, [{ start: 0, end: 4 }], { claimed: [], earlier, most: 9 });
		expect(left).toEqual([own[1], own[2]]);
	});

	it('is no waiting contact that went along behind the list', () => {
		expect(leave([[7, 12]])).toEqual([8, 9]);
		expect(leave([[9, 12]])).toEqual([]);
	});
});

describe('what waits of a list', () => {
	const wait = (count: number, ...accepted: Array<[number, number]>) =>
		numbers(
			notAccepted(
				people(count),
				accepted.map(([start, end]) => ({ start, end })),
			),
		);

	it('is what was not accepted', () => {
		expect(wait(5)).toEqual([1, 2, 3, 4, 5]);
		expect(wait(5, [0, 5])).toEqual([]);
		expect(wait(5, [1, 2], [3, 4])).toEqual([1, 3, 5]);
		expect(wait(5, [0, 9])).toEqual([]);
		expect(wait(5, [4, 9])).toEqual([1, 2, 3, 4]);
		expect(wait(5, [0, 4], [1, 2])).toEqual([5]);
		expect(wait(5, [6, 7])).toEqual([1, 2, 3, 4, 5]);
	});

	it('is nobody when it is more than the table has room for', () => {
		expect(wait(10_000)).toHaveLength(10_000);
		expect(wait(10_001)).toEqual([]);
		expect(wait(10_001, [0, 1])).toHaveLength(10_000);
	});
});
