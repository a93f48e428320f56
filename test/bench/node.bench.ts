import type { INodeExecutionData } from 'n8n-workflow';
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import type { Contact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { resolveCountry } from '../../nodes/AlibabaCloudChatApp/contacts/country';
import { runInEngine, type EngineRun } from './engine';
import { longestBlock } from './eventLoop';
import { atMost, milliseconds, ratios } from './figures';
import { openFloor } from './floor.bench';
import { generateContacts, MIXES } from './generate';
import { median, medianTimes, timesOf, type Figure, type PartResult, type Times } from './measure';
import { startAnsweringServer } from './processes';

const COUNT = 100_000;
const CANONICAL = /^\+?[1-9]\d{6,14}$/;

type Lists = Record<'canonical' | 'mixed', Contact[]>;

/** The node's execute in n8n's engine, beside the floor and beside what the engine needs for the same items. */
export async function nodeBench(): Promise<PartResult> {
	const server = await startAnsweringServer();
	try {
		const lists = {
			canonical: generateContacts(COUNT, MIXES.canonical),
			mixed: generateContacts(COUNT, MIXES.mixed),
		};
		return {
			part: 'node',
			figures: [
				...(await againstFloor(server.url, lists)),
				...(await outputs(server.url, lists.mixed)),
				...(await blocks(server.url, lists.mixed)),
			],
		};
	} finally {
		server.close();
	}
}

async function againstFloor(url: string, lists: Lists): Promise<Figure[]> {
	const canonicalFloor = await openFloor(url, MIXES.canonical);
	const mixedFloor = await openFloor(url, MIXES.mixed);
	const numbers = lists.mixed.flatMap(numberForTheLibrary);
	const { sdk, helper, canonical, mixedSdk, library, mixed } = await medianTimes({
		sdk: async () => await timesOf(canonicalFloor.bySdk),
		helper: async () => await timesOf(canonicalFloor.byHelper),
		canonical: async () => await executeOf({ url, items: itemsOf(lists.canonical) }),
		mixedSdk: async () => await timesOf(mixedFloor.bySdk),
		library: async () => await timesOf(() => numbers.forEach(parse)),
		mixed: async () => await executeOf({ url, items: itemsOf(lists.mixed) }),
	});
	const allowed = {
		wall: mixedSdk.wall + 1.3 * library.wall,
		cpu: mixedSdk.cpu + 1.3 * library.cpu,
	};
	return [
		milliseconds("floor: the SDK's bare client", sdk.wall),
		milliseconds("floor: n8n's HTTP helper, not signed", helper.wall),
		milliseconds('canonical contacts', canonical.wall),
		...ratios("canonical contacts against the SDK's floor", canonical, sdk).map((figure) =>
			atMost(2, figure),
		),
		...ratios("canonical contacts against the helper's floor", canonical, helper),
		milliseconds("mixed contacts: the SDK's floor", mixedSdk.wall),
		milliseconds(`mixed contacts: the library for ${numbers.length} numbers`, library.wall),
		milliseconds('mixed contacts', mixed.wall),
		...ratios('mixed contacts against floor + 1.3 × library', mixed, allowed).map((figure) =>
			atMost(1, figure),
		),
	];
}

async function outputs(url: string, list: Contact[]): Promise<Figure[]> {
	const kinds: Record<string, Pick<EngineRun, 'options' | 'onError'>> = {
		'summary output': {},
		'users output': { options: { output: 'users' } },
		'summary and error output': { onError: 'continueErrorOutput' },
		'users and error output': { options: { output: 'users' }, onError: 'continueErrorOutput' },
	};
	const figures: Figure[] = [];
	for (const [name, kind] of Object.entries(kinds)) {
		const items = () => itemsOf(list);
		const { output } = await runInEngine({ ...kind, url, items: items() });
		const instead = async () => output.map((put) => [...put]);
		const { node, engine } = await medianTimes({
			node: async () => await executeOf({ ...kind, url, items: items() }),
			engine: async () => (await runInEngine({ ...kind, url, items: items(), instead })).run,
		});
		figures.push(
			milliseconds(`mixed contacts, ${name}: the node`, node.wall),
			milliseconds(`mixed contacts, ${name}: the engine for the same items`, engine.wall),
		);
	}
	return figures;
}

async function blocks(url: string, list: Contact[]): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const output of ['summary', 'users']) {
		const longest: number[] = [];
		for (let run = 0; run < 5; run++) {
			await runInEngine({
				url,
				items: itemsOf(list),
				options: { output },
				around: async (execute) => {
					const watched = await longestBlock(execute);
					longest.push(watched.longest);
					return watched.result;
				},
			});
		}
		const figure = milliseconds(`mixed contacts, ${output} output: longest block`, median(longest));
		figures.push(atMost(200, figure));
	}
	return figures;
}

async function executeOf(run: EngineRun): Promise<Times> {
	return (await runInEngine(run)).execute;
}

function itemsOf(list: Contact[]): INodeExecutionData[] {
	return list.map((contact) => ({ json: { ...contact } as INodeExecutionData['json'] }));
}

// Numbers that aren't in their final form yet, with the country that the library gets.
function numberForTheLibrary({ phone, country }: Contact) {
	const text = String(phone ?? '');
	if (text === '' || CANONICAL.test(text)) return [];
	const defaultCountry = country ? resolveCountry(String(country)) : undefined;
	return [{ text, defaultCountry: defaultCountry as CountryCode | undefined }];
}

function parse({ text, defaultCountry }: { text: string; defaultCountry?: CountryCode }): void {
	parsePhoneNumberFromString(text, { defaultCountry })?.isPossible();
}
