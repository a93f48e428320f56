import {
	accessKeyOf,
	camsOrigin,
	requiredField,
	stsOrigin,
	UnusableValue,
} from '../../credentials/credential';

const KEY = { accessKeyId: 'id', accessKeySecret: 'secret' };
const DEFAULT = 'cams.ap-southeast-1.aliyuncs.com';

test.each([
	['', `https://${DEFAULT}`],
	['  ', `https://${DEFAULT}`],
	['gateway.example.com', 'https://gateway.example.com'],
	[' gateway.example.com \n', 'https://gateway.example.com'],
	['gateway.example.com:8443', 'https://gateway.example.com:8443'],
	['https://gateway.example.com/', 'https://gateway.example.com'],
	['http://localhost:8080', 'http://localhost:8080'],
	['http://127.0.0.1', 'http://127.0.0.1'],
	['http://127.1.2.3:1', 'http://127.1.2.3:1'],
	['http://[::1]:8080', 'http://[::1]:8080'],
	['HTTPS://Gateway.Example.com', 'https://gateway.example.com'],
])('the endpoint %j leads to %s', (endpoint, origin) => {
	expect(camsOrigin({ ...KEY, endpoint })).toBe(origin);
});

const EXAMPLE = `Enter e.g. ${DEFAULT}, or leave it empty`;
const NEITHER = `isn't a host name or URL. ${EXAMPLE}`;
const MORE = `contains more than scheme, host, and port. ${EXAMPLE}`;
const HTTPS =
	'must use https, because contacts and keys are sent there. Plain http is allowed only for this machine (127.0.0.1)';

test.each([
	['https://', NEITHER],
	['two words', NEITHER],
	['https://user@gateway.example.com', MORE],
	['https://:password@gateway.example.com', MORE],
	['https://gateway.example.com/path', MORE],
	['https://gateway.example.com/?query', MORE],
	['https://gateway.example.com/#fragment', MORE],
	['gateway.example.com/path', MORE],
	['http://gateway.example.com', HTTPS],
	['http://localhost.evil.example', HTTPS],
	['http://evil-localhost', HTTPS],
	['http://127.0.0.1.evil.example', HTTPS],
	['http://1127.0.0.1.example', HTTPS],
	['http://[::2]', HTTPS],
	['ftp://localhost', HTTPS],
])('the endpoint %j is rejected: it %s', (endpoint, why) => {
	expect(() => camsOrigin({ ...KEY, endpoint })).toThrow(`'Endpoint' in the credential ${why}`);
	expect(() => stsOrigin({ ...KEY, stsEndpoint: endpoint })).toThrow(
		`'STS Endpoint' in the credential ${why.replace('cams.', 'sts.')}`,
	);
});

test("without endpoints, the region's public ones are called", () => {
	expect(camsOrigin(KEY)).toBe(`https://${DEFAULT}`);
	expect(stsOrigin(KEY)).toBe('https://sts.ap-southeast-1.aliyuncs.com');
	const regionId = ' eu-central-1 ';
	expect(camsOrigin({ ...KEY, regionId })).toBe('https://cams.eu-central-1.aliyuncs.com');
	expect(stsOrigin({ ...KEY, regionId })).toBe('https://sts.eu-central-1.aliyuncs.com');
	expect(stsOrigin({ ...KEY, stsEndpoint: 'sts.example.com' })).toBe('https://sts.example.com');
	expect(camsOrigin({ ...KEY, endpoint: 'cams.example.com' })).toBe('https://cams.example.com');
});

test.each(['evil.example/', 'a.b', 'a b', 'a@b', 'ä', 'Singapore', 'ap-', '-1'])(
	'the region %j is rejected',
	(regionId) => {
		expect(() => camsOrigin({ ...KEY, regionId })).toThrow(
			"'Region' in the credential isn't a region ID. Enter ap-southeast-1 for Singapore",
		);
	},
);

test('the key is read without pasted spaces and line breaks', () => {
	const pasted = { accessKeyId: ' id\n', accessKeySecret: '\tsecret ', securityToken: ' token\n' };
	const key = { ...KEY, securityToken: 'token' };
	expect(accessKeyOf(pasted)).toEqual(key);
	expect(accessKeyOf({ ...pasted, authType: 'stsToken' })).toEqual(key);
	expect(accessKeyOf({ ...pasted, authType: 'ramRole' })).toEqual(KEY);
	expect(accessKeyOf({ ...KEY, securityToken: ' ' })).toEqual(KEY);
	expect(accessKeyOf(KEY)).toEqual(KEY);
});

test.each([
	['AccessKey ID', { ...KEY, accessKeyId: ' ' }],
	['AccessKey Secret', { ...KEY, accessKeySecret: '' }],
	['Security Token', { ...KEY, authType: 'stsToken' as const, securityToken: ' ' }],
])('an empty %s is named', (label, credential) => {
	expect(() => accessKeyOf(credential)).toThrow(
		`'${label}' in the credential is empty. Open the credential and enter it`,
	);
});

test('an unusable value has a message: what is wrong, and what to do', () => {
	const error = new UnusableValue("'Limit' is too high", 'Enter a whole number');
	expect(error).toMatchObject({
		code: 'parameter',
		what: "'Limit' is too high",
		fix: 'Enter a whole number',
		message: "'Limit' is too high. Enter a whole number",
	});
	expect(() => requiredField('Role ARN', undefined)).toThrow(UnusableValue);
});
