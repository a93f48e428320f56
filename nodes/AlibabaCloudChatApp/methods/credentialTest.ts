import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../../credentials/credential';
import { type Clock, systemClock } from '../async';
import { messageText } from '../message';
import { CAMS_VERSION } from '../transport/api';
import { ApiError } from '../transport/apiError';
import { createCallOnce } from '../transport/client';
import { freshConnectionOf } from '../transport/connect';
import { throughLegacyN8n } from '../transport/http';

/** Milliseconds: a person waits for the result. */
const TIMEOUT = 20_000;

/** A call that changes nothing; for a key that may not make it, the rejection still shows that the key is valid. */
const PROBE = {
	action: 'ListInstance',
	version: CAMS_VERSION,
	query: { ChannelType: 'messenger', PageIndex: '1', PageSize: '1' },
};

/** The credential's test: whether Alibaba Cloud accepts the key and, if not, which field to fix. */
export function credentialTest(clock: Clock = systemClock, timeout = TIMEOUT) {
	return async function testAlibabaCloudOpenApi(
		this: ICredentialTestFunctions,
		{ data }: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		const credential = (data ?? {}) as unknown as AlibabaCloudOpenApiCredential;
		// Deprecated, but a credential's test gets no other helper.
		const sendHttp = throughLegacyN8n(this.helpers, timeout);
		try {
			const connection = await freshConnectionOf(credential, { sendHttp, clock, timeout });
			const result = await createCallOnce(connection)(PROBE);
			if (result.accepted || provesKey(result.error)) {
				return { status: 'OK', message: 'Alibaba Cloud accepts the key' };
			}
			return rejection(result.error);
		} catch (error) {
			if (error instanceof ApiError) return rejection(error);
			// What is wrong with the credential's own fields, in a sentence for people.
			return { status: 'Error', message: (error as Error).message };
		}
	};
}

/**
 * Permission is checked after the signature, and the service's own rules after that: a key that may only add users is
 * valid.
 */
function provesKey({ kind, code, httpStatus }: ApiError): boolean {
	return kind === 'permission' || (httpStatus === 200 && kind !== 'key' && !/^Http/.test(code));
}

function rejection(error: ApiError): INodeCredentialTestResult {
	const codes = error.codes && ` (${error.codes})`;
	return { status: 'Error', message: `${messageText(error)}${codes}` };
}
