import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { IHttpRequestOptions } from 'n8n-workflow';
import {
	type HttpRequest,
	parseObject,
	ResponseTooLong,
	throughLegacyN8n,
	throughN8n,
} from '../../nodes/AlibabaCloudChatApp/transport/http';
import { signed, until } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';
import { legacyHelper, httpHelper } from './httpHelpers';

const simulator = useSimulator();

function goodCall(signal = new AbortController().signal): HttpRequest {
	const { path, headers, body } = signed();
	return {
		method: 'POST',
		url: `${simulator.url}${path}`,
		headers,
		body: Buffer.from(body),
		signal,
	};
}

describe.each([
	["n8n's helper", throughN8n(httpHelper)],
	["n8n's older helper", throughLegacyN8n(legacyHelper, 10_000)],
])('through %s', (_name, sendHttp) => {
	it('a call is sent as it is, and its response comes with status, headers and text', async () => {
		const { status, headers, text } = await sendHttp(goodCall());
		expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('json')]);
		expect(JSON.parse(text)).toMatchObject({ Code: 'OK', Success: true });
		expect(simulator.attempts).toMatchObject([{ code: 'OK', users: [{}] }]);
	});

	it.each([
		['an error', 503, { kind: 'html', status: 503, body: '<p>Busy</p>' }, '<p>Busy</p>'],
		['an empty response', 404, { kind: 'empty', status: 404 }, ''],
		[
			'a redirect, which is not followed',
			307,
			{ kind: 'redirect', status: 307, location: 'http://127.0.0.1:1/' },
			'',
		],
	] as const)('%s is a response as well', async (_kind, status, fault, text) => {
		simulator.misbehave(1, fault);
		await expect(sendHttp(goodCall())).resolves.toMatchObject({ status, text });
	});

	it('reading a response ends with its signal', async () => {
		simulator.misbehave(1, { kind: 'hostile', how: 'dripping' });
		const controller = new AbortController();
		const helper = sendHttp(goodCall(controller.signal));
		const ended = expect(helper).rejects.toThrow();
		await until(() => simulator.requests.length === 1);
		controller.abort();
		await ended;
	});

	it('nothing is sent if the signal is already aborted', async () => {
		const aborted = AbortSignal.abort(new Error('stopped'));
		await expect(sendHttp(goodCall(aborted))).rejects.toThrow();
		expect(simulator.requests).toEqual([]);
	});
});

test.each([
	['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded '],
	[undefined, undefined],
])("n8n's helper doesn't recognize a form, which it would parse: %s", async (given, sent) => {
	const asked: IHttpRequestOptions[] = [];
	const sendHttp = throughN8n({
		httpRequest: async (options) => {
			asked.push(options);
			return { statusCode: 204, headers: {}, body: undefined };
		},
	});
	const headers = { accept: 'application/json', ...(given && { 'content-type': given }) };
	await sendHttp({ ...goodCall(), headers });
	expect(asked[0]?.headers).toEqual({
		accept: 'application/json',
		...(sent && { 'content-type': sent }),
	});
});

const MEGABYTE = 1024 * 1024;

/** The text of a response with this body. */
async function read(body: unknown, signal = new AbortController().signal): Promise<string> {
	const sendHttp = throughN8n({
		httpRequest: async () => ({ statusCode: 200, headers: {}, body }),
	});
	return (await sendHttp({ ...goodCall(), signal })).text;
}

/** A stream of these bytes, one by one. */
const byteByByte = (bytes: Buffer) => Readable.from([...bytes].map((byte) => Buffer.from([byte])));

test('a character that arrives in two chunks is read as one', async () => {
	const text = '{"Name":"Zoë 🙂"}';
	await expect(read(byteByByte(Buffer.from(text)))).resolves.toBe(text);
});

test('a response that ends within a character shows that', async () => {
	const bytes = Buffer.from('Zoë').subarray(0, 3);
	await expect(read(byteByByte(bytes))).resolves.toBe('Zo\ufffd');
});

test.each([undefined, null, 'text', 5, {}, Buffer.from('text')])(
	"a body that isn't a stream counts as empty: %p",
	async (body) => {
		await expect(read(body)).resolves.toBe('');
	},
);

test('a megabyte is read, and more is too long', async () => {
	const half = Buffer.alloc(MEGABYTE / 2, 'x');
	await expect(read(Readable.from([half, half]))).resolves.toHaveLength(MEGABYTE);
	const longer = Readable.from([half, half, Buffer.from('x'), half]);
	await expect(read(longer)).rejects.toBeInstanceOf(ResponseTooLong);
	expect(longer.destroyed).toBe(true);
});

test('reading a response ends with its signal', async () => {
	const controller = new AbortController();
	const endless = new Readable({ read() {} });
	endless.push('{"Code":');
	const reading = expect(read(endless, controller.signal)).rejects.toThrow();
	await new Promise(setImmediate);
	controller.abort();
	expect(endless.destroyed).toBe(true);
	await reading;
});

test('a response that comes after its call was abandoned is not read', async () => {
	const endless = new Readable({ read() {} });
	const before = AbortSignal.abort(new Error('stopped'));
	await expect(read(endless, before)).rejects.toThrow('stopped');
	expect(endless.destroyed).toBe(true);
});

async function* brokenOff() {
	yield Buffer.from('{"Code":');
	throw new Error('reset');
}

test('a response that breaks off is an error', async () => {
	await expect(read(Readable.from(brokenOff()))).rejects.toThrow('reset');
});

test.each<[string, (body: Readable) => void]>([
	['was read', (body) => body.push(null)],
	['broke off', (body) => body.destroy(new Error('reset'))],
])('a response that %s leaves no listener on its signal', async (_name, end) => {
	const controller = new AbortController();
	const body = new Readable({ read() {} });
	const reading = read(body, controller.signal).catch(() => {});
	await new Promise(setImmediate);
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
	end(body);
	await reading;
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

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
])('finds no object in %s', (text) => {
	expect(parseObject(text)).toBeUndefined();
});

test.each([
	['as it is', '__proto__'],
	['with an escaped character', '\\u005f_proto__'],
	['with an escaped character in capitals', '_\\u005Fproto__'],
	['with an escaped letter', '__\\u0070roto__'],
	['with another escaped letter', '__pr\\u006Fto__'],
])('omits a prototype, and nothing else: %s', (_name, key) => {
	const text = `{"Data":[{"Name":"a","${key}":{"isAdmin":true}}]}`;
	const { Data } = parseObject(text) as { Data: object[] };
	expect(Data.map(Object.entries)).toEqual([[['Name', 'a']]]);
});
