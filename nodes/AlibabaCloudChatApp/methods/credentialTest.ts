import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../../credentials/credential';
import { CAMS_VERSION, connectApi } from '../transport/cams';
import { systemClock, type Clock } from '../transport/clock';
import { freshConnectionOf } from '../transport/connection';
import type { Refusal } from '../transport/errors';
import { KeyRefused } from '../transport/keyRefused';
import { throughLegacyN8n } from '../transport/legacyHttp';

/** Milliseconds: a person waits for the answer. */
const TIMEOUT = 20_000;

/** A call that changes nothing; whoever may not make it still shows that the key is right. */
const PROBE = {
	action: 'ListInstance',
	version: CAMS_VERSION,
	query: { ChannelType: 'messenger', PageIndex: '1', PageSize: '1' },
};

/** Makes the test of the credential: whether Alibaba Cloud takes the key, and if not, which of its values is to blame. */
export function credentialTest(clock: Clock = systemClock, timeout = TIMEOUT) {
	return async function testAlibabaCloudOpenApi(
		this: ICredentialTestFunctions,
		{ data }: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		const credential = (data ?? {}) as unknown as AlibabaCloudOpenApiCredential;
		const sendHttp = throughLegacyN8n(this.helpers, timeout);
		try {
			const connection = await freshConnectionOf(credential, { sendHttp, clock, timeout });
			const result = await connectApi(connection)(PROBE);
			return result.accepted || provesKey(result.refusal) ? KEY_IS_RIGHT : told(result.refusal);
		} catch (error) {
			if (error instanceof KeyRefused) return told(error.refusal);
			// What the credential's own fields lack, in a sentence for people.
			return { status: 'Error', message: (error as Error).message };
		}
	};
}

const KEY_IS_RIGHT: INodeCredentialTestResult = {
	status: 'OK',
	message: 'Alibaba Cloud accepts the key',
};

/**
 * Permission is looked at after the signature, and the service's own rules after that: a key that may do nothing but
 * add users is a good one.
 */
function provesKey({ code, httpStatus }: Refusal): boolean {
	const fromService = httpStatus === 200 && !/^Http/.test(code);
	return fromService || /^(NoPermission|Forbidden)/i.test(code);
}

function told({ kind, code, message, hint }: Refusal): INodeCredentialTestResult {
	return { status: 'Error', message: sentence(kind, code, message, hint) };
}

function sentence(kind: Refusal['kind'], code: string, message: string, hint: string): string {
	if (/^(InvalidAction|InvalidVersion)/i.test(code)) {
		return `This endpoint does not know Chat App Message Service: check 'Region' and 'Endpoint' (${code})`;
	}
	// The hint for a key says what is wrong, in plainer words than the service.
	if (kind === 'access') return `${hint} (${code})`;
	const shown = /^Http|^Timeout$/.test(code) || message.includes(code) ? '' : ` (${code})`;
	return `${message}${shown}. ${code === 'Timeout' ? CHECK_WAY : hint}`;
}

const CHECK_WAY =
	"Check that n8n reaches the internet and that the credential's 'Region' and endpoint are right";
