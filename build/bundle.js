const { readFileSync } = require('node:fs');
const { builtinModules } = require('node:module');
const { join, relative, resolve } = require('node:path');
const esbuild = require('esbuild');
const ts = require('typescript');
const { n8n } = require('../package.json');
const LEFT_OUT = require('./leftOut');
const { reached } = require('./reach');

const ROOT = resolve(__dirname, '..');
/** The modules that n8n's rules let a community node load. */
const GIVEN = ['n8n-workflow', 'crypto', 'node:crypto'];
/** The globals that n8n's rules forbid. */
const WATCHED = [
	...['clearImmediate', 'clearInterval', 'clearTimeout', 'console', 'global', 'globalThis'],
	...['process', 'setImmediate', 'setInterval', 'setTimeout', '__dirname', '__filename'],
];

/**
 * Bundles the node and the credential with their libraries.
 * @param list as leftOut.js has it
 * @returns `files` to be written, with `path` and `text`, and `packages`, the folders of what was bundled
 * @throws when a library's needs are not those of leftOut.js, or when a call could reach what is left out
 */
exports.bundle = async function bundle(list = LEFT_OUT) {
	const used = new Set();
	const { metafile, outputFiles } = await esbuild.build({
		absWorkingDir: ROOT,
		entryPoints: [...n8n.nodes, ...n8n.credentials].map(sourceOf),
		outbase: '.',
		outdir: 'dist',
		bundle: true,
		platform: 'node',
		target: 'node20',
		sourcemap: true,
		external: GIVEN,
		metafile: true,
		write: false,
		logLevel: 'silent',
		plugins: [leaveOut(list, used)],
	});
	const inputs = Object.keys(metafile.inputs).filter((path) => !path.includes(':'));
	const packages = [...new Set(inputs.map(folderOf).filter(Boolean))].sort();
	const complaints = [
		...differences(packages.map(packageOf), list.bundled),
		...[...list.leftOut, ...list.standIns]
			.filter((entry) => !used.has(entry))
			.map(({ from, need }) => `leftOut.js: ${from} no longer needs ${need}`),
		...reached(inputs.map(sourceFile), list),
	];
	if (complaints.length > 0) throw new Error(complaints.join('\n'));
	return { files: outputFiles.map(withOwnSourcesOnly), packages };
};

/** @returns an esbuild plugin that notes in `used` which entries of leftOut.js it needed */
function leaveOut(list, used) {
	return {
		name: 'leave-out',
		setup(build) {
			build.onResolve({ filter: /.*/ }, ({ path, importer, namespace }) => {
				if (namespace === 'left-out') return undefined;
				const library = packageOf(relative(ROOT, importer));
				const found = library && entryFor(library, path, list, used);
				if (found) return found;
				return GIVEN.includes(path) ? undefined : refusal(path, library);
			});
			build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
				contents: refusing(path),
			}));
			build.onLoad({ filter: /\.c?js$/ }, ({ path }) => withoutGlobals(path));
		},
	};
}

function entryFor(library, need, list, used) {
	const is = (entry) => entry.from === library && entry.need === need;
	const leftOut = list.leftOut.find(is);
	const standIn = list.standIns.find(is);
	if (leftOut || standIn) used.add(leftOut ?? standIn);
	if (leftOut) return { path: need, namespace: 'left-out' };
	if (standIn) return { path: join(__dirname, 'standIns', `${standIn.standIn}.js`) };
	return undefined;
}

function refusal(need, library = 'The node') {
	const isGlobal = WATCHED.includes(need);
	if (!isGlobal && !builtinModules.includes(need.replace(/^node:/, ''))) return undefined;
	const text = `${library} needs ${need}, which n8n does not let a community node use: see build/leftOut.js`;
	return { errors: [{ text }] };
}

// Compiled imports read `__esModule` and `default` when they are loaded, so these two don't throw.
function refusing(need) {
	return `
		const refuse = () => { throw new Error(${JSON.stringify(`${need} is not part of this package`)}); };
		const leftOut = new Proxy(class {}, {
			get: (_, name) => name === '__esModule' || (name === 'default' ? leftOut : refuse()),
			apply: refuse,
			construct: refuse,
		});
		module.exports = leftOut;`;
}

// A forbidden global becomes a variable of the file, so that it is left out, or replaced by a stand-in, as a module is.
function withoutGlobals(path) {
	if (!packageOf(relative(ROOT, path))) return undefined;
	if (!rewritten.has(path)) rewritten.set(path, withVariables(path, readFileSync(path, 'utf8')));
	return { contents: rewritten.get(path) };
}

/** The libraries' files, by path: they don't change while a process runs, and its tests build many times. */
const rewritten = new Map();

function withVariables(path, text) {
	const names = globalsIn(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
	const variables = names.map((name) => `var ${name} = require("${name}");`).join('');
	// On the first line, after a directive that must come first, so that the source map's lines stay correct.
	return text.replace(/^(["']use strict["'];)?/, (directive) => directive + variables);
}

function globalsIn(file) {
	const mentioned = new Set();
	const declared = new Set();
	const visit = (node) => {
		const { parent } = node;
		if (ts.isIdentifier(node) && WATCHED.includes(node.text) && parent.name !== node) {
			mentioned.add(node.text);
		}
		if ((ts.isVariableDeclaration(parent) || ts.isParameter(parent)) && parent.name === node) {
			declared.add(node.text);
		}
		ts.forEachChild(node, visit);
	};
	ts.forEachChild(file, visit);
	return [...mentioned].filter((name) => !declared.has(name));
}

/** The folder of the package that a file belongs to, from the root; undefined for this package's own files. */
function folderOf(path) {
	return path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0];
}

function packageOf(path) {
	return folderOf(path)?.split('node_modules/').pop();
}

function sourceFile(path) {
	return { path, text: readFileSync(join(ROOT, path), 'utf8'), library: packageOf(path) };
}

// A library's source is in the built file, so the map needs only its line numbers.
function withOwnSourcesOnly({ path, text }) {
	if (!path.endsWith('.map')) return { path, text };
	const map = JSON.parse(text);
	map.sourcesContent = map.sources.map((source, index) =>
		packageOf(source) ? null : map.sourcesContent[index],
	);
	return { path, text: JSON.stringify(map) };
}

function sourceOf(built) {
	return built.replace(/^dist\//, '').replace(/\.js$/, '.ts');
}

function differences(found, listed) {
	return [
		...found
			.filter((name) => !listed.includes(name))
			.map((name) => `leftOut.js: ${name} is bundled, but not listed`),
		...listed
			.filter((name) => !found.includes(name))
			.map((name) => `leftOut.js: ${name} is listed, but no longer bundled`),
	];
}
