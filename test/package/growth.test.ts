import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeProperties } from 'n8n-workflow';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { ALL_IDS } from '../engine/knownIds';
import { NODE_TYPE } from '../engine/nodeTypes';
import { runWorkflow, type WorkflowFile } from '../engine/runWorkflow';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const ROOT = join(__dirname, '..', '..');
const CREDENTIAL = {
	accessKeyId: DEFAULT_KEY.accessKeyId,
	accessKeySecret: DEFAULT_KEY.accessKeySecret,
};

const simulator = useSimulator();

/** The node as the example in CONTRIBUTING.md changes it. */
function grown(): AlibabaCloudChatApp {
	const node = new AlibabaCloudChatApp(stillClock());
	const { description } = node;
	const at = (version: unknown, property: INodeProperties): INodeProperties => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...property.displayOptions?.show, '@version': [version as number] },
		},
	});
	node.description = {
		...description,
		version: [1, 1.1],
		defaultVersion: 1.1,
		properties: description.properties.flatMap((property) =>
			property.name === 'mappingMode'
				? [at(1, property), at({ _cnd: { gte: 1.1 } }, { ...property, default: 'defineBelow' })]
				: [property],
		),
	};
	return node;
}

describe('a default that changes with the version of the node', () => {
	// Shown, and so kept, only with the mapping mode that 1.1 begins with.
	const run = async (typeVersion: number) => {
		const workflow = JSON.parse(
			readFileSync(join(ROOT, 'workflows', 'crm-list-to-audience.json'), 'utf8'),
		) as WorkflowFile;
		const node = workflow.nodes.find(({ type }) => type === NODE_TYPE) as INode;
		const { mappingMode: _default, ...parameters } = node.parameters;
		node.parameters = {
			...parameters,
			...ALL_IDS,
			emailField: 'work',
			smallUploads: { underMinimum: 'warn' },
		};
		node.typeVersion = typeVersion;
		const json = { email: 'home@example.com', work: 'work@example.com' };
		workflow.pinData = { 'Get Contacts': [{ json }] };
		await runWorkflow({
			workflow,
			credentials: { alibabaCloudOpenApi: { ...CREDENTIAL, endpoint: simulator.url } },
			clock: stillClock(),
			nodeTypes: { [NODE_TYPE]: grown() },
		});
		return simulator.uploads.map(({ users }) => users.map(({ Email }) => Email));
	};

	it('leaves a saved workflow as it was', async () => {
		expect(await run(1)).toEqual([['home@example.com']]);
	});

	it('applies to a new one', async () => {
		expect(await run(1.1)).toEqual([['work@example.com']]);
	});
});
