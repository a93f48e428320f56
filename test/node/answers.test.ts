import { createServer } from 'node:net';
import type { IDataObject } from 'n8n-workflow';
import { runNode, type NodeRun, type RunError } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN, startSimulator, type Fault } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator({
	keys: [
		DEFAULT_KEY,
		{ ...DEFAULT_KEY, accessKeyId: 'LTAI5tMayNothing', allow: [] },
		{ ...DEFAULT_KEY, accessKeyId: 'LTAI5tForbidden', allow: [], denyCode: 'Forbidden.RAM' },
		{ ...DEFAULT_KEY, accessKeyId: 'STS.Expired', securityToken: 'a-token', expired: true },
	],
});

async function errorOf(
	options: Partial<NodeRun> = {},
): Promise<RunError & { context: IDataObject }> {
	const contacts = [{ email: 'ann@example.com' }];
	const set = { maxTries: 1, ...options.set };
	const { error } = await runNode({
		simulator,
		items: contacts,
		clock: stillClock(),
		...options,
		set,
	});
	if (!error?.context) throw new Error('The run did not end with an error of the node');
	return { ...error, context: error.context };
}

const PERMISSION = /RAM permission 'cams:AddCustomAudienceUser'/;

const faults: Array<
	[string, Fault, { code: string; status: string; advice: RegExp; says?: RegExp }]
> = [
	[
		'200 with Success: false',
		{ kind: 'businessError', code: 'Audience.Gone', message: 'The audience is gone.' },
		{
			code: 'Audience.Gone',
			status: '200',
			advice: /^Check 'Channel', 'Page ID', 'Ad Account', and 'Custom Audience'/,
			says: /The audience is gone/,
		},
	],
	[
		'400 with JSON',
		{ kind: 'error', status: 400, code: 'InvalidParameter', message: 'Not valid.' },
		{
			code: 'InvalidParameter',
			status: '400',
			advice: /^Check 'Channel', 'Page ID', 'Ad Account', and 'Custom Audience'/,
			says: /Not valid/,
		},
	],
	[
		'a permission that is missing',
		{ kind: 'error', status: 403, code: 'NoPermission' },
		{
			code: 'NoPermission',
			status: '403',
			advice: /^Add 'cams:AddCustomAudienceUser'/,
			says: PERMISSION,
		},
	],
	[
		'throttling',
		{ kind: 'throttle', code: 'Throttling.User' },
		{
			code: 'Throttling.User',
			status: '400',
			advice: /'Attempts per Request'/,
			says: /limiting the rate/,
		},
	],
	[
		'500 with JSON',
		{ kind: 'error', status: 500, code: 'InternalError', message: 'Busy.' },
		{ code: 'InternalError', status: '500', advice: /Run again later.*Alibaba Cloud said: Busy\./ },
	],
	[
		'502 with HTML',
		{ kind: 'html', status: 502 },
		{ code: 'Http502', status: '502', advice: /^Run again later\./, says: /is not available/ },
	],
	[
		'413 with HTML',
		{ kind: 'html', status: 413 },
		{ code: 'Http413', status: '413', advice: /'Contacts per Request'/ },
	],
	[
		'404 with HTML',
		{ kind: 'html', status: 404 },
		{ code: 'Http404', status: '404', advice: /'Region'/, says: /not Alibaba Cloud's API/ },
	],
	[
		'200 with HTML',
		{ kind: 'html', status: 200 },
		{ code: 'Http200', status: '200', advice: /'Region'/, says: /not Alibaba Cloud's API/ },
	],
	[
		'503 with nothing',
		{ kind: 'empty', status: 503 },
		{ code: 'Http503', status: '503', advice: /^Run again later\./ },
	],
	[
		'a redirect',
		{ kind: 'redirect', status: 307, location: 'http://127.0.0.1:1/' },
		{ code: 'Http307', status: '307', advice: /'Endpoint'/, says: /redirects requests/ },
	],
];

describe('a message for marketers', () => {
	it('about a missing audience has what happened, what to do, and then technical details', async () => {
		const strict = await startSimulator({ strictIds: true });
		const { custSpaceId, pageId, adAccountId } = KNOWN;
		const set = { custSpaceId, pageId, adAccountId, customAudienceId: '1', maxTries: 1 };
		const error = await errorOf({ simulator: strict, set });
		await strict.close();
		expect(error.message).toBe("This custom audience wasn't found");
		expect(error.description).toMatch(
			/^Check 'Custom Audience' in the node, and that it belongs to 'Page ID' and 'Ad Account'\. .*No contacts were accepted\..*Alibaba Cloud said: CustomAudienceId is illegal\. HTTP status 200\. Request ID/,
		);
	});

	it('about a lost response says that the contacts may have been received', async () => {
		simulator.misbehave(1, { kind: 'html', status: 502, received: true });
		const error = await errorOf();
		expect(error.message).toMatch(/or a gateway in front of it, is not available at the moment/);
		expect(error.description).toMatch(
			/^Run again later\. .*these may still have been received\..*Running again is safe.*HTTP status 502/,
		);
	});

	it('about a missing permission names it, and has the whole policy once', async () => {
		const error = await errorOf({ credential: { accessKeyId: 'LTAI5tMayNothing' } });
		expect(error.message).toMatch(/^The key lacks the RAM permission/);
		expect(error.description).toMatch(/^Add 'cams:AddCustomAudienceUser' .*"Version":"1".*said: /);
	});
});

describe("a response that isn't an acceptance ends the run with what happened and what to do", () => {
	it.each(faults)('%s', async (_name, fault, told) => {
		simulator.misbehave(1, fault);
		const error = await errorOf();
		expect(error.name).toBe('NodeApiError');
		expect(error.message).not.toContain(`(${told.code})`);
		expect(error.description).toMatch(new RegExp(`Attempts: \\d+\\. Code ${told.code}\\.$`));
		if (told.says) expect(error.message).toMatch(told.says);
		expect(error.description).toMatch(told.advice);
		expect(error.description).toContain(`HTTP status ${told.status}`);
		expect(error.httpCode).toBe(told.status);
		expect(error.context).toMatchObject({ code: told.code, itemIndex: 0 });
		const hasRequestId =
			fault.kind === 'error' || fault.kind === 'businessError' || fault.kind === 'throttle';
		if (hasRequestId) expect(error.description).toMatch(/Request ID [0-9A-F-]{36}/);
	});

	it.each([
		[
			'an unknown key',
			{ accessKeyId: 'LTAI5tNobody' },
			'InvalidAccessKeyId.NotFound',
			/'AccessKey ID'/,
		],
		['a wrong secret', { accessKeySecret: 'wrong' }, 'SignatureDoesNotMatch', /'AccessKey Secret'/],
		[
			'an expired token',
			{ accessKeyId: 'STS.Expired', securityToken: 'a-token' },
			'InvalidSecurityToken.Expired',
			/'Security Token'/,
		],
		['no permission', { accessKeyId: 'LTAI5tMayNothing' }, 'NoPermission', PERMISSION],
		[
			'no permission, the other code',
			{ accessKeyId: 'LTAI5tForbidden' },
			'Forbidden.RAM',
			PERMISSION,
		],
	])('%s', async (_name, credential, code, advice) => {
		const error = await errorOf({ credential });
		expect(error.context.code).toBe(code);
		expect(`${error.message} ${error.description}`).toMatch(advice);
		expect(JSON.stringify(error)).not.toContain(DEFAULT_KEY.accessKeySecret);
	});

	it('a clock that is off', async () => {
		const clock = { ...stillClock(), now: () => Date.now() - 3_600_000 };
		const error = await errorOf({ clock });
		expect(error.context.code).toBe('InvalidTimeStamp.Expired');
		expect(error.message).toMatch(/n8n server's clock is off/);
	});

	it('a refused connection', async () => {
		const port = await freePort();
		const error = await errorOf({ credential: { endpoint: `http://127.0.0.1:${port}` } });
		expect(error).toMatchObject({
			name: 'NodeApiError',
			httpCode: null,
			context: { code: 'ECONNREFUSED' },
		});
		expect(error.description).toContain('Code ECONNREFUSED.');
		expect(error.description).toMatch(/check that n8n can reach the internet/);
	});

	it.each([
		['silence', { kind: 'silence' }],
		['an answer that comes too late', { kind: 'slow', ms: 3000 }],
	] as Array<[string, Fault]>)('%s', async (_name, fault) => {
		simulator.misbehave(1, fault);
		const error = await errorOf({ set: { timeout: 0.2 } });
		expect(error).toMatchObject({ name: 'NodeApiError', context: { code: 'Timeout' } });
		expect(error.message).toContain('within 0.2 seconds');
		expect(error.description).toMatch(/'Timeout \(Seconds\)'/);
	});

	it.each([
		['a reset connection', { kind: 'reset' }],
		['an answer that is cut off', { kind: 'cutOff' }],
	] as Array<[string, Fault]>)('%s', async (_name, fault) => {
		simulator.misbehave(1, fault);
		const error = await errorOf();
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: null });
		expect(error.message).toMatch(/The connection was interrupted/);
	});

	it('plain http to another machine is rejected before anything is sent', async () => {
		const error = await errorOf({ credential: { endpoint: 'http://cams.example.com' } });
		expect(error.message).toMatch(/must use https/);
	});
});

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	return port;
}
