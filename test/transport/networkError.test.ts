import { DeadlineExceeded } from '../../nodes/AlibabaCloudChatApp/async';
import { errorOfNetwork, withCode } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { AnswerTooLong } from '../../nodes/AlibabaCloudChatApp/transport/http';

const ADD = 'AddCustomAudienceUser';

const network = (error: unknown, action = ADD) => errorOfNetwork(error, { action, timeout: 1500 });
const withErrorCode = (code: unknown) => Object.assign(new Error('https://x/?Users='), { code });

test.each([
	['ECONNREFUSED', 'temporary', 'never made', false],
	['ENOTFOUND', 'temporary', 'never made', false],
	['EAI_AGAIN', 'temporary', 'never made', false],
	['EADDRNOTAVAIL', 'temporary', 'never made', false],
	['ECONNRESET', 'temporary', 'broke off', true],
	['Z_DATA_ERROR', 'temporary', 'broke off', true],
	['CERT_HAS_EXPIRED', 'rejected', 'certificate', false],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'rejected', 'certificate', false],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'rejected', 'certificate', false],
	['EPROTO', 'rejected', 'TLS', false],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'rejected', 'TLS', false],
	['ERR_INVALID_CHAR', 'rejected', 'could not be built', false],
	['ERR_HTTP_INVALID_HEADER_VALUE', 'rejected', 'could not be built', false],
] as const)('%s is %s: the call %s', (code, kind, what, answerLost) => {
	const error = network(withErrorCode(code));
	expect(error).toMatchObject({ kind, code, answerLost, requestId: '' });
	expect(error.what).toContain(what);
	expect(error.what).toContain(`(${code})`);
	expect(error.httpStatus).toBeUndefined();
	expect(withCode(error)).toBe(error.what);
});

test('an error is known by its class where it has no code, and by its cause', () => {
	expect(network(new URIError('x'))).toMatchObject({
		kind: 'rejected',
		code: 'Unexpected',
		answerLost: true,
	});
	expect(network(new TypeError('x'))).toMatchObject({ kind: 'rejected', code: 'Unexpected' });
	expect(network(new RangeError('x'))).toMatchObject({ kind: 'rejected', code: 'Unexpected' });
	expect(network(new AnswerTooLong())).toMatchObject({
		kind: 'rejected',
		code: 'AnswerTooLong',
		answerLost: true,
	});
	const blocked = Object.assign(new Error('x'), { name: 'SsrfBlockedIpError' });
	expect(network(blocked)).toMatchObject({
		kind: 'rejected',
		code: 'SsrfBlocked',
		answerLost: false,
	});
	const cause = new Error('x', { cause: withErrorCode('ECONNREFUSED') });
	expect(network(new Error('x', { cause }))).toMatchObject({ code: 'ECONNREFUSED' });
	expect(network(withErrorCode('no code at all'))).toMatchObject({
		code: 'NoAnswer',
		kind: 'temporary',
	});
	expect(network(withErrorCode('A'.repeat(62)))).toMatchObject({ code: 'NoAnswer' });
	expect(network('text')).toMatchObject({ code: 'NoAnswer', answerLost: true });
	expect(network(withErrorCode(['ECONNRESET']))).toMatchObject({ code: 'NoAnswer' });
	for (const none of [undefined, null, {}, { cause: null }]) {
		expect(network(none)).toMatchObject({ code: 'NoAnswer', kind: 'temporary' });
	}
	const circle = new Error('x');
	circle.cause = circle;
	expect(network(circle)).toMatchObject({ code: 'NoAnswer' });
});

test('a call that took too long names its time, and the option that only Add Users has', () => {
	const error = network(new DeadlineExceeded());
	expect(error).toMatchObject({ kind: 'temporary', code: 'Timeout', answerLost: true });
	expect(error.requestId).toBe('');
	expect(error.what).toBe('No complete answer came within 1.5 seconds');
	expect(error.fix).toContain("'Timeout'");
	expect(withCode(error)).toContain('(Timeout)');
	const other = network(new DeadlineExceeded(), 'ListInstance').fix;
	expect(other).not.toContain("'Timeout'");
	expect(other).toContain("'Region' and 'Endpoint'");
	expect(network(withErrorCode('ECONNREFUSED'), 'AssumeRole').fix).toContain("'STS Endpoint'");
});

test('a cause is looked for four errors deep', () => {
	const under = (errors: number): Error =>
		errors === 0 ? withErrorCode('ENOTFOUND') : new Error('x', { cause: under(errors - 1) });
	expect(network(under(4)).code).toBe('ENOTFOUND');
	expect(network(under(5)).code).toBe('NoAnswer');
});
