import type { AccessKey } from './signing';
import { UnusableValue } from './unusableValue';

/** The credential's fields as n8n hands them over; those saved before there were kinds have no `authType`. */
export interface AlibabaCloudOpenApiCredential {
	authType?: 'accessKey' | 'stsToken' | 'ramRole';
	accessKeyId: string;
	accessKeySecret: string;
	securityToken?: string;
	regionId?: string;
	endpoint?: string;
	roleArn?: string;
	roleSessionName?: string;
	externalId?: string;
	stsEndpoint?: string;
}

/**
 * The key that stands in the credential; with the kind 'RAM Role' it is the one that may assume the role.
 * Values are trimmed: they are pasted, and a line break at the end would look like a wrong secret.
 * @throws UnusableValue that names the field that is empty
 */
export function accessKeyOf(credential: AlibabaCloudOpenApiCredential): AccessKey {
	const accessKeyId = filled('AccessKey ID', credential.accessKeyId);
	const accessKeySecret = filled('AccessKey Secret', credential.accessKeySecret);
	if (credential.authType === 'ramRole') return { accessKeyId, accessKeySecret };
	if (credential.authType === 'stsToken') {
		const securityToken = filled('Security Token', credential.securityToken);
		return { accessKeyId, accessKeySecret, securityToken };
	}
	// A token that is there is used: a temporary key is worth nothing without it.
	const securityToken = credential.securityToken?.trim();
	return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
}

/**
 * A field that must not be empty.
 * @throws UnusableValue that names it
 */
export function filled(label: string, value: string | undefined): string {
	const text = value?.trim() ?? '';
	if (text === '')
		throw new UnusableValue(`The credential's '${label}' is empty`, 'Enter it there');
	return text;
}
