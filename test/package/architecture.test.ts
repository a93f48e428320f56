import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const NODE = 'nodes/AlibabaCloudChatApp';

function imports(folder: string): Array<{ file: string; target: string }> {
	const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
	return files
		.filter((file) => file.endsWith('.ts'))
		.flatMap((name) => importsOf(join(folder, name)));
}

function importsOf(file: string): Array<{ file: string; target: string }> {
	const source = readFileSync(join(ROOT, file), 'utf8');
	const targets = [...source.matchAll(/\b(?:from|import|require)\s*\(?\s*'([^'\n]+)'/g)];
	return targets.map(([, target = '']) => ({
		file,
		target: target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), target)) : target,
	}));
}

const allowed: Array<[folder: string, may: RegExp]> = [
	[
		`${NODE}/contacts`,
		new RegExp(
			`^(${NODE}/contacts/|libphonenumber-js|validator|i18n-iso-countries|lodash|node:crypto)`,
		),
	],
	[
		`${NODE}/sources`,
		new RegExp(
			`^(${NODE}/((sources|contacts)/|(message|async)$)|lodash/|(papaparse|chardet|crc-32|saxes|hucre)$)`,
		),
	],
	[
		`${NODE}/upload`,
		new RegExp(
			`^(${NODE}/((upload|contacts)/|sources/source$|transport/apiError$|(message|async)$)|async-mutex$)`,
		),
	],
	[
		`${NODE}/store`,
		new RegExp(
			`^${NODE}/((store|contacts)/|upload/(audience|batches|packedUsers)$|(message|async)$)`,
		),
	],
	[
		`${NODE}/transport`,
		new RegExp(
			`^(${NODE}/(transport/|(message|async|ids)$)|credentials/|@alicloud/|n8n-workflow$|node:crypto$)`,
		),
	],
	[
		`${NODE}/methods`,
		new RegExp(
			`^(${NODE}/((methods|transport)/|(message|async|ids)$)|credentials/|lodash/|n8n-workflow$)`,
		),
	],
	[
		`${NODE}/actions`,
		new RegExp(
			`^(${NODE}/((actions|contacts|sources|store|upload|transport)/|(message|async|ids)$)|credentials/credential$|lodash/|n8n-workflow$)`,
		),
	],
	['credentials', /^(credentials\/|@alicloud\/|n8n-workflow$|node:crypto$)/],
];

describe('the rooms of the code', () => {
	it.each(allowed)('%s imports only what lies behind it', (folder, may) => {
		const found = imports(folder);
		expect(found.length).toBeGreaterThan(0);
		expect(found.filter(({ target }) => !may.test(target))).toEqual([]);
	});

	it('contacts and upload know no n8n', () => {
		const found = [...imports(`${NODE}/contacts`), ...imports(`${NODE}/upload`)];
		expect(found.filter(({ target }) => target.startsWith('n8n'))).toEqual([]);
	});

	it('every room is among these', () => {
		const rooms = readdirSync(join(ROOT, NODE), { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => `${NODE}/${name}`);
		expect(allowed.map(([folder]) => folder)).toEqual(expect.arrayContaining(rooms));
	});

	it('what every room may use leads to none', () => {
		for (const file of ['message']) {
			expect(importsOf(join(NODE, `${file}.ts`))).toEqual([]);
		}
	});

	it('the SDK is not loaded when n8n reads the node and the credential', () => {
		const program = `
			require('./${NODE}/AlibabaCloudChatApp.node.ts');
			require('./credentials/AlibabaCloudOpenApi.credentials.ts');
			console.log(JSON.stringify(Object.keys(require.cache)));
		`;
		const printed = execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', program], {
			cwd: ROOT,
			encoding: 'utf8',
		});
		const loaded = JSON.parse(printed) as string[];
		expect(loaded.some((file) => file.endsWith('AlibabaCloudChatApp.node.ts'))).toBe(true);
		expect(loaded.filter((file) => file.includes('@alicloud'))).toEqual([]);
	});
});
