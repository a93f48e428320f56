import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	NodeExecutionHint,
} from 'n8n-workflow';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { DEFAULT_KEY, type RecordedRequest, type Simulator } from '../simulator/simulator';
import type { MemoryTables } from '../store/memoryTables';
import { inTheirCollections } from './inTheirCollections';
import { NODE_TYPE } from './nodeTypes';
import { itemsOf, runWorkflow, type WorkflowFile } from './runWorkflow';

const WORKFLOW = join(__dirname, '..', '..', 'workflows', 'crm-list-to-audience.json');
const SOURCE = 'Get Contacts';
const ON_ERROR = {
	stop: 'stopWorkflow',
	continue: 'continueRegularOutput',
	output: 'continueErrorOutput',
} as const;

/** A file as a node before this one hands it over. */
export interface InputFile {
	name: string;
	content: string | Uint8Array;
}

export interface AddUsersRun {
	simulator: Simulator;
	/** Each is an input item. */
	contacts?: IDataObject[];
	/** Instead of contacts: each is the file of an input item, and 'Source' is File. */
	files?: InputFile[];
	/** By name: one of `options` wins over a top-level parameter. */
	set?: Record<string, unknown>;
	onError?: keyof typeof ON_ERROR;
	retryOnFail?: boolean;
	credential?: IDataObject;
	clock?: Clock;
	cancelSignal?: AbortSignal;
	/** The project's Data Tables; without them nothing can be collected. */
	tables?: MemoryTables;
	/** What the workflow keeps from one run to the next. */
	staticData?: IDataObject;
}

/** What came of a run, as the demo prints it with `--json`. */
export interface AddUsersResult {
	/** What the run ended with; the outputs and hints are absent then. */
	error?: { message: string; description: string; code?: string };
	output?: IDataObject[];
	errorOutput?: IDataObject[];
	/** The files of the output, by output, item and name; absent when there are none. */
	files?: OutputFile[];
	hints?: NodeExecutionHint[];
	/** The simulator's own record of what was uploaded, taken after its signature check. */
	calls: Array<
		Pick<RecordedRequest, 'action' | 'query' | 'status' | 'code'> & { users: unknown[] }
	>;
}

export interface OutputFile {
	output: 'main' | 'error';
	item: number;
	field: string;
	name: string;
	text: string;
}

/** Runs the workflow 'CRM list to custom audience' on the contacts, in n8n's engine against the simulator. */
export async function runAddUsers(options: AddUsersRun): Promise<AddUsersResult> {
	const { run, error, node } = await runRaw(options);
	const calls = options.simulator.attempts.map(({ action, query, users = [], status, code }) => ({
		action,
		query,
		users,
		status,
		code,
	}));
	if (error || !run) return { error: describe(error), calls };
	const main = itemsOf(run, node);
	const errors = itemsOf(run, node, 1);
	const files = [...filesIn('main', main), ...filesIn('error', errors)];
	return {
		output: main.map(({ json }) => json),
		errorOutput: errors.map(({ json }) => json),
		...(files.length > 0 && { files }),
		hints: run.data.resultData.runData[node]?.flatMap(({ hints }) => hints ?? []) ?? [],
		calls,
	};
}

function filesIn(output: OutputFile['output'], items: INodeExecutionData[]): OutputFile[] {
	return items.flatMap(({ binary = {} }, item) =>
		Object.entries(binary).map(([field, { data, fileName = '' }]) => ({
			output,
			item,
			field,
			name: fileName,
			text: Buffer.from(data, 'base64').toString('utf8'),
		})),
	);
}

/** The same, with the run as n8n would store it. */
export async function runRaw(options: AddUsersRun) {
	const workflow = JSON.parse(readFileSync(WORKFLOW, 'utf8')) as WorkflowFile;
	const node = workflow.nodes.find(({ type }) => type === NODE_TYPE);
	if (!node) throw new Error(`No node of this package in ${WORKFLOW}`);
	const { contacts = [], files, set = {} } = options;
	// So few contacts would only be collected; the tests of that say so.
	const given = { ...(set.options as INodeParameters), ...set };
	const few = 'underMinimum' in given ? {} : { underMinimum: 'warn' };
	setParameters(node, { ...(files && { source: 'file' }), ...few, ...set });
	node.onError = ON_ERROR[options.onError ?? 'stop'];
	if (options.retryOnFail)
		Object.assign(node, { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
	workflow.pinData = { [SOURCE]: files?.map(withFile) ?? contacts.map((json) => ({ json })) };
	const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
	const credential = {
		accessKeyId,
		accessKeySecret,
		endpoint: options.simulator.url,
		...options.credential,
	};
	const outcome = await runWorkflow({
		...options,
		workflow,
		credentials: { alibabaCloudOpenApi: credential },
	}).then(
		(run: IRun) => ({ run, error: run.data.resultData.error as Error | undefined }),
		// n8n refuses a workflow that can't run, before any node has run.
		(error: Error) => ({ run: undefined, error }),
	);
	return { ...outcome, node: node.name };
}

function withFile({ name, content }: InputFile): INodeExecutionData {
	const data = Buffer.from(content as Uint8Array).toString('base64');
	return { json: {}, binary: { data: { data, mimeType: 'text/csv', fileName: name } } };
}

function setParameters(node: INode, set: Record<string, unknown>): void {
	const { options, ...rest } = set;
	const parameters = { ...node.parameters, ...(options as INodeParameters) };
	for (const [name, value] of Object.entries(rest)) {
		const before = parameters[name];
		const intoLocator =
			before !== null &&
			typeof before === 'object' &&
			'__rl' in before &&
			typeof value !== 'object';
		parameters[name] = (
			intoLocator ? { ...before, mode: 'id', value: String(value) } : value
		) as INodeParameters[string];
	}
	node.parameters = inTheirCollections(parameters);
}

function describe(error?: Error & { description?: unknown; context?: IDataObject }) {
	const { message = '', description, context } = error ?? {};
	const code = context?.code;
	return {
		message,
		description: typeof description === 'string' ? description : '',
		...(typeof code === 'string' && { code }),
	};
}
