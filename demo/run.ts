import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INode, INodeParameters, IRun, NodeExecutionHint } from 'n8n-workflow';
import { optionsField } from '../nodes/AlibabaCloudChatApp/actions/customAudience/addUsers.options';
import { NODE_TYPE } from '../test/engine/nodeTypes';
import { itemsOf, runWorkflow, type WorkflowFile } from '../test/engine/runWorkflow';
import {
	DEFAULT_KEY,
	startSimulator,
	type RecordedCall,
	type Simulator,
} from '../test/simulator/simulator';
import { readArguments, type DemoArguments } from './arguments';
import { printAccount } from './printAccount';

const WORKFLOW = join(__dirname, '..', 'workflows', 'crm-list-to-audience.json');
const SAMPLE = join(__dirname, 'chinook-customers.json');
const SOURCE = 'Get Contacts';
const BATCH_SIZE = 25;
const ON_ERROR = {
	stop: 'stopWorkflow',
	continue: 'continueRegularOutput',
	output: 'continueErrorOutput',
} as const;

/** The main job on real contacts: n8n's engine, this node, and a server that checks every call. */
async function main(): Promise<number> {
	const args = readArguments(process.argv.slice(2));
	const contacts = JSON.parse(readFileSync(args.contacts ?? SAMPLE, 'utf8')) as IDataObject[];
	const workflow = JSON.parse(readFileSync(WORKFLOW, 'utf8')) as WorkflowFile;
	const node = workflow.nodes.find(({ type }) => type === NODE_TYPE);
	if (!node) throw new Error(`No node of this package in ${WORKFLOW}`);
	applySettings(node, args);
	workflow.pinData = { [SOURCE]: contacts.map((json) => ({ json })) };

	const simulator = await startSimulator();
	try {
		const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
		const credential = { accessKeyId, accessKeySecret, endpoint: simulator.url };
		const run = runWorkflow({ workflow, credentials: { alibabaCloudApi: credential } });
		const result = await resultOf(run, node.name, simulator);
		if (args.json) process.stdout.write(`${JSON.stringify(result)}\n`);
		else printAccount(result, contacts.length);
		return result.error ? 1 : 0;
	} finally {
		await simulator.close();
	}
}

function applySettings(node: INode, { set, onError }: DemoArguments): void {
	const options: INodeParameters = { batchSize: BATCH_SIZE };
	const optionNames = new Set((optionsField.options ?? []).map(({ name }) => name));
	for (const [name, value] of set) {
		const target = optionNames.has(name) ? options : node.parameters;
		const given = target[name];
		const isLocator = given !== null && typeof given === 'object' && '__rl' in given;
		const locator = isLocator && (typeof value !== 'object' || value === null);
		target[name] = (
			locator ? { ...given, value: String(value) } : value
		) as INodeParameters[string];
	}
	node.parameters.options = options;
	node.onError = ON_ERROR[onError];
}

export interface DemoResult {
	/** What the run ended with; the rest but `calls` is absent then. */
	error?: { message: string; description: string; code?: string };
	output?: IDataObject[];
	errorOutput?: IDataObject[];
	hints?: NodeExecutionHint[];
	/** The simulator's own record, taken after its signature check. */
	calls: Array<Pick<RecordedCall, 'action' | 'query' | 'users' | 'status' | 'code'>>;
}

async function resultOf(
	running: Promise<IRun>,
	node: string,
	simulator: Simulator,
): Promise<DemoResult> {
	const outcome = await running.then(
		(run) => ({ run, error: run.data.resultData.error }),
		// n8n refuses a workflow that can't run, before any node has run.
		(error: Error) => ({ run: undefined, error }),
	);
	const calls = simulator.calls.map(({ action, query, users, status, code }) => ({
		action,
		query,
		users: users ?? [],
		status,
		code,
	}));
	const { run, error } = outcome;
	if (error || !run) return { error: describe(error), calls };
	return {
		output: itemsOf(run, node).map(({ json }) => json),
		errorOutput: itemsOf(run, node, 1).map(({ json }) => json),
		hints: run.data.resultData.runData[node]?.flatMap(({ hints }) => hints ?? []) ?? [],
		calls,
	};
}

function describe(error: (Error & { description?: unknown; context?: IDataObject }) | undefined) {
	const { message = '', description, context } = error ?? {};
	const code = context?.code;
	return {
		message,
		description: typeof description === 'string' ? description : '',
		...(typeof code === 'string' && { code }),
	};
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
