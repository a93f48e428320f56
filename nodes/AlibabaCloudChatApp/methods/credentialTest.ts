import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../../credentials/credential';
import { type Clock, systemClock } from '../async';
import { sentence } from '../message';
import { WHOLE_POLICY } from '../transport/advice';
import { type CallResult, CAMS_VERSION, connectApi } from '../transport/api';
import { ApiError, withCode } from '../transport/apiError';
import { freshConnectionOf } from '../transport/connection';
import { throughLegacyN8n } from '../transport/http';

/** Milliseconds: a person waits for the answer. */
const TIMEOUT = 20_000;

const NOWHERE = { CustSpaceId: '0', PageId: '0' };

/**
 * Calls that change nothing. Whoever may not make them still shows that the key is right, and whoever may is told by the
 * service's own rules that there is no such Page.
 */
const PROBES: [Probe, ...Probe[]] = [
	probe('channels', 'ListInstance', { ChannelType: 'messenger', PageIndex: '1', PageSize: '1' }),
	probe('ad accounts', 'ListPageAdAccount', NOWHERE),
	probe('custom audiences', 'ListCustomAudience', { ...NOWHERE, Page: '{"Index":1,"Size":1}' }),
];

interface Probe {
	lists: string;
	call: { action: string; version: string; query: Record<string, string> };
}

function probe(lists: string, action: string, query: Record<string, string>): Probe {
	return { lists, call: { action, version: CAMS_VERSION, query } };
}

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
			const callApi = connectApi(connection);
			const result = await callApi(PROBES[0].call);
			if (!result.accepted && !provesKey(result.error)) return told(result.error);
			// A key that may not list channels is of no use for the lists that come after them.
			const rest = isAllowed(result) ? PROBES.slice(1) : [];
			const others = await Promise.all(rest.map(async ({ call }) => await callApi(call)));
			return { status: 'OK', message: whatItMay([result, ...others]) };
		} catch (error) {
			if (error instanceof ApiError) return told(error);
			// What the credential's own fields lack, in a sentence for people.
			return { status: 'Error', message: (error as Error).message };
		}
	};
}

/** What a key may do, as far as calls tell that change nothing. @param results in the order of `PROBES` */
function whatItMay(results: CallResult[]): string {
	const lists = (wanted: boolean) =>
		PROBES.filter((_, index) => isAllowed(results[index]) === wanted).map(
			({ lists: what }) => what,
		);
	const [may, mayNot] = [lists(true), lists(false)];
	const told = ['Alibaba Cloud accepts the key'];
	if (may.length > 0) told.push(`It may list ${inWords(may)}`);
	if (mayNot.length > 0) {
		told.push(
			`It may not list ${inWords(mayNot)}: enter their IDs by hand, or add this to the key's policy in the RAM console: ${WHOLE_POLICY}`,
		);
	}
	told.push('Whether it may add users shows with the first run');
	return told.join('. ');
}

/** Undefined where the answer doesn't tell. */
function isAllowed(result: CallResult | undefined): boolean | undefined {
	if (!result || result.accepted) return result?.accepted;
	if (result.error.kind === 'permission') return false;
	return isFromService(result.error) ? true : undefined;
}

function inWords(words: string[]): string {
	return new Intl.ListFormat('en').format(words);
}

/**
 * Permission is looked at after the signature, and the service's own rules after that: a key that may do nothing but
 * add users is a good one.
 */
function provesKey(error: ApiError): boolean {
	return isFromService(error) || error.kind === 'permission';
}

function isFromService({ code, httpStatus }: ApiError): boolean {
	return httpStatus === 200 && !/^Http/.test(code);
}

function told(error: ApiError): INodeCredentialTestResult {
	return { status: 'Error', message: sentenceOf(error) };
}

function sentenceOf(error: ApiError): string {
	const { kind, code, what, fix } = error;
	if (/^(InvalidAction|InvalidVersion)/i.test(code)) {
		return `This endpoint does not know Chat App Message Service: check 'Region' and 'Endpoint' (${code})`;
	}
	// What to do about a key says what is wrong, in plainer words than the service.
	if (kind === 'key') return `${fix} (${code})`;
	const isOurs = /^Http|^Timeout$/.test(code);
	return sentence({
		what: isOurs ? what : withCode(error),
		fix: code === 'Timeout' ? CHECK_WAY : fix,
	});
}

const CHECK_WAY =
	"Check that n8n reaches the internet and that the credential's 'Region' and endpoint are right";
