import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const NODE = 'nodes/AlibabaCloudChatApp';

/** Paths of the source files from the root. */
const files = [NODE, 'credentials'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name)),
);

function repeated(names: string[]): string[] {
	return [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
}

const DEFINED = /^(export )?(?:async )?(?:function\*?|class|const|let|interface|type) (\w+)/gm;

/** The files that define a name at their top level, and those that export it. */
const filesThatDefine = new Map<string, string[]>();
const exportedNames = new Map<string, string[]>();
for (const file of files) {
	const source = readFileSync(join(ROOT, file), 'utf8');
	for (const [, isExported, name = ''] of source.matchAll(DEFINED)) {
		add(filesThatDefine, name, file);
		if (isExported) add(exportedNames, name, file);
	}
}

function add(index: Map<string, string[]>, name: string, file: string): void {
	index.set(name, [...(index.get(name) ?? []), file]);
}

// Who may import whom is checked by the linter: .dependency-cruiser.mjs.
describe('the modules of the code', () => {
	it('are all named by the rules on imports', () => {
		const rules = readFileSync(join(ROOT, '.dependency-cruiser.mjs'), 'utf8');
		const modules = readdirSync(join(ROOT, NODE), { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => `'${name}/':`);
		expect(modules.filter((name) => !rules.includes(name))).toEqual([]);
	});

	it('have no two files of one name', () => {
		const names = files.map((file) => basename(file)).filter((name) => name !== 'index.ts');
		expect(repeated(names)).toEqual([]);
	});

	it('export no name twice, or one that another file gives a meaning, besides those of every operation', () => {
		const ofOperations = ['description', 'fields', 'execute', 'getMany'];
		const twice = [...exportedNames].filter(
			([name, { length }]) => length > 1 || (filesThatDefine.get(name)?.length ?? 0) > 1,
		);
		expect(twice.filter(([name]) => !ofOperations.includes(name))).toEqual([]);
	});

	it('load no SDK when n8n reads the node and the credential', () => {
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
