import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ACTIONS } from '../../nodes/AlibabaCloudChatApp/transport/advice';

const ROOT = join(__dirname, '..', '..');
const PAGES = [
	'cleaning',
	'collecting',
	'commands',
	'files',
	'install',
	'production',
	'ram-policies',
	'results',
	'speed',
	'what-now',
];
const FILES = ['README.md', 'README.zh-CN.md', ...PAGES.map((page) => `docs/${page}.md`)];

function read(file: string): string {
	return readFileSync(join(ROOT, file), 'utf8');
}

/** The text without what stands in blocks of code. */
function prose(file: string): string {
	return read(file).replace(/^```[^]*?^```$/gm, '');
}

function headings(file: string): Array<{ level: number; anchor: string }> {
	return [...prose(file).matchAll(/^(#+) (.*)$/gm)].map(([, marks = '', heading = '']) => ({
		level: marks.length,
		anchor: heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replace(/ /g, '-'),
	}));
}

function links(file: string): string[] {
	return [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** Rows and columns of each table. */
function tables(file: string): string[] {
	const blocks = prose(file).match(/(?:^\|.*\|\n)+/gm) ?? [];
	return blocks.map((block) => {
		const rows = block.trim().split('\n');
		const columns = rows.map((row) => row.replace(/\\\|/g, '').split('|').length - 2);
		return `${rows.length} rows of ${[...new Set(columns)].join()} columns`;
	});
}

describe('the README in English and in Chinese', () => {
	const both = <T>(of: (file: string) => T) => [of('README.md'), of('README.zh-CN.md')] as const;

	it('has the same headings', () => {
		const [english, chinese] = both((file) => headings(file).map(({ level }) => level));
		expect(chinese).toEqual(english);
		expect(english.length).toBeGreaterThan(10);
	});

	it('has the same tables and the same code', () => {
		const [english, chinese] = both(tables);
		expect(chinese).toEqual(english);
		const [code, inChinese] = both((file) => read(file).match(/^```[^]*?^```$/gm));
		expect(inChinese).toEqual(code);
	});

	it('has the same links, and a translation of each link to itself', () => {
		const [english, chinese] = both((file) =>
			links(file).map((link) => link.replace(/^#.*/, '#').replace(/^README.*/, 'README')),
		);
		expect(chinese).toEqual(english);
	});
});

describe.each(FILES)('the links of %s', (file) => {
	it('lead to files and headings that are there', () => {
		for (const link of links(file).filter((target) => !/^https?:/.test(target))) {
			const [path = '', anchor] = link.split('#');
			const target = path === '' ? file : join(dirname(file), path);
			expect([link, existsSync(join(ROOT, target))]).toEqual([link, true]);
			if (anchor === undefined) continue;
			expect(headings(target).map((heading) => heading.anchor)).toContain(decodeURI(anchor));
		}
	});
});

it('the first policy to paste is the one that messages bring along', () => {
	const [policy = ''] = /(?<=^```json\n)[^]*?(?=^```$)/m.exec(read('docs/ram-policies.md')) ?? [];
	expect(JSON.parse(policy)).toMatchObject({
		Statement: [{ Action: ACTIONS.map((action) => `cams:${action}`) }],
	});
});
