import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const WORKFLOWS = join(ROOT, '.github', 'workflows');

describe('the check before a release', () => {
	const check = (manifest: object, tag: string, changelog = '## [1.2.0] - 2030-01-01\n') => {
		const folder = mkdtempSync(join(tmpdir(), 'release-'));
		try {
			cpSync(join(ROOT, 'build', 'checkRelease.mjs'), join(folder, 'check.mjs'));
			writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
			writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
			const env = { ...process.env, GITHUB_REPOSITORY: 'ann/node', GITHUB_REF_NAME: tag };
			const options = { cwd: folder, env, encoding: 'utf8' } as const;
			const { status, stderr } = spawnSync(process.execPath, ['check.mjs'], options);
			return { status, stderr };
		} finally {
			rmSync(folder, { recursive: true });
		}
	};
	const ready = {
		version: '1.2.0',
		repository: { type: 'git', url: 'git+https://github.com/ann/node.git' },
	};

	it('accepts what is ready', () => {
		expect(check(ready, 'v1.2.0')).toEqual({ status: 0, stderr: '' });
	});

	it.each([
		['a repository that is still to be filled in', { ...ready, repository: undefined }, 'v1.2.0'],
		[
			'another repository',
			{ ...ready, repository: { url: 'git+https://github.com/x/y.git' } },
			'v1.2.0',
		],
		['a tag of another version', ready, 'v1.3.0'],
		['a version without a word on what is new', { ...ready, version: '2.0.0' }, 'v2.0.0'],
	])('rejects %s, and says what to do', (_, manifest, tag) => {
		const { status, stderr } = check(manifest, tag);
		expect(status).toBe(1);
		expect(stderr).toMatch(/ set its "url" to |Make them the same|Say there what is new/);
	});
});

it.each(readdirSync(WORKFLOWS))('%s pins every action to a commit', (file) => {
	const uses = readFileSync(join(WORKFLOWS, file), 'utf8').match(/uses: .*/g) ?? [];
	expect(uses.length).toBeGreaterThan(0);
	for (const use of uses) expect(use).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v[\d.]+$/);
});

it('a release is checked before anything is installed, and publishes the file that was tested and scanned', () => {
	const steps = [
		...readFileSync(join(WORKFLOWS, 'release.yml'), 'utf8').matchAll(/- run: (.*)/g),
	].map(([, command]) => command);
	expect(steps).toEqual([
		'node build/checkRelease.mjs',
		'npm ci --ignore-scripts',
		'npm test',
		'npm run package',
		'sha256sum *.tgz | tee "$RUNNER_TEMP/packed.sha256"',
		'npm run test:packed',
		'npm run scan',
		'sha256sum --check "$RUNNER_TEMP/packed.sha256"',
		'npm publish ./*.tgz --provenance --access public',
	]);
});
