const ts = require('typescript');

const EXCUSED = Symbol('excused');

/**
 * Finds the functions that need something left out and that this package's calls could reach. Calls are followed by name:
 * a function counts as called if any code that runs mentions its name. This finds too many calls, but misses none, except
 * those whose name is built at run time.
 *
 * @param files `{ path, text, library }` of everything that is bundled; `library` is undefined for this package's own files
 * @param list what is left out, and which functions are known never to be called
 * @returns a sentence for each function that is reached, and for each entry of the list that is no longer needed
 */
exports.reached = function reached(files, { leftOut, neverCalled }) {
	const functions = files.flatMap((file) => functionsOf(file, leftOut));
	const byName = new Map();
	for (const each of functions) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
	const excused = new Set();
	const calledBy = new Map(functions.filter(({ runs }) => runs).map((each) => [each, undefined]));
	// Iterating over a map includes what is added meanwhile: the nearest functions come first, so the reported paths are short.
	for (const [each] of calledBy) {
		const excuse = neverCalled.find(
			(entry) => entry.from === each.library && entry.function === each.title,
		);
		if (excuse) excused.add(excuse);
		const mentioned = excuse ? [] : [...each.mentions].flatMap((name) => byName.get(name) ?? []);
		for (const next of mentioned) if (!calledBy.has(next)) calledBy.set(next, each);
		if (excuse) calledBy.set(each, EXCUSED);
	}
	const complaints = [...calledBy]
		.filter(([each, by]) => by !== EXCUSED && each.needs.size > 0)
		.map(
			([each]) => `${way(each, calledBy)} needs ${[...each.needs].join(', ')}, which is left out`,
		);
	const stale = neverCalled.filter((entry) => !excused.has(entry));
	return [
		...complaints,
		...stale.map((entry) => `leftOut.js: nothing mentions ${entry.function} of ${entry.from}`),
	];
};

function way(each, calledBy) {
	const steps = [];
	for (let step = each; step; step = calledBy.get(step)) steps.unshift(step.title);
	return `${each.library}: ${steps.join(' → ')}`;
}

/** What was found in a file, by its path: the build's tests examine the same files many times. */
const known = new Map();

function functionsOf(file, leftOut) {
	const missing = leftOut.filter(({ from }) => from === file.library).map(({ need }) => need);
	const key = JSON.stringify([file.library, missing, file.text]);
	const before = known.get(file.path);
	if (before?.key === key) return before.found;
	const found = findFunctions(file, missing);
	known.set(file.path, { key, found });
	return found;
}

/** The functions of a file, each with the names that it mentions and the parts that it needs and that are left out. */
function findFunctions({ path, text, library }, missing) {
	const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
	const variables = missingVariables(file, missing);
	const found = [];
	const record = (name, title = name, runs = false) => {
		const each = {
			name,
			title,
			library: library ?? 'ours',
			runs,
			mentions: new Set(),
			needs: new Set(),
		};
		found.push(each);
		return each;
	};
	const visit = (node, owner) => {
		if (ts.isIdentifier(node) && !declares(node)) {
			owner.mentions.add(node.text);
			const need = variables.get(node.text);
			if (need && !isProperty(node)) owner.needs.add(need);
		}
		const required = requiredBy(node);
		if (missing.includes(required)) owner.needs.add(required);
		if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
			owner.mentions.add(node.argumentExpression.text);
		}
		const name = ts.isFunctionLike(node) ? nameOf(node) : undefined;
		const alias = aliasOf(node);
		let inner = owner;
		// A file of this package counts as one function that runs: whatever it mentions may be called.
		if (library && name && node.body) inner = record(name, titleOf(node, name));
		else if (library && alias) inner = record(alias);
		ts.forEachChild(node, (child) => visit(child, inner));
	};
	visit(file, record(path, path, true));
	return found;
}

// `const x = require('left out')`, however it is wrapped, and aliases of such a variable.
function missingVariables(file, missing) {
	const variables = new Map(missing.map((need) => [need, need]));
	const visit = (node) => {
		if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) {
			const text = node.initializer.getText();
			const need = missing.find(
				(each) => text.includes(`require("${each}")`) || text.includes(`require('${each}')`),
			);
			const known = need ?? variables.get(text);
			if (known) variables.set(node.name.text, known);
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return variables;
}

// A variable to which the module is only assigned doesn't use it yet.
function requiredBy(node) {
	if (!ts.isCallExpression(node) || ts.findAncestor(node, isPlainVariable)) return undefined;
	const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
	return isImport || node.expression.text === 'require' ? node.arguments[0]?.text : undefined;
}

function isPlainVariable(node) {
	if (ts.isFunctionLike(node)) return 'quit';
	return ts.isVariableDeclaration(node) && ts.isIdentifier(node.name);
}

function nameOf(node) {
	if (ts.isConstructorDeclaration(node)) return node.parent.name?.text;
	if (node.name) return node.name.text;
	const { parent } = node;
	if (
		ts.isVariableDeclaration(parent) ||
		ts.isPropertyAssignment(parent) ||
		ts.isPropertyDeclaration(parent)
	) {
		return parent.name.text;
	}
	return isAssignment(parent) ? lastName(parent.left) : undefined;
}

function titleOf(node, name) {
	if (ts.isConstructorDeclaration(node)) return `${name}.constructor`;
	return ts.isClassLike(node.parent) ? `${node.parent.name?.text}.${name}` : name;
}

// `exports.x = y` and `const x = y` call nothing: whoever calls x calls y.
function aliasOf(node) {
	if (ts.isVariableDeclaration(node)) return isName(node.initializer) ? node.name.text : undefined;
	return isAssignment(node) && isName(node.right) ? lastName(node.left) : undefined;
}

function isName(node) {
	return node !== undefined && (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node));
}

function isAssignment(node) {
	return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

function lastName(node) {
	return ts.isPropertyAccessExpression(node) ? node.name.text : node.text;
}

// Where a name is declared or assigned, nothing is called yet.
function declares(node) {
	const { parent } = node;
	if (isProperty(node)) return isAssignment(parent.parent) && parent.parent.left === parent;
	return parent.name === node || (isAssignment(parent) && parent.left === node);
}

function isProperty(node) {
	return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}
