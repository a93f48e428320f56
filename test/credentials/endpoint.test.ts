import {
	accessKeyOf,
	camsOrigin,
	filled,
	resolveOrigin,
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
	expect(resolveOrigin(endpoint, DEFAULT)).toBe(origin);
});

const EXAMPLE = `Enter e.g. ${DEFAULT}, or leave it empty`;
const NEITHER = `is neither a host name nor a URL. ${EXAMPLE}`;
const MORE = `holds more than scheme, host and port. ${EXAMPLE}`;
const HTTPS =
	'must use https, since contacts and keys travel over it. Plain http is for this machine (127.0.0.1) alone';

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
])('the endpoint %j is refused: it %s', (endpoint, why) => {
	expect(() => resolveOrigin(endpoint, DEFAULT)).toThrow(`The credential's 'Endpoint' ${why}`);
	const credential = { ...KEY, stsEndpoint: endpoint };
	expect(() => stsOrigin(credential)).toThrow(
		`The credential's 'STS Endpoint' ${why.replace('cams.', 'sts.')}`,
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

test.each(['evil.example/', 'a.b', 'a b', 'a@b', 'ä'])('the region %j is refused', (regionId) => {
	expect(() => camsOrigin({ ...KEY, regionId })).toThrow(
		"The credential's 'Region' is not a region ID. Enter e.g. ap-southeast-1",
	);
});

test('the key is read without the spaces and line breaks that came with it', () => {
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
		`The credential's '${label}' is empty. Enter it there`,
	);
});

test('what is wrong and what to do are told apart', () => {
	const { told, message } = new UnusableValue(
		"'Limit' is not usable",
		'Enter a whole number',
	) as UnusableValue & Error;
	expect(told).toEqual({
		code: 'parameter',
		what: "'Limit' is not usable",
		fix: 'Enter a whole number',
	});
	expect(message).toBe("'Limit' is not usable. Enter a whole number");
	expect(() => filled('Role ARN', undefined)).toThrow(UnusableValue);
});
