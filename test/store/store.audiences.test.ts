import * as fc from 'fast-check';
import { audienceKeyOf, waitingAudiences } from '../../nodes/AlibabaCloudChatApp/store/store';
import { type NewRow, ROWS_PER_PAGE } from '../../nodes/AlibabaCloudChatApp/store/table';
import { MemoryTable } from './memoryTable';

const IDS = { custSpaceId: 'cams-1', pageId: '2', adAccountId: '3', customAudienceId: '4' };
const row = (audience: string | null, status: NewRow['status']): NewRow => ({ audience, status });

async function audiencesIn(...rows: NewRow[]) {
	const table = new MemoryTable();
	await table.run([{ do: 'insert', rows }]);
	return (await waitingAudiences(table)).map(({ audience }) => audience);
}

describe("the column 'audience'", () => {
	it('is readable', () => {
		expect(audienceKeyOf(IDS)).toBe('cams-1/2/3/4');
		expect(audienceKeyOf({ ...IDS, custSpaceId: 'a/b' })).toBe('a%2Fb/2/3/4');
	});

	it('contains the IDs, whatever is in them', async () => {
		const id = fc.string({ minLength: 1, unit: 'grapheme' });
		const ids = fc.record({ custSpaceId: id, pageId: id, adAccountId: id, customAudienceId: id });
		await fc.assert(
			fc.asyncProperty(ids, async (one) => {
				expect(await audiencesIn(row(audienceKeyOf(one), 'waiting'))).toEqual([one]);
			}),
		);
	});

	it('has a replacement character for a lone surrogate, which no column can contain', () => {
		expect(audienceKeyOf({ ...IDS, pageId: 'a\ud83d' })).toBe('cams-1/a%EF%BF%BD/3/4');
		expect(audienceKeyOf({ ...IDS, pageId: 'a😀' })).toBe('cams-1/a%F0%9F%98%80/3/4');
	});

	it.each([
		'',
		'a',
		'a/b/c',
		'a/b/c/',
		'/b/c/d',
		'a//c/d',
		'a/b/c/d/e',
		'a/b/c/%',
		'%E0%A4%A/b/c/d',
	])("is no audience if it is a person's own text: %j", async (key) => {
		expect(await audiencesIn(row(key, 'waiting'))).toEqual([]);
	});
});

describe('the audiences for which contacts wait', () => {
	it('include those whose contacts were claimed by a sender that may be gone', async () => {
		const found = await audiencesIn(
			row('a/b/c/2', 'waiting'),
			row('a/b/c/9', 'sent'),
			row('a/b/c/8', 'lease'),
			row('a/b/c/1', 'claimed'),
			row(null, 'waiting'),
		);
		expect(found.map(({ customAudienceId }) => customAudienceId)).toEqual(['2', '1']);
		expect(found[0]).toEqual({
			custSpaceId: 'a',
			pageId: 'b',
			adAccountId: 'c',
			customAudienceId: '2',
		});
	});

	it('have the name that the latest contact was stored with', async () => {
		const table = new MemoryTable();
		const stored = [null, 'Leads', 'Newsletter', null].map((audienceName) => ({
			...row('a/b/c/1', 'waiting'),
			audienceName,
		}));
		await table.run([{ do: 'insert', rows: [...stored, row('a/b/c/2', 'waiting')] }]);
		const found = await waitingAudiences(table);
		expect(found.map(({ name }) => name)).toEqual(['Newsletter', undefined]);
	});

	it('are found on every page', async () => {
		const page = Array.from({ length: ROWS_PER_PAGE }, () => row('a/b/c/1', 'waiting'));
		const found = await audiencesIn(...page, ...page, row('a/b/c/2', 'waiting'));
		expect(found.map(({ customAudienceId }) => customAudienceId)).toEqual(['1', '2']);
	});

	it('are none in an empty table', async () => {
		expect(await audiencesIn()).toEqual([]);
	});
});
