import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../../credentials/credential';
import { sentence } from '../message';
import { CAMS_VERSION, connectApi } from '../transport/cams';
import { systemClock, type Clock } from '../transport/clock';
import { freshConnectionOf } from '../transport/connection';
import { throughLegacyN8n } from '../transport/legacyHttp';
import { CallRefused, type Refusal } from '../transport/refusal';

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
			if (error instanceof CallRefused) return told(error.refusal);
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
function provesKey({ kind, code, httpStatus }: Refusal): boolean {
	const fromService = httpStatus === 200 && !/^Http/.test(code);
	return fromService || kind === 'permission';
}

function told({ kind, code, what, fix }: Refusal): INodeCredentialTestResult {
	return { status: 'Error', message: sentenceOf(kind, code, what, fix) };
}

function sentenceOf(kind: Refusal['kind'], code: string, what: string, fix: string): string {
	if (/^(InvalidAction|InvalidVersion)/i.test(code)) {
		return `This endpoint does not know Chat App Message Service: check 'Region' and 'Endpoint' (${code})`;
	}
	// What to do about a key says what is wrong, in plainer words than the service.
	if (kind === 'key') return `${fix} (${code})`;
	const shown = /^Http|^Timeout$/.test(code) || what.includes(code) ? '' : ` (${code})`;
	return sentence({ what: `${what}${shown}`, fix: code === 'Timeout' ? CHECK_WAY : fix });
}

const CHECK_WAY =
	"Check that n8n reaches the internet and that the credential's 'Region' and endpoint are right";
