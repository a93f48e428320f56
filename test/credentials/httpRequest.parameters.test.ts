import { Readable } from 'node:stream';
import { type N8nRequest, signHttpRequest } from '../../credentials/httpRequest';
import { received } from './received';

const FORM = 'application/x-www-form-urlencoded';
const KEY = { accessKeyId: 'LTAI5tKey', accessKeySecret: 'the-secret' };
const API = { 'x-acs-action': 'DescribeRegions', 'x-acs-version': '2014-05-26' };

/** What a request's parameters become when it is signed. */
async function sent(request: object, contentType?: string, headers: object = API, search = '') {
	const signed = await signHttpRequest(KEY, {
		method: 'POST',
		url: `https://ecs.aliyuncs.com/${search}`,
		headers: { ...headers, 'content-type': contentType },
		...request,
	} as N8nRequest);
	const { action, query } = received(signed, KEY);
	return { action, query, body: signed.body, contentType: signed.headers?.['content-type'] };
}

describe('the query', () => {
	it.each<[string, object, string, object]>([
		['is empty when nothing is given', {}, '', {}],
		['is read from the URL', {}, '?Name=%C3%BC+%26&Empty=#x=y', { Name: 'ü &', Empty: '' }],
		["takes the node's parameter over the URL's", { qs: { A: 2 } }, '?A=1&B=1', { A: '2', B: '1' }],
		[
			'keeps zero, false and empty values, and leaves out those that are none',
			{ qs: { Zero: 0, No: false, Empty: '', None: null, Missing: undefined } },
			'',
			{ Zero: '0', No: 'false', Empty: '' },
		],
		[
			'numbers lists and names what is nested',
			{ qs: { Id: ['a', 'b'], Tag: [{ Key: 'c', Value: 'd' }], Deep: { Er: 'e' } } },
			'',
			{ 'Id.1': 'a', 'Id.2': 'b', 'Tag.1.Key': 'c', 'Tag.1.Value': 'd', 'Deep.Er': 'e' },
		],
		[
			'writes a date as JSON does',
			{ qs: { From: new Date(0) } },
			'',
			{ From: '1970-01-01T00:00:00.000Z' },
		],
	])('%s', async (_, request, search, query) => {
		expect(await sent(request, undefined, API, search)).toMatchObject({ query });
	});
});

const OTHER = 'text/plain';
const QUOTED = '{"Name": "a=1"}';

describe('the body', () => {
	it.each<[string, object, string | undefined]>([
		['nothing is given', {}, undefined],
		['only its type is given', {}, 'application/json'],
		['body and form are empty', { body: null, form: '' }, undefined],
		['its object is empty', { body: {} }, undefined],
	])('is left out with its type when %s', async (_, request, type) => {
		const { body, contentType } = await sent(request, type);
		expect([body, contentType]).toEqual([undefined, undefined]);
	});

	it.each<[string, object, string | undefined, string, string]>([
		[
			'an object',
			{ body: { Name: 'ü &', Tag: [{ Key: 1 }] } },
			undefined,
			'Name=%C3%BC%20%26&Tag.1.Key=1',
			FORM,
		],
		[
			'an object with the content type of JSON',
			{ body: { Name: 'a' } },
			'application/json',
			'Name=a',
			FORM,
		],
		['a form', { form: { Name: 'a' } }, undefined, 'Name=a', FORM],
		['a body and a form', { body: { A: 1, B: 1 }, form: { B: 2 } }, undefined, 'A=1&B=2', FORM],
		[
			'URLSearchParams',
			{ body: new URLSearchParams('A=1&B=%C3%BC') },
			undefined,
			'A=1&B=%C3%BC',
			FORM,
		],
		['text without a content type', { body: ' B=%c3%bc+&A ' }, undefined, ' B=%c3%bc+&A ', FORM],
		['the bytes of a text', { body: Buffer.from('Name=ü') }, undefined, 'Name=ü', FORM],
		[
			'JSON without the space that n8n would trim',
			{ body: `\n${QUOTED} ` },
			'Application/JSON',
			QUOTED,
			'Application/JSON',
		],
		['another text with its space', { body: ' a ' }, OTHER, ' a ', OTHER],
	])('is sent unchanged, or as a form: %s', async (_, request, type, text, contentType) => {
		expect(await sent(request, type)).toMatchObject({ body: text, contentType });
	});

	it.each<[string, object]>([
		['a file beside fields', { formData: {} }],
		['a file', { body: Readable.from('x') }],
		['something else that flows', { body: { pipe: () => undefined } }],
		['a list', { body: [1] }],
		['a number', { body: 7 }],
		['a date', { body: new Date(0) }],
		['two texts', { body: 'A=1', form: 'B=2' }],
		['a text and an object', { body: 'A=1', form: { B: 2 } }],
		['an object and a text', { body: { A: 1 }, form: 'B=2' }],
	])('is rejected if it is %s, with what to choose', async (_, request) => {
		await expect(sent(request)).rejects.toThrow(
			"Alibaba Cloud's RPC APIs accept forms, but not files or multipart bodies. Set 'Body Content Type' in the node to 'Form Urlencoded'",
		);
	});
});

describe('Action', () => {
	it.each<[string, object, string | undefined, string, string | undefined]>([
		['the query', { qs: { Action: 'X' } }, undefined, 'X', undefined],
		['an object', { body: { Action: 'X', B: 'ü' } }, undefined, 'X', 'B=%C3%BC'],
		['an object that held nothing else', { body: { Action: 'X' } }, undefined, 'X', undefined],
		['a text', { body: 'B=%c3%bc&Action=X' }, undefined, 'X', 'B=%C3%BC'],
		['a text that held nothing else', { body: 'Action=X' }, undefined, 'X', undefined],
		[
			'a form in any case',
			{ body: 'Action=X' },
			`${FORM.toUpperCase()}; charset=utf-8`,
			'X',
			undefined,
		],
		[
			'both, of which the query counts',
			{ qs: { Action: 'X' }, body: { Action: 'Y' } },
			undefined,
			'X',
			undefined,
		],
	])('is moved to a header from %s', async (_, request, type, action, body) => {
		const version = { 'x-acs-version': '2014-05-26' };
		const result = await sent(request, type, version);
		expect(result).toMatchObject({ action, query: {} });
		expect(result.body).toBe(body);
	});

	it.each<[string, object, string | undefined, string]>([
		['the form has another', { body: 'B=%c3%bc' }, undefined, 'B=%c3%bc'],
		['the text is no form', { body: 'Action=X' }, OTHER, 'Action=X'],
		['the text only names a form', { body: 'Action=X' }, `text/plain; not=${FORM}`, 'Action=X'],
	])("isn't a parameter, and the body is sent unchanged, if %s", async (_, request, type, body) => {
		expect(await sent(request, type)).toMatchObject({ action: API['x-acs-action'], body });
	});
});
