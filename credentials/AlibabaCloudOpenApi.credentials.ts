import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { type AlibabaCloudOpenApiCredential, DEFAULT_REGION } from './credential';
import { signHttpRequest } from './httpRequest';

// Alibaba Cloud's own name for it, kept as a constant: n8n's lint rule would change it to
// 'Alibaba Cloud OpenAPI API'.
const DISPLAY_NAME = 'Alibaba Cloud OpenAPI';

/** For fields of RAM Role authentication only. */
const showForRole = { show: { authType: ['ramRole'] } };

/** The role to assume, and the name of its sessions. */
const roleFields: INodeProperties[] = [
	{
		displayName: 'Role ARN',
		name: 'roleArn',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. acs:ram::1234567890123456:role/n8n',
		displayOptions: showForRole,
		description:
			'ARN of the role to assume: open the role in the RAM console under Identities, Roles, and copy it',
	},
	{
		displayName: 'Role Session Name',
		name: 'roleSessionName',
		type: 'string',
		default: 'n8n',
		displayOptions: showForRole,
		description:
			'Name of these requests in ActionTrail. Use a different one for each n8n instance.',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		default: '',
		displayOptions: showForRole,
		description:
			"Value of sts:ExternalId in the role's trust policy. Leave it empty if the policy doesn't require one.",
	},
];

/** The credential 'Alibaba Cloud OpenAPI': its fields, and how it signs requests of n8n's HTTP Request node. */
export class AlibabaCloudOpenApi implements ICredentialType {
	name = 'alibabaCloudOpenApi';

	displayName = DISPLAY_NAME;

	documentationUrl =
		'https://www.npmjs.com/package/n8n-nodes-alibaba-cloud-chat-app#connect-alibaba-cloud';

	icon = {
		light: 'file:../icons/alibabaCloudChatApp.svg',
		dark: 'file:../icons/alibabaCloudChatApp.dark.svg',
	} as const;

	properties: INodeProperties[] = [
		{
			displayName: 'Authentication',
			name: 'authType',
			type: 'options',
			options: [
				{
					name: 'AccessKey',
					value: 'accessKey',
					description: 'A permanent key of a RAM user',
				},
				{
					name: 'STS Token',
					value: 'stsToken',
					description: 'A temporary key with its token, created elsewhere',
				},
				{
					name: 'RAM Role',
					value: 'ramRole',
					description:
						'A permanent key that assumes a role; its temporary keys are renewed automatically',
				},
			],
			default: 'accessKey',
			description: 'How requests to Alibaba Cloud are signed',
		},
		{
			displayName: 'AccessKey ID',
			name: 'accessKeyId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. LTAI5t…',
			description:
				"ID of the key: open the user in the RAM console under Identities, Users, and look under AccessKey. A temporary key's ID begins with STS.",
		},
		{
			displayName: 'AccessKey Secret',
			name: 'accessKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Secret of the key, shown only when the AccessKey is created. If you no longer have it, create a new AccessKey in the RAM console.',
		},
		{
			displayName: 'Security Token',
			name: 'securityToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authType: ['stsToken'] } },
			description:
				'Token that AssumeRole or your single sign-on returned with the key (SecurityToken). It is valid for about an hour; for workflows that run automatically, use RAM Role.',
		},
		{
			// A token that is left over from another kind of authentication is used, so it must be visible.
			displayName: 'Security Token',
			name: 'securityToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authType: ['accessKey'], securityToken: [{ _cnd: { not: '' } }] } },
			description:
				"Token of a temporary key. It is sent because this field isn't empty; clear it if you use a RAM user's permanent key.",
		},
		...roleFields,
		{
			displayName: 'Region',
			name: 'regionId',
			type: 'string',
			default: DEFAULT_REGION,
			placeholder: 'e.g. ap-southeast-1',
			description:
				"Region where Chat App Message Service runs for your account, shown at the top of its console. 'ap-southeast-1' is Singapore.",
		},
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. cams.ap-southeast-1.aliyuncs.com',
			description:
				"Host name or URL of Chat App Message Service. Leave it empty to use the region's public endpoint.",
		},
		{
			displayName: 'STS Endpoint',
			name: 'stsEndpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. sts.ap-southeast-1.aliyuncs.com',
			displayOptions: showForRole,
			description:
				"Host name or URL of STS, which provides the role's keys. Leave it empty to use the region's public endpoint.",
		},
	];

	/** Signs the requests of n8n's HTTP Request node to any of Alibaba Cloud's RPC APIs. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return await signHttpRequest(
			credentials as unknown as AlibabaCloudOpenApiCredential,
			requestOptions,
		);
	}
}
