import { join, resolve } from 'node:path';

interface Entry {
	from: string;
	need: string;
}
interface LeftOut {
	leftOut: Entry[];
	standIns: Entry[];
	neverCalled: Array<{ from: string; function: string }>;
	bundled: string[];
}
interface SourceFile {
	path: string;
	text: string;
	library?: string;
}

const BUILD = resolve(__dirname, '..', '..', 'build');
const load = <T extends object>(name: string) => jest.requireActual<T>(join(BUILD, name));
const { bundle } = load<{ bundle: (list: LeftOut) => Promise<{ packages: string[] }> }>('bundle');
const { reached } = load<{ reached: (files: SourceFile[], list: Partial<LeftOut>) => string[] }>(
	'reach',
);
const LIST = load<LeftOut>('leftOut');

describe('the build', () => {
	it('fails when a library needs a module of Node that is not listed', async () => {
		const leftOut = LIST.leftOut.filter(({ need }) => need !== 'https');
		await expect(bundle({ ...LIST, leftOut })).rejects.toThrow(
			'@alicloud/tea-typescript needs https',
		);
	});

	it('fails when a library needs a global that is not listed', async () => {
		const standIns = LIST.standIns.filter(({ need }) => need !== 'console');
		await expect(bundle({ ...LIST, standIns })).rejects.toThrow('libphonenumber-js needs console');
	});

	it('fails when a library brings another one that is not listed', async () => {
		const bundled = LIST.bundled.filter((name) => name !== 'diacritics');
		const bringing = bundle({ ...LIST, bundled });
		await expect(bringing).rejects.toThrow('diacritics is bundled, but not listed');
	});

	it('fails when an entry of the list is no longer needed', async () => {
		const entry = { from: 'lodash', need: 'fs' };
		const never = { from: 'lodash', function: 'writeFile' };
		const changed = {
			leftOut: [...LIST.leftOut, entry],
			standIns: [...LIST.standIns, entry],
			neverCalled: [...LIST.neverCalled, never],
			bundled: [...LIST.bundled, 'left-pad'],
		};
		const stale = bundle(changed);
		await expect(stale).rejects.toThrow('lodash no longer needs fs');
		await expect(stale).rejects.toThrow('nothing mentions writeFile of lodash');
		await expect(stale).rejects.toThrow('left-pad is listed, but no longer bundled');
	});

	it.each(LIST.neverCalled)('fails without $function', async (entry) => {
		const neverCalled = LIST.neverCalled.filter((each) => each !== entry);
		await expect(bundle({ ...LIST, neverCalled })).rejects.toThrow(entry.function);
	});
});

describe('what our calls reach', () => {
	const library = (text: string) => ({ path: 'library.js', library: 'library', text });
	const ours = (text: string) => ({ path: 'ours.ts', text });
	const leftOut = [{ from: 'library', need: 'http' }];
	const find = (...files: SourceFile[]) => reached(files, { leftOut, neverCalled: [] });
	const http = 'const http_1 = __importDefault(require("http"));';

	it.each([
		['a function', `${http} function send() { http_1.request(); }`, 'send()'],
		['a method', `${http} class A { send() { http_1.request(); } }`, 'new A().send()'],
		['a constructor', `${http} class A { constructor() { http_1.request(); } }`, 'new A()'],
		['an exported function', `${http} exports.send = function () { http_1.get() }`, 'l.send()'],
		['a second name', `${http} function send() { http_1.get() } exports.go = send;`, 'l.go()'],
		['a name in brackets', `${http} const a = { send() { http_1.get() } }`, "l['send']()"],
		['a longer way', `${http} const a = () => b(); const b = () => http_1.get();`, 'l.a()'],
		['a callback', `${http} function send() { return then(() => http_1.get()); }`, 'send()'],
		['a require of its own', 'function send() { require("http").get(); }', 'send()'],
		['what runs on loading', `${http} http_1.get();`, ''],
		['what a class is made of', `${http} class A extends http_1.Agent {}`, ''],
		['a function that runs on loading', `${http} (function () { http_1.get() })();`, ''],
	])('%s', (_, text, call) => {
		expect(find(library(text), ours(call))).toEqual([expect.stringMatching(/needs http, which/)]);
	});

	it.each([
		['a function that nothing mentions', `${http} function send() { http_1.get() }`, 'other()'],
		['an export alone', `${http} function send() { http_1.get() } exports.send = send;`, ''],
		['a property of the same name', 'function send(a) { a.http_1.get() }', 'send()'],
	])('is not %s', (_, text, call) => {
		expect(find(library(text), ours(call))).toEqual([]);
	});
});
