import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import ts from 'typescript';
import { AlibabaCloudOpenApi } from '../../credentials/AlibabaCloudOpenApi.credentials';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { runNode } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const ROOT = join(__dirname, '..', '..');

interface Text {
	/** File and line. */
	place: string;
	text: string;
	/** Whether it is a message's advice. */
	isAdvice: boolean;
}

function filesIn(folder: string, ending: RegExp): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => ending.test(name))
		.map((name) => join(ROOT, folder, name));
}

/** Sentences and labels in the code; what a template inserts is '…'. */
function textsInCode(): Text[] {
	const files = ['nodes', 'credentials'].flatMap((folder) => filesIn(folder, /\.ts$/));
	return files.flatMap((file) => {
		const source = ts.createSourceFile(
			file,
			readFileSync(file, 'utf8'),
			ts.ScriptTarget.Latest,
			true,
		);
		const texts: Text[] = [];
		const visit = (node: ts.Node, isAdvice: boolean): void => {
			if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
			const text = textOf(node);
			if (text !== undefined && /\p{L}{2,} \p{L}/u.test(text)) {
				const { line } = source.getLineAndCharacterOfPosition(node.getStart());
				texts.push({ place: `${relative(ROOT, file)}:${line + 1}`, text, isAdvice });
			}
			const isFix = ts.isPropertyAssignment(node) && node.name.getText() === 'fix';
			ts.forEachChild(node, (child) => visit(child, isAdvice || isFix));
		};
		visit(source, false);
		return texts;
	});
}

function textOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

/** The paragraphs of documents and of the workflows' notes. */
function textsInDocuments(): Text[] {
	const files = [
		...['README.md', 'SECURITY.md', 'CHANGELOG.md'].map((name) => join(ROOT, name)),
		...filesIn('docs', /^[^/]*\.md$/),
		...filesIn('workflows', /\.json$/),
	];
	return files.flatMap((file) =>
		readFileSync(file, 'utf8')
			.split('\n')
			.map((text, line) => ({
				place: `${relative(ROOT, file)}:${line + 1}`,
				text,
				isAdvice: false,
			})),
	);
}

const inCode = textsInCode();
const everywhere = [...inCode, ...textsInDocuments()];

// What reads like a translation, and what to write instead.
const PATTERNS: Array<[pattern: RegExp, instead: string]> = [
	[/\b(goes?|went|going) (along|with|as)\b/i, 'are sent, are included, count as invalid'],
	[/\bcontacts? (goes?|go|went)\b/i, 'are sent'],
	[/\b(told|tells)\b/i, 'shows, reports, says'],
	[/\bbehind\b/i, 'after, next to'],
	[/\b(stands?|stood) in\b/i, 'is in'],
	[/\bby (itself|themselves)\b|\bof (its|their|his) own\b/i, 'automatically, separate'],
	[/\b(what )?(became|becomes) of\b|\baccount of (each|every)\b/i, 'the result for'],
	[/\bnobody\b/i, 'no one'],
	[/\b(after )?so many\b/i, 'the number of'],
	[/\b(gives?|gave|given) back\b/i, 'returns'],
	[/\b(put|puts) right\b|\bmend(s|ed)?\b/i, 'fix'],
	[/\banew\b|\ball the same\b|\bas a rule\b|\bany ?more\b/i, 'again, still, usually'],
	[/\bearlier (ones?|contacts|users)\b/i, 'previously sent contacts'],
	[/\bkind (of )?(RAM Role|AccessKey|STS)/i, 'RAM Role authentication'],
	[/\d %/, '20%'],
	[/\b(is|are) not usable\b/i, 'must be …'],
	[/\b(does not|doesn't) hold\b|\bholds\b/i, 'contains'],
	[/\bneither true nor false\b/i, 'must be true or false'],
	[/\bwithh(eld|olds?)\b/i, 'discards'],
	[/\b(barred|thinkable|dialled|befalls?)\b/i, 'lease lost, possible, dialed'],
	[/\brefusals?\b|\b(the|a) submission\b/i, 'upload, invalid or rejected'],
	[
		/\b(Under Minimum|Max Tries|Batch Size|Collect Until|Get Result|Minimum Users)\b/,
		"the panel's label",
	],
];

it.each(PATTERNS)('no text says %s', (pattern, instead) => {
	const found = everywhere
		.filter(({ text }) => pattern.test(text))
		.map(({ place, text }) => `${place}: ${text.trim().slice(0, 160)}`);
	expect({ instead, found }).toEqual({ instead, found: [] });
});

it.each([
	['SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.'],
	['NoPermission', 'You are not authorized to do this operation.'],
	['Throttling.User', 'Request was denied due to user flow control.'],
	['MissingUsers', 'Users is mandatory for this action.'],
])('a rejected request is explained first, and quoted last: %s', async (code, message) => {
	simulator.misbehave(() => true, { kind: 'error', status: 400, code, message });
	const items = Array.from({ length: 150 }, (_, n) => ({ email: `contact${n}@example.com` }));
	const { error } = await runNode({ simulator, items, set: { maxTries: 1 } });
	const raw = message.slice(0, -1);
	expect(error?.message).not.toContain(raw);
	expect(error?.message).not.toContain(code);
	expect(error?.description).toMatch(new RegExp(`Alibaba Cloud said: ${raw}.*Code ${code}\\.$`));
});

it('advice is short', () => {
	const long = inCode.filter(({ isAdvice, text }) => isAdvice && text.length > 240);
	expect(long).toEqual([]);
});

/** All names that the panel shows: fields, options, their values, and operations. */
function labelsIn(properties: INodeProperties[]): string[] {
	return properties.flatMap(({ displayName, options = [], modes = [] }) => [
		displayName,
		...modes.map((mode) => mode.displayName),
		...(options as INodePropertyOptions[]).map(({ name }) => name),
		...labelsIn((options as INodeProperties[]).filter((option) => 'displayName' in option)),
	]);
}

const LABELS = new Set([
	...labelsIn(new AlibabaCloudChatApp().description.properties),
	...labelsIn(new AlibabaCloudOpenApi().properties),
	// n8n's own.
	...['On Error', 'Loop Over Items', 'Ignore SSL Issues', 'Proxy', 'URL', 'Extract From File'],
	...['Retry On Fail', 'Code', 'Stop Workflow', 'Continue', 'Export To', 'Binary', 'Method'],
	...['Body Content Type', 'Form Urlencoded', 'Response Format'],
]);

it('a message names only what the panel shows', () => {
	const unknown = inCode.flatMap(({ place, text }) =>
		[...text.matchAll(/(?<![\p{L}\p{N}])'([A-Z][A-Za-z]*(?: [A-Za-z()]+)*)'(?![\p{L}\p{N}])/gu)]
			.map(([, label = '']) => label)
			.filter((label) => !LABELS.has(label))
			.map((label) => `${place}: '${label}' in ${text.slice(0, 100)}`),
	);
	expect(unknown).toEqual([]);
});

/** Labels of n8n, Meta, and Alibaba Cloud that the documents name. */
const OF_OTHERS = new Set([
	...[
		'Alibaba Cloud OpenAPI',
		'Chat App Message Service',
		'Create Policy',
		'Zoho CRM',
		'Field Names or IDs',
	],
	...[
		'Email Opt Out',
		'Ignore Bots',
		'Incoming Authentication',
		'Next URL',
		'Pagination Complete When',
	],
	...['Complete Expression', 'Pagination Mode', 'Predefined Credential Type', 'Lead Created'],
]);

it('documents and notes have only labels of the panel in bold', () => {
	const nodes = filesIn('workflows', /\.json$/).flatMap((file) =>
		(JSON.parse(readFileSync(file, 'utf8')) as { nodes: Array<{ name: string }> }).nodes.map(
			({ name }) => name,
		),
	);
	const known = new Set([...LABELS, ...OF_OTHERS, ...nodes]);
	const files = [
		...['README.md', 'SECURITY.md', 'CHANGELOG.md'].map((name) => join(ROOT, name)),
		...filesIn('docs', /^(?!decisions)[^/]*\.md$/),
		...filesIn('docs/zh-CN', /\.md$/),
		...filesIn('workflows', /\.json$/),
	];
	const unknown = files.flatMap((file) =>
		[
			...readFileSync(file, 'utf8')
				.replace(/\s+/g, ' ')
				.matchAll(/\*\*([^*]+)\*\*/g),
		]
			.map(([, label = '']) => label.replace(/（.*）$|:$/, ''))
			.filter((label) => /^[A-Z]\S+(?: [A-Z(]\S+| (?:a|in|of|or|to))+$/.test(label))
			.filter((label) => !known.has(label))
			.map((label) => `${relative(ROOT, file)}: ${label}`),
	);
	expect(unknown).toEqual([]);
});
