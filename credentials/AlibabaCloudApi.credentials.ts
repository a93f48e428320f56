import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { DEFAULT_REGION } from './endpoint';

export class AlibabaCloudApi implements ICredentialType {
	name = 'alibabaCloudApi';

	displayName = 'Alibaba Cloud API';

	documentationUrl = 'https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair';

	icon = {
		light: 'file:../icons/alibabaCloudChatApp.svg',
		dark: 'file:../icons/alibabaCloudChatApp.dark.svg',
	} as const;

	properties: INodeProperties[] = [
		{
			displayName: 'AccessKey ID',
			name: 'accessKeyId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. LTAI5t…',
			description: 'In the RAM console under Identities, Users, the user, AccessKey',
		},
		{
			displayName: 'AccessKey Secret',
			name: 'accessKeySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Shown once, when the AccessKey is created',
		},
		{
			displayName: 'Security Token',
			name: 'securityToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Only for temporary (STS) keys',
		},
		{
			displayName: 'Region',
			name: 'regionId',
			type: 'string',
			default: DEFAULT_REGION,
			description: 'Where Chat App Message Service runs for your account',
		},
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. cams.ap-southeast-1.aliyuncs.com',
			description:
				"Leave it empty for the region's public endpoint. A host, or a URL with scheme and port.",
		},
	];
}
