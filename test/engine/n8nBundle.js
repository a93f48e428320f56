const { existsSync, mkdirSync, renameSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..', '..');
const versions = ['n8n-core', 'n8n-workflow', 'esbuild'].map(
	(name) => require(join(ROOT, 'node_modules', name, 'package.json')).version,
);
const FILE = join(ROOT, 'node_modules', '.cache', 'n8nBundle', `${versions.join('-')}.js`);

/** Where the tests find n8n's packages: Jest would read, resolve, and compile 2,000 files for each test file. */
exports.moduleNameMapper = {
	'^n8n-core$': join(__dirname, 'n8nCore.js'),
	'^n8n-workflow$': join(__dirname, 'n8nWorkflow.js'),
	'^n8n-bundle$': FILE,
};

/** Bundles n8n's engine, unless this version's bundle is there. */
exports.makeBundle = async () => {
	if (existsSync(FILE)) return;
	mkdirSync(join(FILE, '..'), { recursive: true });
	const made = `${FILE}.${process.pid}`;
	await require('esbuild').build({
		stdin: {
			contents: "exports.core = require('n8n-core'); exports.workflow = require('n8n-workflow');",
			resolveDir: ROOT,
		},
		bundle: true,
		platform: 'node',
		target: 'node20',
		minifyWhitespace: true,
		keepNames: true,
		// Native code, of which the tests run none.
		external: ['isolated-vm', '*.node'],
		logLevel: 'error',
		outfile: made,
	});
	renameSync(made, FILE);
};
