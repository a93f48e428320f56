import type { INodeCredentialTestResult } from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../credentials/credential';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { inOwnN8nFolder } from './ownFolder';

/** Tests a credential as n8n does when it is saved: calls the function that the node names, in n8n's own context. */
export async function testCredential(
	data: Partial<AlibabaCloudOpenApiCredential>,
	node = new AlibabaCloudChatApp(),
): Promise<INodeCredentialTestResult> {
	return await inOwnN8nFolder(async () => {
		const { CredentialTestContext } = await import('n8n-core');
		const tests = node.methods?.credentialTest ?? {};
		const test = tests[String(node.description.credentials?.[0]?.testedBy)];
		if (!test) throw new Error("The credential's test is not among the node's methods");
		return await test.call(new CredentialTestContext(), {
			id: '1',
			name: 'Alibaba Cloud account',
			type: 'alibabaCloudOpenApi',
			data: { ...data },
		});
	});
}
