import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_KEY } from '../simulator/simulator';
import type { LoggedRun } from './loggedRuns';

const contacts = [
	{ email: 'secret.person@example.com', phone: '+1 650 555 1234' },
	{ email: 'Another.Person@Example.com' },
	{ email: 'not.quite@', phone: '+1 650 555 9876' },
];
const PERSONAL = /secret\.person|another\.person|not\.quite|(1?650)?555(1234|9876)/i;

let runs: LoggedRun[];
let log: string;

beforeAll(() => {
	const folder = mkdtempSync(join(tmpdir(), 'logged-runs-'));
	const result = join(folder, 'runs.json');
	const program = join(__dirname, 'loggedRuns.ts');
	const { stdout, stderr } = spawnSync(
		process.execPath,
		['--import', 'tsx', program, result, JSON.stringify(contacts)],
		{ encoding: 'utf8', env: { ...process.env, N8N_LOG_LEVEL: 'debug' } },
	);
	log = stdout + stderr;
	runs = JSON.parse(readFileSync(result, 'utf8')) as LoggedRun[];
	rmSync(folder, { recursive: true });
}, 60_000);

const withoutSentinel = () => runs.filter(({ name }) => !name.startsWith('sentinel'));

describe('no person and no secret in a URL, a header, a stored run or a log line', () => {
	it('the capture works: it sees what n8n logs and stores, and what the server received', () => {
		expect(log).toContain('sentinel from the server');
		expect(log).toContain('Start executing node');
		expect(runs.find(({ name }) => name.startsWith('sentinel'))?.stored).toContain(
			'sentinel from the server',
		);
		expect(runs.find(({ name }) => name === 'all goes well (continue, body)')?.users).toBe(3);
	});

	it('in the log', () => {
		expect(log).not.toMatch(PERSONAL);
		expect(log).not.toContain(DEFAULT_KEY.accessKeySecret);
	});

	it('in what the server sees besides the body', () => {
		const inBody = runs.filter(({ usersIn }) => usersIn === 'body');
		const requests = inBody.flatMap((run) => run.requests);
		expect(requests.length).toBeGreaterThan(inBody.length / 2);
		for (const request of requests) expect(request).not.toMatch(PERSONAL);
	});

	it('in what n8n stores, whatever the server does', () => {
		for (const { stored } of withoutSentinel()) {
			expect(stored).not.toMatch(PERSONAL);
			expect(stored).not.toContain(DEFAULT_KEY.accessKeySecret);
		}
	});
});
