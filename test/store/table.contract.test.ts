import { CONTRACT } from './tableContract';
import { MemoryTable } from './memoryTable';

describe('the table in memory does what collecting relies on in a Data Table', () => {
	it.each(Object.entries(CONTRACT))('%s', async (_, check) => {
		await check(new MemoryTable());
	});
});
