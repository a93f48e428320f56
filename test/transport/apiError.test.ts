import { DeadlineExceeded } from '../../nodes/AlibabaCloudChatApp/async';
import {
	ApiError,
	detailsOf,
	errorOfNetwork,
	errorOfResponse,
	KeyRejections,
} from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { ResponseTooLong } from '../../nodes/AlibabaCloudChatApp/transport/http';

const ADD = 'AddCustomAudienceUser';
const REQUEST = { action: ADD, isByRole: false, secrets: [], timeout: 1500 };

function read(status: number, body?: Record<string, unknown>, request: object = {}) {
	return errorOfResponse({ status, headers: {}, text: '' }, body, { ...REQUEST, ...request });
}

/** What comes last in a message, for those who look it up. */
const lastPartOf = (error: ApiError) =>
	[...detailsOf(error), error.codes].filter(Boolean).join('. ');

describe('a response', () => {
	it('that the API sent has its code, message, and request ID, after plain words', () => {
		const error = read(400, {
			Code: 'SignatureDoesNotMatch',
			Message: 'Specified signature does not match our calculation.',
			RequestId: 'request-1',
		});
		expect(error).toBeInstanceOf(Error);
		expect(error).toMatchObject({
			action: ADD,
			kind: 'key',
			code: 'SignatureDoesNotMatch',
			message: 'The AccessKey Secret is incorrect',
			what: 'The AccessKey Secret is incorrect',
			fix: "Enter 'AccessKey Secret' in the credential again",
			apiMessage: 'Specified signature does not match our calculation.',
			requestId: 'request-1',
			httpStatus: 400,
			responseLost: false,
		});
		expect(lastPartOf(error)).toBe(
			'Alibaba Cloud said: Specified signature does not match our calculation. SignatureDoesNotMatch, HTTP 400, request ID request-1',
		);
	});

	it("that isn't the API's has its status", () => {
		const error = read(502);
		expect(error).toMatchObject({
			kind: 'temporary',
			code: 'Http502',
			requestId: '',
			apiMessage: '',
		});
		expect(error.responseLost).toBe(true);
		expect(lastPartOf(error)).toBe('HTTP 502');
	});

	it.each([{ Code: 'OK' }, { Code: 'ok', Success: true }, { Code: ' Ok' }, { Success: true }, {}])(
		'that does not show whether the call was accepted may belong to an accepted one: %j',
		(body) => {
			const error = read(200, body);
			expect(error).toMatchObject({ code: 'Http200', kind: 'rejected', responseLost: true });
			expect(error.what).toContain('does not show whether the request was accepted');
			expect(read(299, body).what).toBe(error.what);
			expect(read(300, body).what).not.toBe(error.what);
		},
	);

	it.each([undefined, {}, 5, ''])('without a message (%p) quotes none', (Message) => {
		const error = read(400, { Code: 'Some.Code', Message });
		expect(error.quote).toBe('');
		expect(lastPartOf(error)).toBe('Some.Code, HTTP 400');
	});

	it('shows no one who is named in its message, and nothing that was sent', () => {
		const Message = 'Ask mary@example.com or 15550100101.';
		expect(read(400, { Code: 'Code', Message }).apiMessage).toBe('Ask [hidden] or [hidden].');
		const personal = () => ['mary@example.com'];
		const error = read(400, { Code: 'Code', Message, RequestId: 'mary@example.com' }, { personal });
		expect(JSON.stringify({ ...error })).not.toMatch(/mary|0101/);
		expect(error.apiMessage).toBe('[not shown, because it repeats what was sent]');
	});

	it('quotes a message once: where it is all that is known, or after the advice', () => {
		const unknown = read(400, { Code: 'Code', Message: 'The audience is full.' });
		expect(unknown.what).toBe('Alibaba Cloud rejected the request: The audience is full');
		expect(unknown.quote).toBe('');
		const known = read(400, { Code: 'Throttling', Message: 'The audience is full.' });
		expect(known.what).not.toContain('full');
		expect(known.quote).toBe('Alibaba Cloud said: The audience is full');
	});

	it.each([
		['Unknown.mary@example.com', '[hidden]'],
		[{}, '[hidden]'],
		['User.15550100101', '[hidden]'],
		[15, '15'],
	])('with the code %p has the code %s', (Code, code) => {
		expect(read(400, { Code })).toMatchObject({ code, kind: 'rejected' });
	});

	it("contains the node's whole policy if a permission is missing", () => {
		const last = lastPartOf(read(403, { Code: 'NoPermission' }));
		expect(last).toMatch(
			/^A policy with all permissions that this node uses: \{.*\}\. NoPermission, HTTP 403$/,
		);
		const policy = last.slice(last.indexOf('{'), last.indexOf('}. ') + 1);
		const actions = [
			...['AddCustomAudienceUser', 'CreateCustomAudience', 'ListCustomAudience', 'ListInstance'],
			...['ListMessengerSubscriptionToken', 'ListPageAdAccount'],
			'SyncMessengerSubscriptionToken',
		];
		expect(JSON.parse(policy)).toEqual({
			Version: '1',
			Statement: [
				{ Effect: 'Allow', Action: actions.map((action) => `cams:${action}`), Resource: '*' },
			],
		});
		expect(lastPartOf(read(400, { Code: 'Code' }))).not.toContain('{');
	});

	it.each([
		['7', 7000],
		[' 7 ', 7000],
		['0', 0],
		['Thu, 01 Jan 2026 00:00:09 GMT', 9000],
		['Wed, 31 Dec 2025 00:00:00 GMT', 0],
		['1.5', undefined],
		['-7', undefined],
		['7s', undefined],
		['2026-01-01', undefined],
		['soon', undefined],
		['', undefined],
		[7, undefined],
		[['7'], undefined],
		[undefined, undefined],
	])('with Retry-After %j asks to wait %p milliseconds', (header, ms) => {
		const response = { status: 503, headers: { 'retry-after': header }, text: '' };
		const { retryAfter } = errorOfResponse(response, undefined, REQUEST);
		expect(retryAfter?.(Date.parse('2026-01-01T00:00:00Z'))).toBe(ms);
	});
});

describe('without a complete response', () => {
	const network = (error: unknown) => errorOfNetwork(error, REQUEST);
	const withCode = (code: unknown) => Object.assign(new Error('https://x/?Users='), { code });
	const under = (errors: number): Error =>
		errors === 0 ? withCode('ENOTFOUND') : new Error('x', { cause: under(errors - 1) });
	const circle = new Error('x');
	circle.cause = circle;

	it.each([
		['a code', withCode('ECONNRESET'), 'ECONNRESET', 'temporary', true],
		['a deadline', new DeadlineExceeded(), 'Timeout', 'temporary', true],
		['a URIError', new URIError('x'), 'Unexpected', 'rejected', true],
		['a TypeError', new TypeError('x'), 'Unexpected', 'rejected', true],
		['a RangeError', new RangeError('x'), 'Unexpected', 'rejected', true],
		['a response that is too long', new ResponseTooLong(), 'ResponseTooLong', 'rejected', true],
		[
			"n8n's own protection",
			Object.assign(new Error('x'), { name: 'SsrfBlockedIpError' }),
			'SsrfBlocked',
			'rejected',
			false,
		],
		[
			'a cause',
			new Error('x', { cause: withCode('ECONNREFUSED') }),
			'ECONNREFUSED',
			'temporary',
			false,
		],
		['a cause four errors deep', under(4), 'ENOTFOUND', 'temporary', false],
		['a cause five errors deep', under(5), 'NoResponse', 'temporary', true],
		['a circle', circle, 'NoResponse', 'temporary', true],
		['no code', withCode('no code at all'), 'NoResponse', 'temporary', true],
		['a code that is too long', withCode('A'.repeat(62)), 'NoResponse', 'temporary', true],
		['a code in a list', withCode(['ECONNRESET']), 'NoResponse', 'temporary', true],
		['a text', 'text', 'NoResponse', 'temporary', true],
		['nothing', undefined, 'NoResponse', 'temporary', true],
		['null', null, 'NoResponse', 'temporary', true],
		['an empty cause', { cause: null }, 'NoResponse', 'temporary', true],
	])('%s is the code %#', (_name, thrown, code, kind, responseLost) => {
		expect(network(thrown)).toMatchObject({
			action: ADD,
			code,
			kind,
			responseLost,
			requestId: '',
			httpStatus: undefined,
		});
	});

	it('only the code is shown, since the message contains the URL', () => {
		const error = network(withCode('ECONNRESET'));
		expect(JSON.stringify([{ ...error }, error.message])).not.toContain('https');
		expect(lastPartOf(error)).toBe('ECONNRESET');
		const late = network(new DeadlineExceeded());
		expect(late.what).toBe('No complete response came within 1.5 seconds');
		expect(lastPartOf(late)).toBe('');
	});
});

test('an error with some facts changed is still an error', () => {
	const error = read(400, { Code: 'Code', Message: 'Full.' });
	const changed = error.with({ kind: 'key', what: 'Other' });
	expect(changed).toBeInstanceOf(ApiError);
	expect(changed).toMatchObject({ kind: 'key', what: 'Other', message: 'Other', code: 'Code' });
	expect(changed.quote).toBe('Alibaba Cloud said: Full');
	expect(error.kind).toBe('rejected');
});

describe('what a run knows about its key', () => {
	const noted = (kind: ApiError['kind']) => {
		const rejections = new KeyRejections();
		const error = new ApiError({
			kind,
			code: 'No',
			what: 'No',
			fix: '',
			requestId: 'R',
			responseLost: false,
		});
		rejections.note(error, ADD, 'cams-1');
		return rejections;
	};

	it.each([
		['key', ADD, 'cams-1', true],
		['key', 'ListInstance', 'cams-2', true],
		['key', 'ListInstance', undefined, true],
		['permission', ADD, 'cams-1', true],
		['permission', ADD, 'cams-2', false],
		['permission', 'ListInstance', 'cams-1', false],
		['rejected', ADD, 'cams-1', false],
		['throttled', ADD, 'cams-1', false],
	] as const)(
		'after %s: a call of %s to %s is known to be rejected: %s',
		(kind, action, space, is) => {
			const found = noted(kind).find(action, space);
			// No call was made, so there is no request.
			if (is) expect(found).toMatchObject({ kind, action, requestId: '' });
			else expect(found).toBeUndefined();
		},
	);
});
