import { cleanContact, type User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { n8nHelper } from './engine';
import { milliseconds, ratios } from './figures';
import { generateContacts, MIXES, type Mix } from './generate';
import { medianTimes, timesOf, type PartResult } from './measure';
import { startAnsweringServer } from './processes';

const COUNT = 100_000;
const BATCH_SIZE = 10_000;
const QUERY = {
	CustSpaceId: KNOWN.custSpaceId,
	PageId: KNOWN.pageId,
	AdAccountId: KNOWN.adAccountId,
	CustomAudienceId: KNOWN.customAudienceId,
	EstimatedNumTotal: String(COUNT),
	BatchLastFlag: 'false',
};

/** What sending alone costs: users in batches already, a server that only answers. */
export async function floorBench(): Promise<PartResult> {
	const server = await startAnsweringServer();
	try {
		const floor = await openFloor(server.url, MIXES.canonical);
		const { sdk, helper } = await medianTimes({
			sdk: async () => await timesOf(floor.bySdk),
			helper: async () => await timesOf(floor.byHelper),
		});
		return {
			part: 'floor',
			figures: [
				milliseconds("100,000 users in batches, by the SDK's bare client", sdk.wall),
				milliseconds("the same by n8n's HTTP helper, not signed", helper.wall),
				...ratios("the SDK's bare client against n8n's helper", sdk, helper),
			],
		};
	} finally {
		server.close();
	}
}

export interface Floor {
	bySdk(): Promise<void>;
	byHelper(): Promise<void>;
}

/** Two ways to send a list that is cleaned and cut into batches already. */
export async function openFloor(url: string, mix: Mix): Promise<Floor> {
	const batches = batchesOf(mix);
	const callApi = await sdkCall(url);
	const httpRequest = await n8nHelper();
	const address = `${url}/?${new URLSearchParams(QUERY).toString()}`;
	return {
		async bySdk() {
			for (const users of batches) await callApi(users);
		},
		async byHelper() {
			for (const users of batches) {
				const body = new URLSearchParams({ Users: JSON.stringify(users) });
				await httpRequest({ method: 'POST', url: address, body, json: true });
			}
		},
	};
}

function batchesOf(mix: Mix): User[][] {
	const users = generateContacts(COUNT, mix).flatMap((contact) => {
		const cleaned = cleanContact(contact, { hash: 'none' });
		return 'user' in cleaned ? [cleaned.user] : [];
	});
	const starts = Array.from({ length: Math.ceil(users.length / BATCH_SIZE) }, (_, n) => n);
	return starts.map((n) => users.slice(n * BATCH_SIZE, (n + 1) * BATCH_SIZE));
}

async function sdkCall(url: string): Promise<(users: User[]) => Promise<unknown>> {
	const {
		default: Client,
		Config,
		OpenApiRequest,
		Params,
	} = await import('@alicloud/openapi-client');
	const { RuntimeOptions } = await import('@alicloud/tea-util');
	const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
	const { protocol, host } = new URL(url);
	const client = new Client(
		new Config({
			accessKeyId,
			accessKeySecret,
			endpoint: host,
			protocol: protocol.replace(':', ''),
		}),
	);
	const params = new Params({
		action: 'AddCustomAudienceUser',
		version: '2020-06-06',
		protocol: protocol.replace(':', ''),
		method: 'POST',
		pathname: '/',
		style: 'RPC',
		authType: 'AK',
		reqBodyType: 'formData',
		bodyType: 'json',
	});
	const runtime = new RuntimeOptions({ readTimeout: 60_000 });
	return async (users) =>
		await client.callApi(
			params,
			new OpenApiRequest({ query: QUERY, body: { Users: JSON.stringify(users) } }),
			runtime,
		);
}
