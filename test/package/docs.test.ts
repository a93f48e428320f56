import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { REASONS } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';
import { runNode } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { policyInMessage } from '../transport/requests';

const simulator = useSimulator();

const ROOT = join(__dirname, '..', '..');
const NODE = 'nodes/AlibabaCloudChatApp';
const PAGES = [
	'after-the-upload',
	'cleaning',
	'collecting',
	'connect-your-crm',
	'decisions',
	'files',
	'meta',
	'options',
	'ram-policies',
	'results',
	'self-hosting',
].map((page) => `docs/${page}.md`);
const CHINESE = 'docs/zh-CN/README.md';
const FILES = ['README.md', CHINESE, ...PAGES];
const { properties } = new AlibabaCloudChatApp().description;

function read(file: string): string {
	return readFileSync(join(ROOT, file), 'utf8');
}

/** The text without blocks of code. */
function prose(file: string): string {
	return read(file).replace(/^```[^]*?^```$/gm, '');
}

function anchors(file: string): string[] {
	return [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replace(/ /g, '-'),
	);
}

function links(file: string): string[] {
	return [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The cells of each row below a heading, up to the next heading. */
function rowsBelow(file: string, heading: string): string[][] {
	const section =
		new RegExp(`^## ${heading}$([^]*?)(?=^## |(?![^]))`, 'm').exec(read(file))?.[1] ?? '';
	return [...section.matchAll(/^\|(.*)\|$/gm)]
		.map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
		.slice(2);
}

it('are all of docs/', () => {
	const found = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
	expect(found.map((name) => `docs/${name}`).sort()).toEqual([...PAGES].sort());
});

/** The names of an interface's members, as its source declares them. */
function membersOf(name: string, file: string): string[] {
	const [, body = ''] =
		new RegExp(`interface ${name}\\b[^{]*\\{\\n([^]*?)^\\}`, 'm').exec(read(file)) ?? [];
	return [...body.matchAll(/^\t(\w+)\??:/gm)].map(([, member = '']) => member);
}

/** What is in backticks. */
function codesIn(text: string): string[] {
	return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

it('every field of the summary is described', () => {
	const fields = [
		...membersOf('Summary', `${NODE}/upload/summary.ts`),
		...membersOf('Collecting', `${NODE}/upload/ledger.ts`),
		...membersOf('ReachCounts', `${NODE}/upload/summary.ts`),
		...membersOf('Audience', `${NODE}/ids.ts`),
		...COUNTS,
	];
	expect(fields.length).toBeGreaterThan(30);
	const described = rowsBelow('docs/results.md', 'Fields of the summary').flat().flatMap(codesIn);
	expect(fields.filter((field) => !described.includes(field))).toEqual([]);
});

const COUNTS = ['received', 'submitted', 'collected', 'duplicates', 'invalid', 'failed', 'held'];

it.each(['README.md', CHINESE])('the result in %s adds up', (file) => {
	const [example = ''] = /(?<=^```json\n)[^]*?(?=^```$)/m.exec(read(file)) ?? [];
	const summary = JSON.parse(example) as Record<string, number> & { invalidReasons: object };
	const [received, ...others] = COUNTS.map((name) => summary[name] ?? 0);
	expect(others.reduce((sum, count) => sum + count)).toBe(received);
	const reasons = Object.entries(summary.invalidReasons) as Array<[string, number]>;
	expect(reasons.reduce((sum, [, count]) => sum + count, 0)).toBe(summary.invalid);
	for (const [reason] of reasons) expect(Object.keys(REASONS)).toContain(reason);
});

it.each(['README.md', CHINESE, 'docs/results.md'])('%s has the six statuses', (file) => {
	const source = read(`${NODE}/upload/ledger.ts`);
	for (const status of ['submitted', 'collected', 'duplicate', 'invalid', 'failed', 'held']) {
		expect(source).toContain(`'${status}'`);
		expect(read(file)).toContain(`\`${status}\``);
	}
});

/** The default of an option in 'Small Uploads', by its label. */
function defaultIn(label: string): string {
	const options = properties.find(({ name }) => name === 'smallUploads')?.options ?? [];
	const option = (options as INodeProperties[]).find(({ displayName }) => displayName === label);
	return String(option?.default);
}

it('the numbers in the page about collecting are the defaults', () => {
	const rows = [...read('docs/collecting.md').matchAll(/^\|(.*)\|$/gm)].map(([row]) => row);
	for (const label of [
		'Minimum Contacts',
		'Send When Collected',
		'Send After (Hours)',
		'Keep Sent Contacts (Days)',
	]) {
		const row = rows.find((one) => one.includes(`(**${label}**)`));
		expect([label, row]).toEqual([label, expect.stringContaining(` ${defaultIn(label)} `)]);
	}
	const [minimum, until, hours, days] = [
		defaultIn('Minimum Contacts'),
		defaultIn('Send When Collected'),
		defaultIn('Send After (Hours)'),
		defaultIn('Keep Sent Contacts (Days)'),
	];
	const notice = properties.find(({ name }) => name === 'storingNotice')?.displayName;
	for (const text of [notice, read('README.md'), read('docs/collecting.md')]) {
		expect(text).toContain(`fewer than ${minimum} contacts`);
		expect(text).toMatch(new RegExp(`${until}\\s+are\\s+waiting`));
		expect(text).toMatch(new RegExp(`${hours}\\s+hours`));
		expect(text).toMatch(new RegExp(`up to ${until}\\s+contacts in\\s+the[^.]*${days}\\s+days`));
	}
	for (const file of ['README.md', CHINESE, 'docs/collecting.md', 'docs/options.md']) {
		expect(read(file)).toContain(defaultIn('Data Table Name'));
	}
});

it("countries that Meta doesn't message are those in the code", () => {
	const { people } = JSON.parse(read(`${NODE}/contacts/messageableCountries.json`)) as {
		people: string;
	};
	for (const file of ['README.md', 'docs/options.md']) {
		const named = ['EU', 'UK|United Kingdom', 'Japan', 'South Korea', 'Australia'];
		for (const place of named) {
			expect(people).toMatch(new RegExp(place));
			expect(read(file)).toMatch(new RegExp(place));
		}
	}
});

/** Meta's name in what this node does with it, rather than in what Meta says. */
const NOT_CLAIMS =
	/Contacts Meta Can't Message|Meta (?:custom|ad|Ads|自定义|广告)|(?:from|at|to) Meta\b|从 Meta|in which Meta knows|What Meta says|Meta's rules|Meta 的各项规定/g;
const DATE = /(?:[A-Z][a-z]+ \d{1,2}, 2026|spring 2026|2026 年 \d{1,2} 月 \d{1,2} 日)/;
const PAGE = /https:\/\/(?:developers|www)\.facebook\.com\/|https:\/\/www\.alibabacloud\.com\//;

/** Paragraphs, entries of lists, and rows of tables. */
function blocks(file: string): string[] {
	return prose(file)
		.replace(/^#.*$/gm, '')
		.split(/\n{2,}|\n(?=\||\s*(?:-|\d+\.) )/);
}

it.each([...FILES, 'SECURITY.md'].filter((file) => file !== 'docs/meta.md'))(
	"%s cites Meta's page and its date with each claim about Meta",
	(file) => {
		const claims = blocks(file).filter((text) => /Meta(?!\w)/.test(text.replace(NOT_CLAIMS, '')));
		const notCited = claims.filter((text) => !(PAGE.test(text) && DATE.test(text)));
		expect(notCited).toEqual([]);
		expect(file === 'README.md' ? claims.length : 4).toBeGreaterThan(3);
	},
);

it("every row of what Meta says has Meta's page and its date", () => {
	const rows = [...read('docs/meta.md').matchAll(/^\|(.*)\|$/gm)].slice(2);
	expect(rows.length).toBeGreaterThan(12);
	for (const [, row = ''] of rows) {
		const [says = '', , page = ''] = row.split('|');
		const [, name = ''] = /\]\[(\w+)\], /.exec(page) ?? [];
		expect([says, read('docs/meta.md')]).toEqual([
			says,
			expect.stringMatching(new RegExp(`^\\[${name}\\]: https://\\w+\\.facebook\\.com/`, 'm')),
		]);
		expect([says, page]).toEqual([says, expect.stringMatching(DATE)]);
	}
});

it("Meta's pages and their dates are the same everywhere", () => {
	const { url, updated } = JSON.parse(read(`${NODE}/contacts/messageableCountries.json`)) as {
		url: string;
		updated: string;
	};
	const date = new Date(updated).toLocaleDateString('en-US', {
		dateStyle: 'long',
		timeZone: 'UTC',
	});
	for (const file of ['README.md', 'docs/options.md', 'docs/after-the-upload.md']) {
		expect(read(file).replace(/\s+/g, ' ')).toMatch(
			new RegExp(`${date}\\]\\(${url}\\)|${url}\\) \\(${date}`),
		);
	}
	const addresses = new Map(
		[...read('docs/meta.md').matchAll(/^\[(\w+)\]: (\S+)$/gm)].map(([, name, to]) => [name, to]),
	);
	const known = [...addresses.values()];
	for (const file of FILES) {
		const cited = links(file).filter((link) => /facebook\.com\/(?:doc|business\/help)/.test(link));
		for (const link of cited) expect([file, known]).toEqual([file, expect.arrayContaining([link])]);
	}
});

it.each([...FILES, 'CONTRIBUTING.md', 'SECURITY.md'])('the commands in %s exist', (file) => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	for (const [, name = ''] of read(file).matchAll(/npm run ([\w:]+)/g)) {
		expect(Object.keys(scripts)).toContain(name);
	}
});

it('messages ask for the versions of n8n that the README names', () => {
	const messages = read(`${NODE}/actions/output.ts`) + read(`${NODE}/store/table.ts`);
	const versions = messages.match(/\b[12]\.\d+\.\d+\b/g) ?? [];
	expect(versions.length).toBeGreaterThan(2);
	for (const version of versions) expect(read('README.md')).toContain(version);
});

it("the panel's and npm's links lead to headings of the README", () => {
	const linked = [
		...['credentials', NODE].flatMap((folder) =>
			readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
				.filter((name) => /\.(ts|json)$/.test(name))
				.map((name) => read(join(folder, name))),
		),
	].flatMap((source) => [
		...[...source.matchAll(/n8n-nodes-alibaba-cloud-chat-app#([\w-]+)/g)].map(([, id]) => id),
		...[...source.matchAll(/readMore\('[^']+', '([\w-]+)'\)/g)].map(([, id]) => id),
	]);
	expect(linked.length).toBeGreaterThan(2);
	const headings = ['readme', ...anchors('README.md')];
	for (const id of linked) expect(headings).toContain(id);
});

it('the README is short enough to read', () => {
	const words = read('README.md')
		.split(/\s+/)
		.filter((word) => /[\p{L}\p{N}]/u.test(word));
	expect(words.length).toBeLessThanOrEqual(1200);
});

describe.each(FILES)('the links of %s', (file) => {
	it('lead to files and headings that exist', () => {
		for (const link of links(file).filter((target) => !/^https?:/.test(target))) {
			const [path = '', anchor] = link.split('#');
			const target = path === '' ? file : join(dirname(file), path);
			expect([link, existsSync(join(ROOT, target))]).toEqual([link, true]);
			if (anchor !== undefined) expect(anchors(target)).toContain(decodeURI(anchor));
		}
	});
});

/** An option's default as a person reads it in the panel. */
function defaultOf({ type, default: value, options, name }: INodeProperties): string {
	// These are off unless they are added.
	if (/^(oneSender|skipUnreadable)$/.test(name)) return 'off';
	if (type === 'boolean') return value ? 'on' : 'off';
	if (type === 'number') return Number(value).toLocaleString('en-US');
	if (name === 'sheet') return 'Automatic';
	if (type !== 'options') return String(value);
	const chosen = (options as INodePropertyOptions[]).find((option) => option.value === value);
	return chosen?.name ?? '';
}

it.each(['Options', 'Small Uploads', 'File Options', 'Advanced'])(
	'the options below %s are those of the panel, with their defaults',
	(label) => {
		const collection = properties.find(
			({ displayName, displayOptions }) =>
				displayName === label && displayOptions?.show?.operation?.[0] === 'addUsers',
		);
		const inPanel = (collection?.options as INodeProperties[]).map((option) => [
			option.displayName,
			defaultOf(option),
		]);
		const inDocs = rowsBelow('docs/options.md', label).map(([name, value]) => [name, value]);
		expect([...inDocs].sort()).toEqual([...inPanel].sort());
	},
);

it("operations have the panel's names", () => {
	const operations = properties.filter(({ name }) => name === 'operation');
	const names = operations.flatMap(({ options }) => options as INodePropertyOptions[]);
	for (const { name } of names) expect(read('README.md')).toContain(`**${name}**`);
});

it('every reason has a row', () => {
	const codes = rowsBelow('docs/cleaning.md', 'Reason codes').map(([code = '']) => code);
	expect([...codes].sort()).toEqual(
		Object.keys(REASONS)
			.map((code) => `\`${code}\``)
			.sort(),
	);
});

const cases = ['Emails', 'Phone numbers'].flatMap((heading) =>
	rowsBelow('docs/cleaning.md', heading).flatMap((row) => {
		const [given = '', country = '', sent = country] = row;
		const field = heading === 'Emails' ? 'email' : 'phone';
		const where = heading === 'Emails' ? '' : country;
		return [...given.matchAll(/`([^`]*)`/g)].map(([, value = '']) => ({
			contact: { [field]: value, ...(where && { country: where }) },
			sent: sent.replace(/`/g, ''),
		}));
	}),
);

it('contacts are sent as the examples say', async () => {
	expect(cases.length).toBeGreaterThan(20);
	const { output } = await runNode({
		simulator,
		items: cases.map(({ contact }) => contact),
		set: { output: 'users', removeDuplicates: false },
	});
	const users = simulator.uploads.flatMap((upload) => upload.users) as Array<{
		Email?: string;
		Phone?: string;
	}>;
	const results = output.map(({ customAudience }) => {
		const { status, reason } = customAudience as { status: string; reason?: string };
		if (status !== 'submitted') return `invalid: ${reason}`;
		const user = users.shift();
		return user?.Email ?? user?.Phone;
	});
	expect(results.map((result, index) => [cases[index]?.contact, result])).toEqual(
		cases.map(({ contact, sent }) => [contact, sent]),
	);
});

it('the first policy is the one in messages', () => {
	const [policy = ''] = /(?<=^```json\n)[^]*?(?=^```$)/m.exec(read('docs/ram-policies.md')) ?? [];
	expect(JSON.parse(policy)).toEqual(policyInMessage());
});

it('names the versions of n8n that are tested', () => {
	const tested = read('e2e/versions/run.ts').match(/(?<=')\d+\.\d+\.\d+(?=')/g) ?? [];
	const newest = (JSON.parse(read('e2e/package.json')) as { dependencies: { n8n: string } })
		.dependencies.n8n;
	expect(tested.length).toBeGreaterThan(3);
	for (const file of ['README.md', CHINESE, 'docs/self-hosting.md']) {
		for (const version of [...tested, newest]) expect(read(file)).toContain(version);
	}
});

it('the codes exist in the code', () => {
	const sources = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => read(join(folder, name))),
	);
	const known = new Set(
		sources.flatMap((source) => source.match(/(?<=')[a-z]+(?:_[a-z]+)*(?=')/g) ?? []),
	);
	const documented = rowsBelow('docs/results.md', 'Codes').flatMap(([codes = '']) =>
		[...codes.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
	);
	expect(documented.length).toBeGreaterThan(8);
	for (const code of documented) {
		const beginning = code.replace(/…$/, '');
		const isKnown = [...known].some((one) =>
			code.endsWith('…') ? one.startsWith(beginning) : one === code,
		);
		expect([code, isKnown]).toEqual([code, true]);
	}
});
