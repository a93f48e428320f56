import { describePreview } from '../../nodes/AlibabaCloudChatApp/upload/summary';

const users = Array.from({ length: 5 }, (_, n) => ({ Email: `user${n}@mail.example.com` }));

test('shows the calls of an upload, their size, and the one with the last flag', () => {
	const { batches, estimatedTotal, expectedMatches } = describePreview(
		{ users, options: { batchSize: 2 }, total: 900, completes: true },
		1000,
	);
	expect(batches).toEqual([
		{ batch: 1, users: 2, bytes: 115, last: false },
		{ batch: 2, users: 2, bytes: 115, last: false },
		{ batch: 3, users: 1, bytes: 62, last: true },
	]);
	expect(estimatedTotal).toBe(900);
	expect(expectedMatches).toEqual({ low: 200, high: 700 });
});

test('a part of an upload has no last flag, and no total if it is unknown', () => {
	const plan = describePreview({ users, options: { batchSize: 5 }, completes: false }, 5);
	expect(plan.batches.map(({ last }) => last)).toEqual([false]);
	expect(plan).not.toHaveProperty('estimatedTotal');
});

test('shows three users, masked', () => {
	const { sample } = describePreview(
		{
			users: [
				{ Email: 'mary.miller@mail.example.com', Phone: '16505551212' },
				{ Phone: '493023125000' },
				{ Email: '0123456789abcdef' },
				{ Email: 'nobody@example.com' },
			],
			options: { batchSize: 10 },
			completes: true,
		},
		4,
	);
	expect(sample).toEqual([
		{ Email: 'm***@m***.com', Phone: '16***2' },
		{ Phone: '49***0' },
		{ Email: '01***f' },
	]);
});
