import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');

interface Entry {
	integrity?: string;
	resolved?: string;
	/** Comes inside the file of the package above it, whose integrity covers it. */
	inBundle?: boolean;
}

describe.each(['.', 'e2e'])('the lock file in %s', (folder) => {
	const lock = JSON.parse(readFileSync(join(ROOT, folder, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, Entry>;
	};
	const { '': _root, ...packages } = lock.packages;
	const entries = Object.entries(packages);

	it('lets npm verify every package it installs', () => {
		const unverified = entries.filter(([, { inBundle, integrity }]) => !inBundle && !integrity);
		expect(entries.length).toBeGreaterThan(0);
		expect(unverified.map(([path]) => path)).toEqual([]);
	});

	it('names no registry, so that it works with any mirror', () => {
		expect(entries.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
	});
});
