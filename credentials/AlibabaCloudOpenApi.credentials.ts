import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import {
	type AlibabaCloudOpenApiCredential,
	DEFAULT_REGION,
	roleFields,
	showForRole,
} from './credential';
import { signHttpRequest } from './httpRequest';

// Alibaba Cloud's own name for it, kept as a constant: n8n's rule would make 'Alibaba Cloud OpenAPI API' of it.
const DISPLAY_NAME = 'Alibaba Cloud OpenAPI';

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
					description: 'A permanent key that assumes a role, for an hour at a time',
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
				"In the RAM console under Identities, Users: open the user and look under AccessKey. A temporary key's ID begins with STS.",
		},
		{
			displayName: 'AccessKey Secret',
			name: 'accessKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Shown once, when the AccessKey is created in the RAM console. Create a new AccessKey there if you no longer have it.',
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
				"The SecurityToken that AssumeRole or your single sign-on returned with the key. It is valid for about an hour; for workflows that run automatically, use 'RAM Role'.",
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
				"Sent with the key because it is filled in. Clear it if the key is a RAM user's permanent one.",
		},
		...roleFields,
		{
			displayName: 'Region',
			name: 'regionId',
			type: 'string',
			default: DEFAULT_REGION,
			placeholder: 'e.g. ap-southeast-1',
			description:
				"Where Chat App Message Service runs for your account: the region at the top of its console. 'ap-southeast-1' is Singapore.",
		},
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. cams.ap-southeast-1.aliyuncs.com',
			description:
				"A host, or a URL with scheme and port. Leave it empty for the region's public endpoint, which the OpenAPI portal lists under Chat App Message Service.",
		},
		{
			displayName: 'STS Endpoint',
			name: 'stsEndpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. sts.ap-southeast-1.aliyuncs.com',
			displayOptions: showForRole,
			description:
				"Where the role is assumed. Leave it empty for the region's public endpoint, which the OpenAPI portal lists under STS.",
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
