import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodeCredentialDescription,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { AlibabaCloudOpenApi } from '../../credentials/AlibabaCloudOpenApi.credentials';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { NODE_TYPE, nodeTypesWith } from '../engine/nodeTypes';
import { ALL_IDS } from '../engine/knownIds';
import { runNode } from '../engine/runNode';
import { startSimulator } from '../simulator/simulator';

const FOLDER = join(__dirname, '..', '..', 'nodes', 'AlibabaCloudChatApp');
const node = new AlibabaCloudChatApp();
const { description } = node;
const fields = deep([...description.properties, ...new AlibabaCloudOpenApi().properties]);

/** A field, and what is in it. */
function deep(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [
		property,
		...(property.type === 'collection' ? deep((property.options ?? []) as INodeProperties[]) : []),
		...((property.modes ?? []) as INodeProperties[]),
	]);
}

/** The places in a document that a link can name, as GitHub and npm make them of its headings. */
function headings(file: string): string[] {
	const text = readFileSync(join(FOLDER, '..', '..', file), 'utf8').replace(/^```[^]*?^```/gm, '');
	return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} -]/gu, '')
			.replace(/ /g, '-'),
	);
}

function subtitleWith(parameters: INodeParameters): unknown {
	const node = { id: '1', name: 'N', type: NODE_TYPE, typeVersion: 1, position: [0, 0] };
	const nodes = [{ ...node, parameters }] as INode[];
	const file = { nodes, connections: {}, active: false, nodeTypes: nodeTypesWith() };
	const { expression } = new Workflow(file);
	const [first] = nodes as [INode];
	return expression.getSimpleParameterValue(first, description.subtitle, 'internal', {});
}

function shown(resource: string, operation: string): INodeProperties[] {
	return description.properties.filter(({ displayOptions }) => {
		const { show } = displayOptions ?? {};
		const others = Object.keys(show ?? {}).filter((key) => !/^(resource|operation)$/.test(key));
		return show?.resource?.[0] === resource && show.operation?.[0] === operation && !others.length;
	});
}

describe('the panel', () => {
	it('shows the four IDs, the mapping, country, and dry run, with the rest in four short lists', () => {
		const names = shown('customAudience', 'addUsers').map(({ name }) => name);
		expect(names).toEqual([
			'storingNotice',
			'custSpaceId',
			'pageId',
			'adAccountId',
			'customAudienceId',
			'source',
			'mappingMode',
			'defaultCountry',
			'dryRun',
			'options',
			'smallUploads',
			'advanced',
		]);
	});

	it.each([
		[{}, true],
		[{ smallUploads: { underMinimum: 'collect' } }, true],
		[{ smallUploads: { underMinimum: 'hold' } }, false],
		[{ smallUploads: { underMinimum: 'warn' } }, false],
		[{ advanced: { lastBatch: 'set' } }, false],
		[{ advanced: { lastBatch: 'auto' } }, true],
		[{ dryRun: true }, false],
	])('shows the notice about stored contacts only while it applies: %j', (parameters, isShown) => {
		const notice = description.properties.find(({ name }) => name === 'storingNotice');
		const given = { resource: 'customAudience', operation: 'addUsers', dryRun: false };
		expect(notice?.displayName).toMatch(/^[^\n]*100[^\n]*500[^\n]*180 days[^\n]*$/);
		expect(
			NodeHelpers.displayParameter(
				{ ...given, ...parameters },
				notice as INodeProperties,
				{ typeVersion: 1 },
				description,
			),
		).toBe(isShown);
	});

	it("shows the operation below the node on the canvas, in the panel's words", () => {
		const resources = description.properties.find(({ name }) => name === 'resource');
		for (const resource of resources?.options as INodePropertyOptions[]) {
			const [operations] = description.properties.filter(
				({ name, displayOptions }) =>
					name === 'operation' && displayOptions?.show?.resource?.[0] === resource.value,
			);
			for (const operation of operations?.options as INodePropertyOptions[]) {
				const parameters = { resource: resource.value, operation: operation.value };
				expect(subtitleWith(parameters as INodeParameters)).toBe(
					`${operation.name}: ${resource.name}`,
				);
			}
		}
	});

	it('names the audience there, if it was chosen from the list', () => {
		const audience = {
			__rl: true,
			mode: 'list',
			value: '1',
			cachedResultName: 'Readers · 1,200 people',
		};
		const parameters = { resource: 'customAudience', operation: 'addUsers' };
		expect(subtitleWith({ ...parameters, customAudienceId: audience })).toBe('Add Users: Readers');
		const byId = { __rl: true, mode: 'id', value: '1' };
		expect(subtitleWith({ ...parameters, customAudienceId: byId })).toBe(
			'Add Users: Custom Audience',
		);
		const all = { operation: 'sendCollected', audiences: 'all', customAudienceId: audience };
		expect(subtitleWith({ ...parameters, ...all })).toBe('Send Collected Users: Custom Audience');
	});

	it('sorts options and filters', () => {
		for (const collection of fields.filter(({ type }) => type === 'collection')) {
			const names = (collection.options as INodeProperties[]).map(({ displayName }) => displayName);
			expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
		}
	});

	it('adds every switch as on: one that is off when added would do nothing', () => {
		const collections = fields.filter(({ type }) => type === 'collection');
		const options = deep(collections.flatMap((each) => each.options as INodeProperties[]));
		const switches = options.filter(({ type }) => type === 'boolean');
		expect(new Set(switches.map(({ name }) => name))).toEqual(
			new Set([
				'force',
				'headerRow',
				'isLastBatch',
				'oneSender',
				'removeDuplicates',
				'skipUnreadable',
				'topUp',
				'useExisting',
			]),
		);
		expect(switches.filter((option) => option.default !== true)).toEqual([]);
	});

	it('limits numbers where they are entered', () => {
		const limitsOf = (name: string) => fields.find((one) => one.name === name)?.typeOptions;
		expect(limitsOf('batchSize')).toMatchObject({ minValue: 1, maxValue: 10_000 });
		expect(limitsOf('minimumUsers')).toMatchObject({ minValue: 0 });
		expect(limitsOf('minimumUsers')).not.toHaveProperty('maxValue');
	});

	it('offers each locator from a list first, then by ID, and requires the IDs', () => {
		const locators = fields.filter(({ type }) => type === 'resourceLocator');
		expect(locators.length).toBeGreaterThan(3);
		for (const { modes = [], default: initial } of locators) {
			expect(modes.map(({ name }) => name)).toEqual(['list', 'id']);
			expect(initial).toEqual({ mode: 'list', value: '' });
			const search = modes[0]?.typeOptions?.searchListMethod ?? '';
			expect(node.methods?.listSearch?.[search]).toBeInstanceOf(Function);
		}
		const ids = shown('customAudience', 'addUsers').filter(({ name }) => /Id$/.test(name));
		expect(ids.map(({ required }) => required)).toEqual([true, true, true, true]);
		const filters = shown('customAudience', 'getMany').find(({ name }) => name === 'filters');
		const [adAccount] = filters?.options as INodeProperties[];
		expect(adAccount).toMatchObject({ name: 'adAccountId', required: false });
	});

	it('describes every operation', () => {
		const operations = description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options }) => options as INodePropertyOptions[]);
		expect(operations.map(({ action }) => action)).toEqual([
			'Add users to custom audience',
			'Create custom audience',
			'Forget users',
			'Get many custom audiences',
			'Get match result',
			'Send collected users',
			'Get many ad accounts',
			'Get many subscription tokens',
			'Refresh subscription tokens',
		]);
		const addUsers = operations.find(({ value }) => value === 'addUsers');
		expect(addUsers?.description).toMatch(/AI agent.*one contact.*collected/);
		expect(description.usableAsTool).toBe(true);
	});

	it('asks for a credential, except for the operation that only uses the Data Table', () => {
		const [credential] = description.credentials ?? [];
		const operations = description.properties.filter(({ name }) => name === 'operation');
		const withoutCredential = operations.flatMap(({ options, displayOptions }) =>
			(options as INodePropertyOptions[])
				.map(({ value }) => ({ resource: displayOptions?.show?.resource?.[0], operation: value }))
				.filter(
					(parameters) =>
						!NodeHelpers.displayParameter(
							parameters as INodeParameters,
							credential as INodeCredentialDescription,
							{ typeVersion: 1 },
							description,
						),
				),
		);
		expect(withoutCredential).toEqual([{ resource: 'customAudience', operation: 'forgetUsers' }]);
		expect(credential).toMatchObject({ name: 'alibabaCloudOpenApi', required: true });
	});

	it('names each action in sentence case, without articles', () => {
		const operations = description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options }) => options as INodePropertyOptions[]);
		expect(operations).not.toEqual([]);
		for (const { action = '' } of operations) {
			expect(action).toMatch(/^[A-Z][a-z]+(?: [a-z]+)+$/);
			expect(action).not.toMatch(/\b(?:an?|the)\b/i);
		}
	});

	it('describes every field, for people and AI agents', () => {
		const silent = fields.filter(
			({ type, description: text, displayName }) =>
				type !== 'notice' &&
				type !== 'collection' &&
				!text &&
				!/^(Resource|Operation)$/.test(displayName),
		);
		const modes = ['From List', 'By ID'];
		expect(silent.filter(({ displayName }) => !modes.includes(displayName))).toEqual([]);
	});

	it("follows n8n's writing style", () => {
		for (const { displayName, type, placeholder, description: text = '' } of fields) {
			if (type !== 'notice') expect(displayName).toMatch(/^[A-Z]/);
			if (type === 'boolean') expect(text).toMatch(/^Whether/);
			if (placeholder) expect(placeholder).toMatch(/^e\.g\. |^Choose an? |^Add /);
			if (!/[.?!] /.test(text)) expect(text).not.toMatch(/\.$/);
			expect(`${displayName} ${text}`).not.toMatch(/\b(error|problem|failure|mistake)/i);
		}
	});

	it('shows when matches appear, only after an upload', async () => {
		const simulator = await startSimulator();
		const run = async (email: string) =>
			(await runNode({ simulator, set: ALL_IDS, items: [{ email }] })).hints;
		const info = expect.objectContaining({ type: 'info', message: expect.stringMatching(/a day/) });
		await expect(run('mary@example.com')).resolves.toContainEqual(info);
		await expect(run('nobody')).resolves.not.toContainEqual(info);
		await simulator.close();
	});
});

describe('the codex', () => {
	const codex = JSON.parse(
		readFileSync(join(FOLDER, 'AlibabaCloudChatApp.node.json'), 'utf8'),
	) as Record<string, unknown>;

	it("links to the package's README, as does the panel", () => {
		const { resources } = codex as { resources: Record<string, Array<{ url: string }>> };
		const links = [...JSON.stringify(description).matchAll(/href=\\"([^"\\]+)/g)].map(
			([, url]) => url,
		);
		expect(links.length).toBeGreaterThan(0);
		const documents = Object.values(resources).flatMap((list) => list.map(({ url }) => url));
		for (const url of [...documents, ...links]) {
			const [page, heading] = (url ?? '').split('#');
			expect(page).toBe('https://www.npmjs.com/package/n8n-nodes-alibaba-cloud-chat-app');
			expect(['readme', ...headings('README.md')]).toContain(heading);
		}
	});

	it('has what n8n requires, or all of it is ignored', () => {
		expect(codex.resources).toMatchObject({ primaryDocumentation: [{ url: expect.any(String) }] });
		expect(codex.categories).toContain('Marketing');
		expect(codex.node).toBe('n8n-nodes-alibaba-cloud-chat-app.alibabaCloudChatApp');
	});

	it.each([
		...['Aliyun', 'CAMS', 'Meta', 'Facebook', 'Messenger', 'custom audience', 'audience'],
		...['ads', 'lead', '阿里云', 'Facebook audience', 'custom audiences', 'Meta ads'],
		...['Meta audience', 'Facebook Messenger', 'retargeting', 'Ads Manager'],
	])('finds the node by %s', (alias) => {
		expect(codex.alias).toContain(alias);
	});
});

it('has light and dark icons for node and credential', () => {
	const icons = [
		[FOLDER, description.icon],
		[join(FOLDER, '..', '..', 'credentials'), new AlibabaCloudOpenApi().icon],
	] as const;
	for (const [folder, icon] of icons) {
		for (const file of Object.values(icon as Record<string, string>)) {
			expect(existsSync(join(folder, file.replace('file:', '')))).toBe(true);
		}
	}
});
