import { audiencesOf } from '../../nodes/AlibabaCloudChatApp/store/store';
import { type NewRow, PAGE } from '../../nodes/AlibabaCloudChatApp/store/table';
import { MemoryTable } from './memoryTable';

const keyOf = (audience: number | string) => `cams-1/2/3/${audience}`;
const row = (audience: string, status: NewRow['status']): NewRow => ({ audience, status });

test('finds whom contacts wait for, or were claimed for by a sender that may be gone', async () => {
	const table = new MemoryTable();
	const rows = [
		...Array.from({ length: PAGE + 1 }, () => row(keyOf(1), 'waiting')),
		row(keyOf(2), 'waiting'),
		row(keyOf(3), 'claimed'),
		row(keyOf(4), 'sent'),
		row(keyOf(5), 'lease'),
		row("a person's own text", 'waiting'),
	];
	await table.run([{ do: 'insert', rows }]);
	const found = await audiencesOf(table);
	expect(found.map(({ customAudienceId }) => customAudienceId)).toEqual(['1', '2', '3']);
	expect(found[0]).toEqual({
		custSpaceId: 'cams-1',
		pageId: '2',
		adAccountId: '3',
		customAudienceId: '1',
	});
});
