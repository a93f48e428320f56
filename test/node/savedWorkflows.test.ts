import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IConnections, INode, INodeParameters, INodeType } from 'n8n-workflow';
import { makeNode } from '../engine/makeNode';
import { NODE_TYPE, nodeTypesWith } from '../engine/nodeTypes';
import { runWorkflow, type WorkflowFile } from '../engine/runWorkflow';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

// As they were first shipped, and as people have saved them since. They are never edited.
const FOLDER = join(__dirname, '..', 'fixtures', 'workflows');
const CONTACTS = 600;

const simulator = useSimulator();

const read = (file: string) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as WorkflowFile;
const ours = readdirSync(FOLDER).flatMap((file) =>
	read(file)
		.nodes.filter(({ type }) => type === NODE_TYPE)
		// It reads n8n's Data Tables and nothing else: the end-to-end tests run it.
		.filter(({ parameters }) => parameters.operation !== 'sendCollected')
		.map((node): [file: string, name: string] => [file, node.name]),
);

/** What each does with 600 contacts. */
const CALLS: Record<string, string[]> = {
	'Create Audience': ['ListCustomAudience', 'CreateCustomAudience'],
	'Add Users to Audience': ['ListCustomAudience', 'AddCustomAudienceUser'],
	'Add Page to Audience': ['ListCustomAudience', 'AddCustomAudienceUser'],
	'Check Contacts': ['ListInstance', 'ListPageAdAccount', 'ListCustomAudience'],
	'Get Result': ['ListCustomAudience', 'SyncMessengerSubscriptionToken'],
};

it.each(ours)('%s: %s runs as it was saved', async (file, name) => {
	const saved = read(file);
	const node = saved.nodes.find((each) => each.name === name) as INode;
	// What the person chooses after an import.
	fillIn(node.parameters);
	const others = saved.nodes.filter((each) =>
		JSON.stringify(node.parameters).includes(`$('${each.name}')`),
	);
	const chain = [node, ...others.map(standIn)].reverse();
	const source = makeNode('Source', 'n8n-nodes-base.manualTrigger');
	const names = [source, ...chain].map((each) => each.name);
	const items = Array.from({ length: CONTACTS }, (_, n) => ({
		json: { email: `contact${n}@example.com`, ...KNOWN, submitted: CONTACTS },
	}));
	const single = name === 'Create Audience' || name === 'Get Result';
	const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
	const run = await runWorkflow({
		workflow: {
			nodes: [source, ...chain],
			connections: inARow(names),
			pinData: { Source: items.slice(0, single ? 1 : undefined) },
		},
		credentials: { alibabaCloudOpenApi: { accessKeyId, accessKeySecret, endpoint: simulator.url } },
		nodeTypes: { 'n8n-nodes-base.splitInBatches': lastPage() },
		clock: stillClock(),
	});
	expect(run.data.resultData.error).toBeUndefined();
	const called = [...new Set(simulator.requests.map(({ action }) => action))];
	expect(CALLS[name]).toEqual(expect.arrayContaining(called));
	expect(simulator.uploads.map(({ users, complete }) => [users.length, complete])).toEqual(
		called.includes('AddCustomAudienceUser') ? [[CONTACTS, true]] : [],
	);
});

function standIn(node: INode): INode {
	const type = node.type === NODE_TYPE ? 'n8n-nodes-base.noOp' : node.type;
	return { ...node, type, parameters: {} };
}

function fillIn(parameters: INodeParameters): void {
	for (const [name, value] of Object.entries(KNOWN)) {
		const given = parameters[name];
		if (given === '') parameters[name] = value;
		if (typeof given === 'object' && (given as { value?: unknown })?.value === '') {
			parameters[name] = { __rl: true, mode: 'id', value };
		}
	}
}

function inARow(names: string[]): IConnections {
	return Object.fromEntries(
		names
			.slice(1)
			.map((to, index) => [
				names[index],
				{ main: [[{ node: to, type: 'main' as const, index: 0 }]] },
			]),
	);
}

/** Loop Over Items on its last page. */
function lastPage(): INodeType {
	const { description } = nodeTypesWith().getByName('loop') as INodeType;
	return {
		description,
		async execute() {
			this.getContext('node').noItemsLeft = true;
			return [this.getInputData()];
		},
	};
}
