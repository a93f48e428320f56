import type { IHttpRequestOptions } from 'n8n-workflow';
import {
	type HttpCall,
	throughLegacyN8n,
	throughN8n,
} from '../../nodes/AlibabaCloudChatApp/transport/http';
import { signed, until } from '../simulator/signedClient';
import { useSimulator } from '../simulator/useSimulator';
import { legacyHelpers, nodeHelpers } from './nodeHelpers';

const simulator = useSimulator();

function goodCall(signal = new AbortController().signal): HttpCall {
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
	["n8n's helper", throughN8n(nodeHelpers)],
	["n8n's older helper", throughLegacyN8n(legacyHelpers, 10_000)],
])('through %s', (_name, sendHttp) => {
	it('a call goes out as it is, and its answer comes with status, headers and text', async () => {
		const { status, headers, text } = await sendHttp(goodCall());
		expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('json')]);
		expect(JSON.parse(text)).toMatchObject({ Code: 'OK', Success: true });
		expect(simulator.attempts).toMatchObject([{ code: 'OK', users: [{}] }]);
	});

	it.each([
		['an error', 503, { kind: 'html', status: 503, body: '<p>Busy</p>' }, '<p>Busy</p>'],
		['an empty answer', 404, { kind: 'empty', status: 404 }, ''],
		[
			'a redirect, which is not followed',
			307,
			{ kind: 'redirect', status: 307, location: 'http://127.0.0.1:1/' },
			'',
		],
	] as const)('%s is an answer as well', async (_kind, status, fault, text) => {
		simulator.misbehave(1, fault);
		await expect(sendHttp(goodCall())).resolves.toMatchObject({ status, text });
	});

	it('an answer under way ends with its signal', async () => {
		simulator.misbehave(1, { kind: 'hostile', how: 'dripping' });
		const controller = new AbortController();
		const helper = sendHttp(goodCall(controller.signal));
		const ended = expect(helper).rejects.toThrow();
		await until(() => simulator.requests.length === 1);
		controller.abort();
		await ended;
	});

	it('nothing is sent when the signal was there before', async () => {
		const aborted = AbortSignal.abort(new Error('stopped'));
		await expect(sendHttp(goodCall(aborted))).rejects.toThrow();
		expect(simulator.requests).toEqual([]);
	});
});

test.each([
	['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded '],
	[undefined, undefined],
])("n8n's helper does not know a form, which it would parse: %s", async (given, handed) => {
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
		...(handed && { 'content-type': handed }),
	});
});
