import type {
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypeDescription,
	OnError,
} from 'n8n-workflow';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';
import { ALL_IDS } from '../engine/knownIds';
import { placeParameters } from '../engine/placeParameters';
import { makeNode } from '../engine/makeNode';
import { NODE_TYPE } from '../engine/nodeTypes';
import { runWorkflow } from '../engine/runWorkflow';
import { DEFAULT_KEY } from '../simulator/simulator';
import { stopwatch, type Times } from './measure';

const SOURCE = 'bench.contacts';

type Execute = NonNullable<INodeType['execute']>;

export interface EngineRun {
	url: string;
	items: INodeExecutionData[];
	options?: INodeParameters;
	onError?: OnError;
	/** Stands in the node's place. */
	instead?: Execute;
	/** Called before each HTTP call of the node. */
	onCall?: () => void;
	/** Called around the node's execute, with what it is to run. */
	around?: <T>(execute: () => Promise<T>) => Promise<T>;
}

export interface EngineResult {
	/** The node's execute. */
	execute: Times;
	/** The whole run. */
	run: Times;
	output: INodeExecutionData[][];
}

/** Runs 'Add Users' on the items in n8n's engine. @throws what ended the run */
export async function runInEngine(options: EngineRun): Promise<EngineResult> {
	const { items, instead, around = async (execute) => await execute() } = options;
	const execute = instead ?? (new AlibabaCloudChatApp().execute as Execute);
	const nothing: Times = { wall: 0, cpu: 0 };
	const result: EngineResult = { execute: nothing, run: nothing, output: [] };
	const node = nodeType(async function () {
		if (options.onCall) watchCalls(this, options.onCall);
		const elapsed = stopwatch();
		const output = (await around(async () => await execute.call(this))) as INodeExecutionData[][];
		result.execute = elapsed();
		// The engine empties the lists it is handed.
		result.output = output.map((list) => [...list]);
		return output;
	});
	const elapsed = stopwatch();
	const { data } = await runWorkflow({
		workflow: {
			nodes: [makeNode('Contacts', SOURCE), addUsers(options)],
			connections: { Contacts: { main: [[{ node: 'Add Users', type: 'main', index: 0 }]] } },
		},
		credentials: { alibabaCloudOpenApi: { ...DEFAULT_KEY, endpoint: options.url } },
		nodeTypes: {
			[SOURCE]: nodeType(async () => [items], { inputs: [], properties: [] }),
			[NODE_TYPE]: node,
		},
	});
	result.run = elapsed();
	const { error } = data.resultData;
	if (error) throw error;
	return result;
}

function watchCalls({ helpers }: IExecuteFunctions, onCall: () => void): void {
	const { httpRequest } = helpers;
	helpers.httpRequest = async (request) => {
		onCall();
		return await httpRequest(request);
	};
}

/** n8n's HTTP helper as a node is handed it. */
export async function n8nHelper(): Promise<IExecuteFunctions['helpers']['httpRequest']> {
	let helper: IExecuteFunctions['helpers']['httpRequest'] | undefined;
	await runInEngine({
		url: '',
		items: [{ json: {} }],
		async instead() {
			helper = this.helpers.httpRequest;
			return [[]];
		},
	});
	if (!helper) throw new Error('The engine handed over no HTTP helper');
	return helper;
}

function addUsers({ options = {}, onError }: EngineRun): INode {
	return {
		...makeNode(
			'Add Users',
			NODE_TYPE,
			placeParameters({ ...ALL_IDS, mappingMode: 'autoMapInputData', ...options }),
		),
		onError,
		credentials: { alibabaCloudOpenApi: { id: '1', name: 'Alibaba Cloud account' } },
	};
}

function nodeType(execute: Execute, instead: Partial<INodeTypeDescription> = {}): INodeType {
	const { description } = new AlibabaCloudChatApp();
	return { description: { ...description, ...instead }, execute };
}
