import { signHttpRequest } from '../../credentials/httpRequest';

const KEY = { accessKeyId: 'id', accessKeySecret: 'secret' };
const OWN = { ...KEY, endpoint: 'https://gateway.example.com:8443' };

const HEADERS = { 'x-acs-action': 'DescribeRegions', 'x-acs-version': '2014-05-26' };

const sign = async (url: string, options: object = {}, credential = OWN) =>
	await signHttpRequest(credential, { url, headers: HEADERS, ...options });

describe('a signature is made', () => {
	it.each([
		'https://ecs.aliyuncs.com/',
		'https://ECS.AliYunCS.com/',
		'https://ecs.aliyuncs.com:443/',
		'https://ecs.aliyuncs.com/?x=evil.example#evil.example',
		'https://ecs.cn-hangzhou.aliyuncs.com/',
		'https://ecs-cn-hangzhou.aliyuncs.com/',
		'https://sts.ap-southeast-1.aliyuncs.com/',
		'https://sts-vpc.cn-hangzhou.aliyuncs.com/',
		'https://cams.ap-southeast-1.aliyuncs.com/',
		'https://dysmsapi.aliyuncs.com/',
		'https://r-kvstore.aliyuncs.com/',
		'https://ram.vpc-proxy.aliyuncs.com/',
		'https://rds.cn-shanghai-finance-1.aliyuncs.com/',
		'https://ecs.cn-north-2-gov-1.aliyuncs.com/',
		'https://business.ap-southeast-1.aliyuncs.com/',
		'https://slb.eu-central-1.aliyuncs.com/',
		'https://vpc.me-east-1.aliyuncs.com/',
		'https://ecs.rus-west-1.aliyuncs.com/',
		'https://ecs.cn-hangzhou-finance.aliyuncs.com/',
		// Numbers may grow.
		'https://ecs.ap-southeast-10.aliyuncs.com/',
		'https://ecs.cn-north-2-gov-10.aliyuncs.com/',
		// No storage, though its letters are in it.
		'https://cross-border.aliyuncs.com/',
		'https://ossify-s31.aliyuncs.com/',
		'https://a-b-c-d-e.aliyuncs.com/',
		"https://gateway.example.com:8443/what?the=credential's#endpoint-names",
	])('for %s', async (url) => {
		await expect(sign(url)).resolves.toBeDefined();
	});

	it.each([
		['a bucket', 'https://bucket.oss-cn-hangzhou.aliyuncs.com/'],
		['a bucket in the path', 'https://oss-cn-hangzhou.aliyuncs.com/bucket'],
		['storage', 'https://oss.aliyuncs.com/'],
		['storage under its other name', 'https://s3.aliyuncs.com/'],
		['storage under both names', 'https://s3.oss-cn-hangzhou.aliyuncs.com/'],
		['a bucket that is sped up', 'https://bucket.oss-accelerate.aliyuncs.com/'],
		['storage in a private network', 'https://vpc100-oss-cn-hangzhou.aliyuncs.com/'],
		['storage with its name last', 'https://vpc100-oss.aliyuncs.com/'],
		["an account's functions", 'https://1234567890.cn-hangzhou.fc.aliyuncs.com/'],
		["a name's functions", 'https://mine.cn-hangzhou.fc.aliyuncs.com/'],
		['a model', 'https://1234567890.cn-shanghai.pai-eas.aliyuncs.com/'],
		['a model in a network', 'https://mine.vpc.cn-shanghai.pai-eas.aliyuncs.com/'],
		['a log', 'https://project.cn-hangzhou.log.aliyuncs.com/'],
		['a table store', 'https://mine.cn-hangzhou.ots.aliyuncs.com/'],
		['a database', 'https://rm-abc.mysql.rds.aliyuncs.com/'],
		['a warehouse', 'https://am-abc.ads.aliyuncs.com/'],
		['a search cluster', 'https://es-cn-abc.elasticsearch.aliyuncs.com/'],
		['a queue', 'https://1234567890.mns.cn-hangzhou.aliyuncs.com/'],
		['an account', 'https://1234567890.aliyuncs.com/'],
		['a label before a product', 'https://evil.ecs.cn-hangzhou.aliyuncs.com/'],
		['a label behind a region', 'https://ecs.cn-hangzhou.evil.aliyuncs.com/'],
		['no region', 'https://a.b.aliyuncs.com/'],
		['half a region', 'https://ecs.cn.aliyuncs.com/'],
		['a region with more before it', 'https://ecs.evil-cn-hangzhou.aliyuncs.com/'],
		['a region with more behind it', 'https://ecs.cn-north-2-gov-1x.aliyuncs.com/'],
		['a network with more before it', 'https://ecs.my-vpc-proxy.aliyuncs.com/'],
		['a network with more behind it', 'https://ecs.vpc-proxy-1.aliyuncs.com/'],
		['an empty region', 'https://ecs..aliyuncs.com/'],
		['a product that begins with a hyphen', 'https://-ecs.aliyuncs.com/'],
		['a product that ends with a hyphen', 'https://ecs-.aliyuncs.com/'],
		['a product with a sign', 'https://e_cs.aliyuncs.com/'],
		['a product with a letter of another script', 'https://eсs.aliyuncs.com/'],
		['a product of too many parts', 'https://a-b-c-d-e-f.aliyuncs.com/'],
		['no product', 'https://aliyuncs.com/'],
		['an empty product', 'https://.aliyuncs.com/'],
		['a trailing dot', 'https://ecs.aliyuncs.com./'],
		['another port', 'https://ecs.aliyuncs.com:8443/'],
		['plain http', 'http://ecs.aliyuncs.com/'],
		['plain http on the port of https', 'http://ecs.aliyuncs.com:443/'],
		['another protocol', 'wss://ecs.aliyuncs.com/'],
		["another domain behind Alibaba Cloud's", 'https://ecs.aliyuncs.com.evil.example/'],
		['that with an escaped dot', 'https://ecs.aliyuncs.com%2Eevil.example/'],
		["a domain that ends like Alibaba Cloud's", 'https://evil-aliyuncs.com/'],
		["a domain that ends just as Alibaba Cloud's", 'https://ecsxaliyuncs.com/'],
		['another domain of as many letters', 'https://ecs.aliyuncs.org/'],
		["Alibaba Cloud's as the user", 'https://ecs.aliyuncs.com@evil.example/'],
		["Alibaba Cloud's as user and password", 'https://ecs:x.aliyuncs.com@evil.example/'],
		["Alibaba Cloud's in the path", 'https://evil.example/.aliyuncs.com'],
		["Alibaba Cloud's behind a backslash", 'https://evil.example\\.aliyuncs.com'],
		["Alibaba Cloud's in the query", 'https://evil.example?.aliyuncs.com'],
		["Alibaba Cloud's in the fragment", 'https://evil.example#.aliyuncs.com'],
		["the endpoint's host on its usual port", 'https://gateway.example.com/'],
		["the endpoint's host on another port", 'https://gateway.example.com:8444/'],
		["the endpoint's host without TLS", 'http://gateway.example.com:8443/'],
		["the endpoint's host with a trailing dot", 'https://gateway.example.com.:8443/'],
		["a host below the endpoint's", 'https://evil.gateway.example.com:8443/'],
		['the endpoint as the user', 'https://gateway.example.com:8443@evil.example/'],
		['this machine', 'http://127.0.0.1/'],
	])('not for %s: %s', async (_, url) => {
		await expect(sign(url)).rejects.toThrow(`Requests to '${new URL(url).origin}' aren't signed`);
	});

	it("for the region's own host, but not for a gateway, if the endpoint is empty", async () => {
		const credential = { ...KEY, endpoint: '', regionId: 'eu-central-1' };
		await expect(
			sign('https://cams.eu-central-1.aliyuncs.com/', {}, credential),
		).resolves.toBeDefined();
		await expect(sign('https://gateway.example.com:8443/', {}, credential)).rejects.toThrow(
			"aren't signed",
		);
	});
});

test('for another host, the message says which ones are signed', async () => {
	await expect(sign('https://evil.example:8443/path')).rejects.toThrow(
		"Requests to 'https://evil.example:8443' aren't signed: that host is neither one of Alibaba Cloud's API hosts, such as https://ecs.cn-hangzhou.aliyuncs.com, nor the credential's 'Endpoint'. Check 'URL' in the node",
	);
});

const PROXY =
	"Signed requests aren't sent through a proxy from the node's options. Remove 'Proxy' there. The n8n instance's proxy is still used";
const CERTIFICATE =
	"Signed requests aren't sent to a server whose certificate isn't checked. Turn 'Ignore SSL Issues' off in the node's options";

describe.each(['https://ecs.aliyuncs.com/', 'https://gateway.example.com:8443/'])('%s', (url) => {
	it.each<[string, object, string]>([
		['a proxy', { proxy: 'http://proxy.example:3128' }, PROXY],
		['a proxy as n8n writes it', { proxy: { host: 'proxy.example', port: 3128 } }, PROXY],
		['any certificate', { rejectUnauthorized: false }, CERTIFICATE],
		['any certificate, newer', { skipSslCertificateValidation: true }, CERTIFICATE],
		['any certificate, older', { strictSSL: false }, CERTIFICATE],
		['any certificate, by agent', { agentOptions: { rejectUnauthorized: false } }, CERTIFICATE],
	])('is rejected with %s, and the message names the option', async (_, options, sentence) => {
		await expect(sign(url, options)).rejects.toThrow(sentence);
	});

	it.each<[string, object]>([
		['that are empty', { proxy: '', agentOptions: {} }],
		[
			'that insist on certificates',
			{
				rejectUnauthorized: true,
				strictSSL: true,
				agentOptions: { rejectUnauthorized: true },
				skipSslCertificateValidation: false,
			},
		],
	])('is accepted with the options %s', async (_, options) => {
		await expect(sign(url, options)).resolves.toBeDefined();
	});
});
