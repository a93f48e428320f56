import { NodeHelpers, type INode, type INodeParameters } from 'n8n-workflow';
import { AlibabaCloudOpenApi } from '../../credentials/AlibabaCloudOpenApi.credentials';

const { properties } = new AlibabaCloudOpenApi();
const ARN = 'acs:ram::1234567890123456:role/n8n';
const KEY = { accessKeyId: 'id', accessKeySecret: 'secret' };

/** The fields that n8n marks as missing. */
function missing(fields: INodeParameters): string[] {
	const node = { parameters: fields } as INode;
	const issues = NodeHelpers.getNodeParametersIssues(properties, node, null);
	return Object.keys(issues?.parameters ?? {});
}

test.each<[string, INodeParameters, string[]]>([
	[
		'a RAM Role needs the key that assumes it, and its ARN',
		{ authType: 'ramRole' },
		['accessKeyId', 'accessKeySecret', 'roleArn'],
	],
	['with these it needs nothing else', { authType: 'ramRole', ...KEY, roleArn: ARN }, []],
	['an AccessKey needs no role', { authType: 'accessKey', ...KEY }, []],
	[
		'an STS Token needs its token, and no role',
		{ authType: 'stsToken', ...KEY },
		['securityToken'],
	],
])('%s', (_, fields, names) => {
	expect(missing(fields)).toEqual(names);
});

test.each(['ramRole', 'accessKey', 'stsToken'])(
	"only RAM Role has the role's fields: %s",
	(authType) => {
		const filled = {
			roleArn: ARN,
			roleSessionName: 'mine',
			externalId: 'x',
			stsEndpoint: 'sts.example.com',
		};
		const given = NodeHelpers.getNodeParameters(
			properties,
			{ authType, ...KEY, ...filled },
			true,
			false,
			null,
			null,
		);
		const role = Object.keys(given ?? {}).filter((name) => name in filled);
		expect(role).toEqual(authType === 'ramRole' ? Object.keys(filled) : []);
	},
);

test('a session is named n8n by default', () => {
	const given = NodeHelpers.getNodeParameters(
		properties,
		{ authType: 'ramRole', ...KEY },
		true,
		false,
		null,
		null,
	);
	expect(given).toMatchObject({ roleSessionName: 'n8n', roleArn: '', externalId: '' });
});
