import {
	errorOfResponse,
	theirWords,
	withCode,
} from '../../nodes/AlibabaCloudChatApp/transport/apiError';

const ADD = 'AddCustomAudienceUser';

function read(
	status: number,
	Code?: string,
	more: { action?: string; ofRole?: boolean; Message?: string } = {},
) {
	const { action = ADD, ofRole = false, Message = 'Refused.' } = more;
	const body = Code === undefined ? undefined : { Code, Message, RequestId: 'request-1' };
	return errorOfResponse({ status, headers: {}, text: '' }, body, { action, ofRole, secrets: [] });
}

test.each([
	[400, 'Throttling', 'throttled', "'Max Tries'"],
	[400, 'Throttling.User', 'throttled', 'slow down'],
	[503, 'Throttling.Api', 'throttled', 'slow down'],
	[200, 'System.LimitControl', 'throttled', 'slow down'],
	[429, 'Anything', 'throttled', 'not available at the moment'],
	[400, 'SignatureNonceUsed', 'temporary', ''],
	[200, 'ServiceUnavailable', 'temporary', ''],
	[200, 'SystemError', 'temporary', ''],
	[500, 'InternalError', 'temporary', 'not available at the moment'],
	[408, 'Anything', 'temporary', 'not available at the moment'],
	[413, 'Anything', 'tooLarge', "'Batch Size'"],
	[414, 'Anything', 'tooLarge', "'Batch Size'"],
	[404, 'InvalidAccessKeyId.NotFound', 'key', "'AccessKey ID'"],
	[400, 'InvalidAccessKeyId.Inactive', 'key', "'AccessKey ID'"],
	[400, 'SignatureDoesNotMatch', 'key', "'AccessKey Secret'"],
	[400, 'IncompleteSignature', 'key', "'AccessKey Secret'"],
	[400, 'InvalidSecurityToken.Expired', 'key', 'has expired'],
	[400, 'InvalidSecurityToken.Malformed', 'key', 'one and the same set'],
	[400, 'MissingSecurityToken', 'key', 'needs its token'],
	[400, 'InvalidTimeStamp.Expired', 'key', 'clock'],
	[401, 'Anything', 'key', ''],
	[403, 'NoPermission', 'permission', `'cams:${ADD}'`],
	[403, 'Forbidden.RAM', 'permission', `'cams:${ADD}'`],
	[403, 'Anything', 'permission', `'cams:${ADD}'`],
	[200, 'Ram.PermissionDeny', 'permission', `'cams:${ADD}'`],
	[200, 'Product.Unsubscript', 'rejected', 'not active for this account'],
	[200, 'Audience.NotReady', 'rejected', ''],
	[400, 'InvalidParameter', 'rejected', ''],
	[404, 'InvalidAction.NotFound', 'rejected', ''],
] as const)('HTTP %i with %s is %s', (status, code, kind, fix) => {
	const error = read(status, code);
	expect(error).toMatchObject({ kind, code, httpStatus: status, requestId: 'request-1' });
	expect(error.fix).toContain(fix);
	expect(error.fix).toMatch(/\w$|[a-z]'$|['}]$/);
	expect(error.answerLost).toBe(kind === 'temporary');
});

test.each([
	[200, 'rejected', "not Alibaba Cloud's API", 'the proxy', true],
	[204, 'rejected', "not Alibaba Cloud's API", 'the proxy', true],
	[300, 'rejected', 'sends the calls elsewhere', "'Endpoint'", false],
	[307, 'rejected', 'sends the calls elsewhere', "'Endpoint'", false],
	[400, 'rejected', "not Alibaba Cloud's API", 'the proxy', false],
	[401, 'rejected', "not Alibaba Cloud's API", 'the proxy', false],
	[403, 'rejected', "not Alibaba Cloud's API", 'the proxy', false],
	[407, 'rejected', 'proxy wants a login', 'HTTPS_PROXY', false],
	[408, 'temporary', 'not available', 'Run again later', true],
	[413, 'tooLarge', 'too large', "'Batch Size'", false],
	[429, 'throttled', 'not available', 'Run again later', false],
	[500, 'temporary', 'not available', 'Run again later', true],
	[599, 'temporary', 'not available', 'Run again later', true],
] as const)("HTTP %i that isn't the API's is %s", (status, kind, what, fix, answerLost) => {
	const error = read(status);
	expect(error).toMatchObject({ kind, code: `Http${status}`, answerLost, requestId: '' });
	expect(error.what).toContain(what);
	expect(error.said).toBeUndefined();
	expect(error.fix).toContain(fix);
});

test('an acceptance that is none is told as such', () => {
	const call = { action: ADD, ofRole: false, secrets: [] };
	const answer = { status: 200, headers: {}, text: '' };
	for (const body of [{ Code: 'OK' }, { Success: true }, {}]) {
		const { what, answerLost } = errorOfResponse(answer, body, call);
		expect(what).toContain('JSON that does not say what became of the call');
		expect(answerLost).toBe(true);
	}
});

test.each(['InvalidAccessKeyId.NotFound', 'SignatureDoesNotMatch', 'InvalidSecurityToken.Expired'])(
	"a role's key that is refused (%s) names the role, which its owner can look at",
	(code) => {
		expect(read(400, code, { ofRole: true }).fix).toContain("'Role ARN'");
		expect(read(400, code).fix).not.toContain("'Role ARN'");
	},
);

test('what the STS endpoint and the permission to assume are called is said for AssumeRole', () => {
	const sts = { action: 'AssumeRole' };
	expect(read(403, 'NoPermission', sts).fix).toContain("'sts:AssumeRole'");
	expect(read(302, undefined, sts).fix).toContain("'STS Endpoint'");
	expect(read(302).fix).toContain("credential's 'Endpoint'");
	expect(read(400, undefined, sts).fix).toContain("'STS Endpoint'");
	expect(read(400, 'Throttling', sts).fix).not.toContain("'Max Tries'");
});

test.each([
	['ParameterIllegal', 'CustomAudienceId is illegal.', 'This custom audience', 'Custom Audience'],
	['InvalidParameter', 'The custom audience does not exist.', 'This custom audience', 'Get Many'],
	['CustomAudience.NotFound', 'Refused.', 'This custom audience', 'Custom Audience'],
	['InvalidCustomAudienceId', '', 'This custom audience', 'Custom Audience'],
	['ParameterIllegal', 'AdAccountId is illegal.', 'This ad account', 'Ad Account'],
	['PageIllegal', 'PageId is illegal', 'This Page', 'Page transparency'],
	['InvalidParameter', 'Unknown page_id', 'This Page', 'Page ID'],
	['ParameterIllegal', 'CustSpaceId is illegal.', 'This channel', 'Channel'],
])('%s (%s) is an ID that was not found: %s', (code, Message, thing, fix) => {
	const error = read(200, code, { Message });
	expect(error).toMatchObject({ kind: 'rejected', code, what: `${thing} wasn't found` });
	expect(error.fix).toContain(fix);
	expect(error.said).toBe(Message.replace(/\.$/, '') || 'The call was refused without a reason');
});

test.each([
	['InvalidParameter', 'The parameter Page is not valid: it is not JSON.'],
	['InvalidParameter', 'The parameter Users is not valid: it is empty.'],
	['Audience.NotReady', 'The audience is not ready'],
	['Audience.Gone', 'The audience is gone.'],
])('%s (%s) is no ID that was not found', (code, Message) => {
	const what = Message.replace(/\.$/, '');
	expect(read(200, code, { Message })).toMatchObject({ what, verbatim: Message });
});

test('an ad account that is full names the limit, for the call that makes an audience', () => {
	const Message = 'The number of custom audiences exceeds the limit.';
	const full = read(200, 'CreateFailed', { action: 'CreateCustomAudience', Message });
	expect(full.what).toMatch(/as many custom audiences as it may have/);
	expect(full.fix).toMatch(/500.*Ads Manager/);
	expect(read(200, 'CreateFailed', { Message }).verbatim).toBe(Message);
});

test('a message that is missing, empty or no text is stood in for', () => {
	for (const Message of ['', undefined, {}, 5]) {
		const { what } = read(400, 'Code', { Message: Message as string });
		expect(what).toBe(Message === undefined ? 'Refused' : 'The call was refused without a reason');
	}
});

test('a message is told without the people that it names, whoever they are', () => {
	const { what } = read(400, 'Code', { Message: 'Ask mary@example.com or 15550100101.' });
	expect(what).toBe('Ask [hidden] or [hidden]');
});

test('an error that is thrown for a refusal says what happened', () => {
	const error = read(400, 'Audience.NotReady');
	expect(error).toBeInstanceOf(Error);
	expect(error).toMatchObject({ message: 'Refused', action: ADD });
	expect(withCode(error)).toBe('Refused (Audience.NotReady)');
});

test("the API's own words are kept for those who look them up, where they aren't told already", () => {
	expect(theirWords(read(403, 'NoPermission'))).toEqual(['Alibaba Cloud said: Refused']);
	expect(theirWords(read(400, 'Audience.NotReady'))).toEqual([]);
});

test.each([
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
])('Retry-After %j is so many milliseconds: %p', (header, ms) => {
	const answer = { status: 503, headers: { 'retry-after': header }, text: '' };
	const asked = { action: ADD, ofRole: false, secrets: [] };
	const { retryAfter } = errorOfResponse(answer, undefined, asked);
	expect(retryAfter?.(Date.parse('2026-01-01T00:00:00Z'))).toBe(ms);
});
