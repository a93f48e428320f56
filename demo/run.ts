import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { SAMPLE_IDS } from '../test/engine/knownIds';
import { runNode, type NodeRun } from '../test/engine/runNode';
import { startSimulator, type RecordedRequest, type World } from '../test/simulator/simulator';
import { MemoryTables } from '../test/store/memoryTables';
import { readArguments, type DemoArguments } from './arguments';
import { printOneByOne, runOneByOne } from './oneByOne';
import { printResult } from './printResult';
import { asJson } from './result';
import { chinookCustomers, sampleContacts } from './sampleContacts';

const AUDIENCE_NAME = 'Newsletter readers';

/** The audience as if chosen from the list in the panel, so that messages show its name. */
const AUDIENCE_FROM_LIST = {
	__rl: true,
	mode: 'list',
	value: SAMPLE_IDS.customAudienceId,
	cachedResultName: AUDIENCE_NAME,
};

/** Sends contacts through n8n's engine and this node to a server that checks every request. */
async function main(): Promise<number> {
	const given = readArguments(process.argv.slice(2));
	const { onError, json, oneByOne, ignoreBody } = given;
	const set = { customAudienceId: AUDIENCE_FROM_LIST, ...given.set };
	const { source, items = [], files } = readSource(given);
	const show = json ? () => {} : showProgress;
	const onRequest = ({ action, status }: RecordedRequest) =>
		show(`The server received ${action} and answered with ${status}`);
	const simulator = await startSimulator({ ignoreBody, world: worldOf(SAMPLE_IDS), onRequest });
	if (!json) process.stdout.write(`Sending ${source} through n8n's engine and this node\n\n`);
	show("Loading n8n's engine …");
	try {
		const run: NodeRun = { simulator, set, onError, tables: new MemoryTables() };
		if (oneByOne) {
			const result = await runOneByOne({ ...run, items });
			show('');
			if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
			else printOneByOne(result);
			return result.runs.some(({ error }) => error) ? 1 : 0;
		}
		const result = await runNode({ ...run, ...(files ? { files } : { items }) });
		show('');
		if (json) process.stdout.write(`${JSON.stringify(asJson(result))}\n`);
		else printResult(result);
		return result.error ? 1 : 0;
	} finally {
		await simulator.close();
	}
}

/** Replaces the previous line on a terminal; elsewhere, prints a new line. */
function showProgress(text: string): void {
	if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
	else if (text) process.stderr.write(`${text}\n`);
}

function readSource({ contacts, file, oneByOne }: DemoArguments) {
	if (file !== undefined) {
		return { source: file, files: [{ name: basename(file), content: readFileSync(file) }] };
	}
	// Hundreds of runs would take a minute.
	const sample = oneByOne ? chinookCustomers() : sampleContacts();
	const items = contacts === undefined ? sample : readContacts(contacts);
	return { source: `${items.length} contacts`, items };
}

function readContacts(file: string): IDataObject[] {
	const contacts: unknown = JSON.parse(readFileSync(file, 'utf8'));
	const isObject = (value: unknown) =>
		typeof value === 'object' && value !== null && !Array.isArray(value);
	if (Array.isArray(contacts) && contacts.every(isObject)) return contacts as IDataObject[];
	throw new Error('The file with contacts must contain a JSON array of objects');
}

/** A world in which the workflow's IDs exist, so that a dry run finds them. */
function worldOf(ids: typeof SAMPLE_IDS): Partial<World> {
	const { custSpaceId, pageId, adAccountId, customAudienceId } = ids;
	const channel = { InstanceName: 'Shop Messenger', ChannelType: 'messenger', State: 'published' };
	const account = { AdAccountName: 'Shop USD', Currency: 'USD' };
	const audience = {
		CustomAudienceName: AUDIENCE_NAME,
		Description: '',
		Status: 'NONE',
		TokenTotal: 0,
		TokenType: 'custom',
		UploadType: 'intf',
		CreateTime: 1_767_225_600,
		UpdateTime: 1_767_225_600,
	};
	return {
		channels: [{ ...channel, InstanceId: 'ins-demo', CustSpaceId: custSpaceId }],
		pages: [{ PageId: pageId, CustSpaceId: custSpaceId }],
		adAccounts: [{ ...account, AdAccountId: adAccountId, PageId: pageId }],
		audiences: [
			{
				...audience,
				CustomAudienceId: customAudienceId,
				AdAccountId: adAccountId,
				PageId: pageId,
			},
		],
	};
}

main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	},
);
