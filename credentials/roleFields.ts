import type { INodeProperties } from 'n8n-workflow';

/** For what only the kind 'RAM Role' asks. */
export const showForRole = { show: { authType: ['ramRole'] } };

/** Which role is assumed, and under which name. */
export const roleFields: INodeProperties[] = [
	{
		displayName: 'Role ARN',
		name: 'roleArn',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. acs:ram::1234567890123456:role/n8n',
		displayOptions: showForRole,
		description: 'In the RAM console under Identities, Roles: open the role and copy its ARN',
	},
	{
		displayName: 'Role Session Name',
		name: 'roleSessionName',
		type: 'string',
		default: 'n8n',
		displayOptions: showForRole,
		description:
			'The name these calls carry in ActionTrail. Choose your own to tell several n8n instances apart.',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		default: '',
		displayOptions: showForRole,
		description:
			"Only if the role's trust policy asks for one: the value of sts:ExternalId there, in the RAM console under the role's Trust Policy",
	},
];
