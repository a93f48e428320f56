import type {
	IBinaryKeyData,
	IDataObject,
	INode,
	INodeExecutionData,
	IRun,
	NodeExecutionHint,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { DEFAULT_KEY, type RecordedRequest, type Simulator } from '../simulator/simulator';
import type { MemoryTables } from '../store/memoryTables';
import { SAMPLE_IDS } from './knownIds';
import { makeNode } from './makeNode';
import { NODE_TYPE } from './nodeTypes';
import { placeParameters } from './placeParameters';
import { itemsOf, runWorkflow } from './runWorkflow';
import { stillClock } from './stillClock';

export const NODE_NAME = 'Node';

const ON_ERROR = {
	stop: 'stopWorkflow',
	continue: 'continueRegularOutput',
	output: 'continueErrorOutput',
} as const;

/** A file as the node before this one returns it. */
export interface InputFile {
	name: string;
	content: string | Uint8Array;
}

export interface NodeRun {
	/** The server; a credential's own endpoint replaces it. */
	simulator?: Pick<Simulator, 'url'> & Partial<Pick<Simulator, 'attempts'>>;
	/** `resource:operation`; adding users to the audience of SAMPLE_IDS by default. */
	operation?: string;
	/** Fields and options by name, wherever the panel has them. */
	set?: Record<string, unknown>;
	/** The JSON of each input item; one empty item by default. */
	items?: IDataObject[];
	/** Instead of items: one input item for each file; 'Contacts From' is File. */
	files?: InputFile[];
	/** Instead of items: the files of each input item, by field. */
	binary?: IBinaryKeyData[];
	/** Replaces fields of the simulator's default key; null if none is chosen in the node. */
	credential?: IDataObject | null;
	onError?: keyof typeof ON_ERROR;
	/** Lets n8n run the node a second time. */
	retryOnFail?: boolean;
	/** By default, one on which waits end at once. */
	clock?: Clock;
	cancelSignal?: AbortSignal;
	/** The project's Data Tables. Without this key, 'When Below Minimum' is Send Anyway by default. */
	tables?: MemoryTables;
	/** What the workflow keeps from one run to the next. */
	staticData?: IDataObject;
	/** `manual` for a run from the editor. */
	mode?: WorkflowExecuteMode;
}

export interface RunError {
	/** The error's class. */
	name: string;
	message: string;
	description: string;
	code?: string;
	httpCode?: string | null;
	context?: IDataObject;
}

export interface OutputFile {
	output: 'main' | 'error';
	item: number;
	field: string;
	name: string;
	text: string;
}

export type Call = Pick<RecordedRequest, 'action' | 'query' | 'status' | 'code'> & {
	users: unknown[];
};

export interface NodeResult {
	/** The error that ended the run. */
	error?: RunError;
	/** The JSON of each item in the main output; empty after an error. */
	output: IDataObject[];
	errorOutput: IDataObject[];
	/** The same items with their paired items and files. */
	items: INodeExecutionData[];
	errorItems: INodeExecutionData[];
	/** The files of all items. */
	files: OutputFile[];
	hints: NodeExecutionHint[];
	/** The upload requests that the simulator has received since its last reset. */
	calls: Call[];
	/** The run as n8n would store it; absent if n8n didn't start the workflow. */
	run?: IRun;
}

/** Runs the node on its own in n8n's engine. */
export async function runNode(options: NodeRun): Promise<NodeResult> {
	const { simulator, clock = stillClock(), onError = 'stop', retryOnFail } = options;
	const start = makeNode('Start', 'n8n-nodes-base.manualTrigger');
	const node: INode = {
		...makeNode(NODE_NAME, NODE_TYPE, parametersOf(options)),
		...(options.credential !== null && {
			credentials: { alibabaCloudOpenApi: { id: '1', name: 'Alibaba Cloud account' } },
		}),
		onError: ON_ERROR[onError],
		...(retryOnFail && { retryOnFail, maxTries: 2, waitBetweenTries: 1 }),
	};
	const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
	const own = simulator && { accessKeyId, accessKeySecret, endpoint: simulator.url };
	const { run, error } = await runWorkflow({
		...options,
		clock,
		workflow: {
			nodes: [start, node],
			connections: { Start: { main: [[{ node: NODE_NAME, type: 'main', index: 0 }]] } },
			pinData: { Start: inputOf(options) },
		},
		credentials: { alibabaCloudOpenApi: { ...own, ...options.credential } },
	}).then(
		(done): { run?: IRun; error?: Error } => ({ run: done, error: done.data.resultData.error }),
		// n8n rejects a workflow that can't run before any node runs.
		(cause: Error) => ({ run: undefined, error: cause }),
	);
	const items = run ? itemsOf(run, NODE_NAME) : [];
	const errorItems = run ? itemsOf(run, NODE_NAME, 1) : [];
	return {
		...(run && { run }),
		...(error && { error: describe(error) }),
		output: items.map(({ json }) => json),
		errorOutput: errorItems.map(({ json }) => json),
		items,
		errorItems,
		files: [...filesIn('main', items), ...filesIn('error', errorItems)],
		hints: run?.data.resultData.runData[NODE_NAME]?.flatMap(({ hints }) => hints ?? []) ?? [],
		calls: (simulator?.attempts ?? []).map(({ action, query, users = [], status, code }) => ({
			action,
			query,
			users,
			status,
			code,
		})),
	};
}

function parametersOf(run: NodeRun) {
	const { operation: name, set = {}, files } = run;
	const [resource, operation] = name?.split(':') ?? ['customAudience', 'addUsers'];
	const isAddUsers = operation === 'addUsers';
	return placeParameters({
		resource,
		operation,
		...(!name && SAMPLE_IDS),
		...(files && { source: 'file' }),
		...(isAddUsers && !('tables' in run) && { underMinimum: 'warn' }),
		...set,
	});
}

function inputOf({ items = [{}], files, binary }: NodeRun): INodeExecutionData[] {
	if (binary) return binary.map((each) => ({ json: {}, binary: each }));
	if (!files) return items.map((json) => ({ json }));
	return files.map(({ name, content }) => {
		const data = Buffer.from(content as Uint8Array).toString('base64');
		return { json: {}, binary: { data: { data, mimeType: 'text/csv', fileName: name } } };
	});
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

function describe(error: Error & { description?: unknown } & Partial<RunError>): RunError {
	const { name, message, description, httpCode, context } = error;
	const code = context?.code;
	return {
		name,
		message,
		description: typeof description === 'string' ? description : '',
		...(typeof code === 'string' && { code }),
		...(httpCode !== undefined && { httpCode }),
		...(context && { context }),
	};
}
