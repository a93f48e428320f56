import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adviceOn, type FailedCall } from '../../nodes/AlibabaCloudChatApp/transport/advice';
import { policyInMessage } from './requests';

const ADD = 'AddCustomAudienceUser';

const advice = (failure: Partial<FailedCall>) =>
	adviceOn({
		action: ADD,
		source: 'api',
		status: failure.source === 'network' ? 0 : 400,
		code: '',
		apiMessage: '',
		isByRole: false,
		timeout: 1500,
		...failure,
	});

describe('the API rejects a call with', () => {
	it.each([
		[400, 'Throttling', 'throttled', "'Attempts per Request'"],
		[400, 'Throttling.User', 'throttled', 'limiting the rate'],
		[503, 'Throttling.Api', 'throttled', 'limiting the rate'],
		[200, 'System.LimitControl', 'throttled', 'limiting the rate'],
		[429, 'Anything', 'throttled', 'limiting the rate'],
		[400, 'SignatureNonceUsed', 'temporary', 'The request arrived twice'],
		[200, 'ServiceUnavailable', 'temporary', 'is not available'],
		[200, 'SystemError', 'temporary', 'is not available'],
		[200, 'SystemBusy', 'temporary', 'is not available'],
		[500, 'InternalError', 'temporary', 'is not available'],
		[408, 'Anything', 'temporary', 'is not available'],
		[413, 'Anything', 'tooLarge', "'Contacts per Request'"],
		[414, 'Anything', 'tooLarge', "'Contacts per Request'"],
		[404, 'InvalidAccessKeyId.NotFound', 'key', "'AccessKey ID'"],
		[400, 'InvalidAccessKeyId.Inactive', 'key', "'AccessKey ID'"],
		[400, 'SignatureDoesNotMatch', 'key', "'AccessKey Secret'"],
		[400, 'IncompleteSignature', 'key', "'AccessKey Secret'"],
		[400, 'InvalidSecurityToken.Expired', 'key', 'has expired'],
		[400, 'SecurityTokenExpired', 'key', 'has expired'],
		[400, 'InvalidSecurityToken.Malformed', 'key', 'from the same response'],
		[400, 'SecurityToken.Malformed', 'key', 'from the same response'],
		[400, 'MissingSecurityToken', 'key', 'needs its security token'],
		[400, 'InvalidTimeStamp.Expired', 'key', 'clock'],
		[401, 'Anything', 'key', "'AccessKey ID'"],
		[403, 'NoPermission', 'permission', `'cams:${ADD}'`],
		[200, 'Forbidden.RAM', 'permission', `'cams:${ADD}'`],
		[200, 'Unauthorized', 'permission', `'cams:${ADD}'`],
		[200, 'Ram.PermissionDeny', 'permission', `'cams:${ADD}'`],
		[403, 'Anything', 'permission', `'cams:${ADD}'`],
		[200, 'Product.Unsubscript', 'rejected', 'is not active for this account'],
		[404, 'InvalidAction.NotFound', 'rejected', "doesn't provide Chat App Message Service"],
		[400, 'InvalidVersion', 'rejected', "doesn't provide Chat App Message Service"],
		[400, 'MissingUsers', 'rejected', "'Send Contacts In'"],
		[200, 'Audience.NotReady', 'rejected', "Check 'Channel', 'Page ID'"],
		[400, 'InvalidParameter', 'rejected', "Check 'Channel', 'Page ID'"],
		[400, 'Not.Forbidden', 'rejected', "Check 'Channel', 'Page ID'"],
		[400, 'Not.InvalidAccessKey', 'rejected', "Check 'Channel', 'Page ID'"],
		[400, 'Not.Product.Unsubscript', 'rejected', "Check 'Channel', 'Page ID'"],
		[400, 'Not.SystemError', 'rejected', "Check 'Channel', 'Page ID'"],
		[407, 'Anything', 'rejected', "Check 'Channel', 'Page ID'"],
		[404, 'Not.Found', 'rejected', "Check 'Channel', 'Page ID'"],
	] as const)('HTTP %i and %s: %s', (status, code, kind, text) => {
		const { what, fix, ...found } = advice({ status, code });
		expect(found).toMatchObject({ kind, responseLost: kind === 'temporary' });
		expect(`${what}. ${fix}`).toContain(text);
	});

	it.each([
		['ParameterIllegal', 'CustomAudienceId is illegal.', 'custom audience', 'Custom Audience'],
		['InvalidParameter', 'The custom audience does not exist.', 'custom audience', 'Get Many'],
		['CustomAudience.NotFound', 'Rejected.', 'custom audience', 'Custom Audience'],
		['InvalidCustomAudienceId', '', 'custom audience', "'Page ID' and 'Ad Account'"],
		['ParameterIllegal', 'AdAccountId is illegal.', 'ad account', "belongs to 'Page ID'"],
		['PageIllegal', 'PageId is illegal', 'Page', "belongs to 'Channel'"],
		['InvalidParameter', 'Unknown page_id', 'Page', 'Page ID'],
		['ParameterIllegal', 'CustSpaceId is illegal.', 'channel', 'Channel'],
		['ParameterIllegal', "The channel doesn't exist.", 'channel', 'Channel'],
	])('%s (%s): the ID of the %s is unknown', (code, apiMessage, thing, text) => {
		const found = advice({ status: 200, code, apiMessage });
		expect(found).toMatchObject({ kind: 'rejected', what: `This ${thing} wasn't found` });
		expect(found.fix).toContain(text);
	});

	it.each([
		['InvalidParameter', 'The parameter Page is not valid: it is not JSON.'],
		['InvalidParameter', 'The parameter Users is not valid: it is too long.'],
		['MissingPageId', 'It is mandatory'],
		['Audience.Gone', 'The audience is gone.'],
	])('%s (%s): no ID is unknown', (code, apiMessage) => {
		const { what } = advice({ code, apiMessage });
		expect(what).toBe(`Alibaba Cloud rejected the request: ${apiMessage.replace(/\.$/, '')}`);
	});

	it.each([
		['InvalidParameter', 'The parameter Users is mandatory.'],
		['InvalidParameter', 'Missing Users'],
		['InvalidParameter', 'Users must not be empty'],
	])('%s (%s): the contacts are missing', (code, apiMessage) => {
		expect(advice({ code, apiMessage }).fix).toMatch(
			/'Send Contacts In' under Advanced to Automatic/,
		);
	});

	it('too many audiences: the limit of an ad account, if the call creates one', () => {
		const apiMessage = 'The number of custom audiences exceeds the limit.';
		const create = advice({ action: 'CreateCustomAudience', code: 'CreateFailed', apiMessage });
		expect(create.what).toMatch(/as many custom audiences as Meta allows/);
		expect(create.fix).toMatch(/Ads Manager.*500/);
		expect(advice({ code: 'CreateFailed', apiMessage }).what).not.toMatch(/as many/);
	});
});

describe("something that isn't the API responds with", () => {
	it.each([
		[200, 'rejected', "not Alibaba Cloud's API", "'Endpoint'", true],
		[204, 'rejected', "not Alibaba Cloud's API", "'Endpoint'", true],
		[300, 'rejected', 'redirects', "'Endpoint'", false],
		[307, 'rejected', 'redirects', "'Endpoint'", false],
		[400, 'rejected', "not Alibaba Cloud's API", "'Region'", false],
		[401, 'rejected', "not Alibaba Cloud's API", "'Region'", false],
		[403, 'rejected', "not Alibaba Cloud's API", "'Region'", false],
		[407, 'rejected', 'proxy requires a login', 'HTTPS_PROXY', false],
		[408, 'temporary', 'is not available', 'Run again later', true],
		[413, 'tooLarge', 'too large', "'Contacts per Request'", false],
		[414, 'tooLarge', 'too large', "'Contacts per Request'", false],
		[429, 'throttled', 'is not available', 'Run again later', false],
		[500, 'temporary', 'is not available', 'Run again later', true],
		[599, 'temporary', 'is not available', 'Run again later', true],
	] as const)('HTTP %i: %s', (status, kind, what, fix, responseLost) => {
		expect(advice({ source: 'other', status })).toEqual({
			kind,
			what: expect.stringContaining(what),
			fix: expect.stringContaining(fix),
			responseLost,
		});
	});

	it('an unclear object: the call may have been accepted', () => {
		expect(advice({ source: 'unclear', status: 200 })).toMatchObject({
			kind: 'rejected',
			what: expect.stringContaining('does not show whether'),
			responseLost: true,
		});
	});
});

describe('no complete response comes, because of', () => {
	it.each([
		['Timeout', 'temporary', 'within 1.5 seconds', true],
		['ECONNREFUSED', 'temporary', "couldn't be reached", false],
		['ENOTFOUND', 'temporary', "couldn't be reached", false],
		['EAI_AGAIN', 'temporary', "couldn't be reached", false],
		['EHOSTUNREACH', 'temporary', "couldn't be reached", false],
		['ENETUNREACH', 'temporary', "couldn't be reached", false],
		['EADDRNOTAVAIL', 'temporary', "couldn't be reached", false],
		['ECONNRESET', 'temporary', 'was interrupted', true],
		['Z_DATA_ERROR', 'temporary', 'was interrupted', true],
		['CERT_HAS_EXPIRED', 'rejected', 'certificate', false],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'rejected', 'certificate', false],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'rejected', 'certificate', false],
		['EPROTO', 'rejected', 'TLS', false],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'rejected', 'TLS', false],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'rejected', 'certificate', false],
		['SsrfBlocked', 'rejected', 'block the address', false],
		['ERR_INVALID_CHAR', 'rejected', "couldn't be built", false],
		['ERR_UNESCAPED_CHARACTERS', 'rejected', "couldn't be built", false],
		['ERR_HTTP_INVALID_HEADER_VALUE', 'rejected', "couldn't be built", false],
		['ResponseTooLong', 'rejected', 'too long to come from', true],
		['Unexpected', 'rejected', 'ended unexpectedly', true],
		['NoResponse', 'temporary', 'was interrupted', true],
	] as const)('%s: %s, %s', (code, kind, what, responseLost) => {
		expect(advice({ source: 'network', code })).toEqual({
			kind,
			what: expect.stringContaining(what),
			fix: expect.stringMatching(/./),
			responseLost,
		});
	});
});

it.each(['InvalidAccessKeyId.NotFound', 'SignatureDoesNotMatch', 'MissingSecurityToken'])(
	"a role's key that is rejected (%s) names the role",
	(code) => {
		expect(advice({ code, isByRole: true }).fix).toContain("'Role ARN'");
		expect(advice({ code }).fix).not.toContain("'Role ARN'");
		expect(advice({ code: 'InvalidTimeStamp', isByRole: true }).fix).not.toContain("'Role ARN'");
	},
);

it('options are named only for the operation that has them', () => {
	const other = { action: 'ListInstance' };
	for (const failure of [{ code: 'Throttling' }, { source: 'network', code: 'Timeout' }] as const) {
		expect(advice(failure).fix).toContain('under Advanced');
		expect(advice({ ...failure, ...other }).fix).not.toContain('under Advanced');
	}
});

it('AssumeRole has its own endpoint, permission, and role', () => {
	const action = 'AssumeRole';
	const fix = (failure: Partial<FailedCall>) => advice({ action, ...failure }).fix;
	expect(fix({ source: 'other', status: 302 })).toContain("'STS Endpoint'");
	expect(fix({ source: 'network', code: 'ECONNREFUSED' })).toContain("'STS Endpoint'");
	expect(fix({ code: 'NoPermission' })).toContain("'sts:AssumeRole'");
	expect(fix({ code: 'Anything', status: 403 })).toContain("'sts:AssumeRole'");
	expect(advice({ action, code: 'EntityNotExist.Role' }).what).toContain("doesn't exist");
	expect(advice({ action, code: 'InvalidParameter.RoleArn' }).what).toContain("doesn't exist");
	expect(fix({ code: 'InvalidParameter.RoleSessionName' })).toContain("'Role Session Name'");
	expect(fix({ code: 'Not.EntityNotExist' })).toContain("'Role ARN' and 'External ID'");
	expect(advice({ code: 'EntityNotExist.Role' }).fix).toContain("Check 'Channel'");
});

it('advice is at most two sentences and 240 characters, without codes', () => {
	const codes = [
		...['Throttling', 'NoPermission', 'SignatureDoesNotMatch', 'InvalidSecurityToken'],
		...['CustomAudienceIllegal', 'AdAccountIllegal', 'PageIdIllegal', 'ChannelIllegal'],
		...['MissingUsers', 'Product.Unsubscript', 'RoleArn', 'RoleSessionName', 'Timeout'],
		...['ECONNREFUSED', 'EPROTO', 'CERT', 'ERR_INVALID_', 'SsrfBlocked', 'Unexpected', 'limit', ''],
	];
	for (const action of [ADD, 'CreateCustomAudience', 'ListInstance', 'AssumeRole']) {
		for (const source of ['network', 'other', 'unclear', 'api'] as const) {
			for (const status of [0, 200, 307, 401, 403, 407, 413, 429, 503]) {
				for (const code of codes) {
					const { what, fix } = advice({ action, source, status, code });
					expect(fix.length).toBeLessThanOrEqual(240);
					expect(fix.split(/\.\s/).length).toBeLessThanOrEqual(2);
					expect(`${what} ${fix}`).not.toMatch(/[{}]|\.$|Throttling|ECONN|HTTP \d/);
					expect(what).toMatch(/^[A-Z]/);
				}
			}
		}
	}
});

it('the whole policy allows each call that the node makes, and no other', () => {
	const folder = join(__dirname, '..', '..', 'nodes', 'AlibabaCloudChatApp');
	const files = ['transport/api.ts', 'transport/advice.ts'];
	const sources = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
	const called = sources.match(/(?<=')(?:Add|Create|List|Sync)[A-Z]\w+(?=')/g) ?? [];
	expect(policyInMessage()).toMatchObject({
		Statement: [{ Action: [...new Set(called)].sort().map((action) => `cams:${action}`) }],
	});
});
