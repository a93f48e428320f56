import { runAddUsers } from '../engine/runAddUsers';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

it('a file that is handed over in several pieces is sent whole', async () => {
	const emails = Array.from({ length: 8000 }, (_, row) => `person${row}@example.com`);
	const content = ['email', ...emails].join('\n');
	// Pieces are 64 KiB.
	expect(content.length).toBeGreaterThan(2 * 65_536);
	await runAddUsers({ simulator, files: [{ name: 'contacts.csv', content }], clock: stillClock() });
	expect(simulator.submissions[0]?.users).toEqual(emails.map((Email) => ({ Email })));
});
