import { parseObject } from '../../nodes/AlibabaCloudChatApp/transport/http';

/** An object with as many levels as asked for, itself among them. */
const nested = (levels: number, [open, close]: [string, string]) =>
	`{"a":${open.repeat(levels - 1)}1${close.repeat(levels - 1)}}`;
const LISTS: [string, string] = ['[', ']'];
const OBJECTS: [string, string] = ['{"a":', '}'];

test('reads an object', () => {
	expect(parseObject(' {"Code":"OK","Data":[{"a":null},{}]} ')).toEqual({
		Code: 'OK',
		Data: [{ a: null }, {}],
	});
});

test.each([
	'',
	'null',
	'5',
	'true',
	'"text"',
	'[]',
	'[{}]',
	'<html></html>',
	'{"Code":"OK"',
	'{}{}',
])('takes nothing else for one: %s', (text) => {
	expect(parseObject(text)).toBeUndefined();
});

test.each([
	['lists', LISTS],
	['objects', OBJECTS],
])('reads 64 levels of %s, and no answer that has more', (_name, brackets) => {
	expect(parseObject(nested(64, brackets))).toBeDefined();
	expect(parseObject(nested(65, brackets))).toBeUndefined();
});

test.each([
	['brackets in a text', `{"a":"${'[{'.repeat(70)}","b":1}`],
	['brackets behind a quotation mark in a text', `{"a":"\\"${'['.repeat(70)}","b":1}`],
	['brackets behind a backslash and a quotation mark', `{"a":"\\\\\\"${'['.repeat(70)}"}`],
	['brackets in a name', `{"${'{'.repeat(70)}":1}`],
	['lists beside each other', `{"a":[${'[],'.repeat(70)}1]}`],
	['objects beside each other', `{"a":[${'{},'.repeat(70)}1]}`],
	['closing brackets in a text', `{"a":"${']}'.repeat(70)}"}`],
])('takes no depth for what is none: %s', (_name, text) => {
	expect(parseObject(text)).toEqual(JSON.parse(text));
});

test.each([
	['a text', '{"a":"b","c":'],
	['a text of closing brackets', `{"a":"${']}'.repeat(9)}","c":`],
	['a text that ends with a backslash', '{"a":"\\\\","c":'],
	['lists that were closed', '{"a":[[],[]],"c":'],
	['an escaped letter', '{"a":"\\n","c":'],
])('counts on behind %s', (_name, before) => {
	expect(parseObject(`${before}${'['.repeat(63)}${']'.repeat(63)}}`)).toBeDefined();
	expect(parseObject(`${before}${'['.repeat(64)}${']'.repeat(64)}}`)).toBeUndefined();
});

test.each([
	['as it is', '__proto__'],
	['with an escaped sign', '\\u005f_proto__'],
	['with an escaped sign in capitals', '_\\u005Fproto__'],
	['with an escaped letter', '__\\u0070roto__'],
	['with another escaped letter', '__pr\\u006Fto__'],
])('leaves a prototype out, and nothing else: %s', (_name, key) => {
	const text = `{"Data":[{"Name":"a","${key}":{"isAdmin":true}}]}`;
	const { Data } = parseObject(text) as { Data: object[] };
	expect(Data.map(Object.entries)).toEqual([[['Name', 'a']]]);
});
