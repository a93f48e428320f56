import * as fc from 'fast-check';
import { audienceKey, audiencesOf, idsOfKey } from '../../nodes/AlibabaCloudChatApp/store/store';
import { MemoryTable } from './memoryTable';

const IDS = { custSpaceId: 'cams-1', pageId: '2', adAccountId: '3', customAudienceId: '4' };

it("an audience's column can be read by a person", () => {
	expect(audienceKey(IDS)).toBe('cams-1/2/3/4');
	expect(audienceKey({ ...IDS, custSpaceId: 'a/b' })).toBe('a%2Fb/2/3/4');
});

it('the IDs come out of the column as they went in, and no two audiences share one', () => {
	const id = fc.string({ minLength: 1, unit: 'grapheme' });
	const ids = fc.record({ custSpaceId: id, pageId: id, adAccountId: id, customAudienceId: id });
	fc.assert(fc.property(ids, (one) => expect(idsOfKey(audienceKey(one))).toEqual(one)));
});

it('half a sign, which no column can hold, becomes another', () => {
	expect(audienceKey({ ...IDS, pageId: 'a\ud83d' })).toBe('cams-1/a%EF%BF%BD/3/4');
	expect(audienceKey({ ...IDS, pageId: 'a😀' })).toBe('cams-1/a%F0%9F%98%80/3/4');
});

it.each(['', 'a', 'a/b/c', 'a/b/c/', '/b/c/d', 'a//c/d', 'a/b/c/d/e', 'a/b/c/%', '%E0%A4%A/b/c/d'])(
	"a person's own text is no audience: %j",
	(key) => {
		expect(idsOfKey(key)).toBeUndefined();
	},
);

it('every audience is found for which contacts wait or are claimed, however many rows there are', async () => {
	const table = new MemoryTable();
	const row = (audience: string | null, status: 'waiting' | 'claimed' | 'sent' | 'lease') => ({
		audience,
		status,
	});
	const rows = [
		row('a/b/c/2', 'waiting'),
		row('a/b/c/9', 'sent'),
		row('a/b/c/8', 'lease'),
		row('a/b/c/1', 'claimed'),
		row(null, 'waiting'),
		row('of a person', 'waiting'),
		...Array.from({ length: 2000 }, () => row('a/b/c/2', 'waiting')),
		row('a/b/c/3', 'waiting'),
	];
	await table.run([{ do: 'insert', rows }]);
	const found = await audiencesOf(table);
	expect(found.map(({ customAudienceId }) => customAudienceId)).toEqual(['2', '3', '1']);
	expect(await audiencesOf(new MemoryTable())).toEqual([]);
});
