import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodeType } from 'n8n-workflow';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { ALL_IDS } from '../engine/knownIds';
import { NODE_TYPE, nodeTypesWith } from '../engine/nodeTypes';
import { runWorkflow, type WorkflowFile } from '../engine/runWorkflow';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const ROOT = join(__dirname, '..', '..');
const files = readdirSync(join(ROOT, 'workflows'));
const { properties } = new AlibabaCloudChatApp().description;

function read(file: string): WorkflowFile & { name: string; settings?: object } {
	return JSON.parse(readFileSync(join(ROOT, 'workflows', file), 'utf8'));
}

function nodesOf(file: string, type: string) {
	return read(file).nodes.filter((node) => node.type === type);
}

function namesIn(collection: string): string[] {
	const fields = properties.filter(({ name }) => name === collection);
	return fields.flatMap(({ options }) => (options as INodeProperties[]).map(({ name }) => name));
}

/** Pixels of a node on the canvas, without its name. */
const NODE_SIZE = 100;

interface PlacedNode {
	name: string;
	type: string;
	position: [x: number, y: number];
	parameters: { width: number; height: number };
}

describe.each(files)('%s', (file) => {
	it('has one name, in the file, in its note, and in the README or the page about CRMs', () => {
		const { name } = read(file);
		const [first] = nodesOf(file, 'n8n-nodes-base.stickyNote');
		expect(String(first?.parameters.content).split('\n')[0]).toBe(`## ${name}`);
		const pages = ['README.md', 'docs/connect-your-crm.md'].map((page) =>
			readFileSync(join(ROOT, page), 'utf8').replaceAll('](../', ']('),
		);
		expect(pages.join('\n')).toContain(`[${name}](workflows/${file})`);
	});

	it('says how to use it and how to keep no contacts, and saves none when imported by command', () => {
		const notes = nodesOf(file, 'n8n-nodes-base.stickyNote').map(({ parameters }) =>
			String(parameters.content),
		);
		expect(notes.join('\n')).toContain('**To use it**');
		expect(notes.join('\n')).toContain('**Do not save**');
		expect(read(file).settings).toMatchObject({ saveDataSuccessExecution: 'none' });
	});

	it('has no node in front of a note', () => {
		const { nodes } = read(file) as unknown as { nodes: PlacedNode[] };
		const isNote = ({ type }: PlacedNode) => type === 'n8n-nodes-base.stickyNote';
		const covered = nodes.filter(isNote).flatMap(({ name, position, parameters }) => {
			const [right, bottom] = [position[0] + parameters.width, position[1] + parameters.height];
			return nodes
				.filter((node) => !isNote(node))
				.filter(
					({ position: [x, y] }) =>
						x < right && x + NODE_SIZE > position[0] && y < bottom && y + NODE_SIZE > position[1],
				)
				.map((node) => `${node.name} covers ${name}`);
		});
		expect(covered).toEqual([]);
	});

	it('leaves the four IDs empty, to be chosen once each', () => {
		const chosen = new Map<string, number>();
		for (const { parameters } of nodesOf(file, NODE_TYPE)) {
			for (const name of ['custSpaceId', 'pageId', 'adAccountId', 'customAudienceId']) {
				const given = parameters[name];
				if (given === undefined) continue;
				const value = String((given as { value?: unknown }).value ?? given);
				if (value === '[object Object]' || value === '') {
					chosen.set(name, (chosen.get(name) ?? 0) + 1);
				} else expect(value).toMatch(/^=\{\{/);
			}
		}
		expect([...chosen.values()].every((each) => each === 1)).toBe(true);
		expect(chosen.get('pageId')).toBe(1);
	});

	it('sets only fields and options that the panel has', () => {
		const known = new Set(properties.map(({ name }) => name));
		for (const { parameters } of nodesOf(file, NODE_TYPE)) {
			for (const [name, value] of Object.entries(parameters)) {
				expect(known).toContain(name);
				const isCollection = properties.find((field) => field.name === name)?.type === 'collection';
				if (!isCollection) continue;
				for (const option of Object.keys(value as object)) expect(namesIn(name)).toContain(option);
			}
		}
	});
});

/** Loop Over Items with all items on its one page. */
function onePage(): INodeType {
	const { description } = nodeTypesWith().getByName('loop') as INodeType;
	let isDone = false;
	return {
		description: { ...description, outputs: ['main', 'main'] },
		async execute() {
			this.getContext('node').noItemsLeft = true;
			const items = this.getInputData();
			const outputs = isDone ? [items, []] : [[], items];
			isDone = true;
			return outputs;
		},
	};
}

it.each([
	['crm-list-to-audience.json', 'Get Contacts'],
	['large-list-in-pages.json', 'Get Contacts'],
	['create-fill-and-report.json', 'Get Contacts'],
	['crm-trigger-to-audience.json', 'New Contact'],
	['http-list-to-audience.json', 'Get Contacts'],
])('%s runs after the IDs were chosen', async (file, source) => {
	const workflow = read(file);
	for (const node of workflow.nodes.filter(({ type }) => type === NODE_TYPE)) {
		for (const [name, value] of Object.entries(ALL_IDS)) {
			const given = node.parameters[name];
			const isEmpty = given === '' || (given as { value?: unknown } | undefined)?.value === '';
			if (isEmpty) node.parameters[name] = value;
		}
	}
	const items = Array.from({ length: 600 }, (_, n) => ({
		json: { email: `contact${n}@example.com` },
	}));
	workflow.pinData = { [source]: items };
	const { data } = await runWorkflow({
		workflow,
		credentials: { alibabaCloudOpenApi: { ...DEFAULT_KEY, endpoint: simulator.url } },
		nodeTypes: { 'n8n-nodes-base.splitInBatches': onePage() },
		clock: stillClock(),
	});
	expect(data.resultData.error).toBeUndefined();
	expect(simulator.uploads.map(({ users, complete }) => [users.length, complete])).toEqual([
		[600, true],
	]);
});
