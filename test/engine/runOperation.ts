import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	NodeExecutionHint,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { AlibabaCloudOpenApiCredential } from '../../credentials/credential';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { DEFAULT_KEY, type Simulator } from '../simulator/simulator';
import type { MemoryTables } from '../store/memoryTables';
import { inTheirCollections } from './inTheirCollections';
import { makeNode } from './makeNode';
import { NODE_TYPE } from './nodeTypes';
import { itemsOf, runWorkflow } from './runWorkflow';
import { stillClock } from './stillClock';

const ON_ERROR = {
	stop: 'stopWorkflow',
	continue: 'continueRegularOutput',
	output: 'continueErrorOutput',
} as const;

export interface OperationRun {
	/** Resource, operation, and the rest. */
	parameters: INodeParameters;
	/** The input; one empty item when left out. */
	items?: IDataObject[];
	credential: Partial<AlibabaCloudOpenApiCredential>;
	onError?: keyof typeof ON_ERROR;
	clock?: Clock;
	cancelSignal?: AbortSignal;
	/** The project's Data Tables; without them nothing can be collected. */
	tables?: MemoryTables;
	staticData?: IDataObject;
	/** `manual` for a run from the editor. */
	mode?: WorkflowExecuteMode;
	/** Node settings such as `retryOnFail`. */
	settings?: Partial<INode>;
}

export interface OperationOutcome {
	error?: Error & { description?: string; context?: IDataObject };
	output: INodeExecutionData[];
	errorOutput: INodeExecutionData[];
	/** What the person reads beside the output. */
	hints: NodeExecutionHint[];
}

/** Runs one operation of the node on some items in n8n's engine. */
export async function runOperation(options: OperationRun): Promise<OperationOutcome> {
	const { parameters, items = [{}], credential, onError = 'stop', settings } = options;
	const nodes: INode[] = [
		makeNode('Start', 'n8n-nodes-base.manualTrigger'),
		{
			...makeNode('Node', NODE_TYPE, inTheirCollections(parameters)),
			onError: ON_ERROR[onError],
			...settings,
		},
	];
	nodes[1] = {
		...(nodes[1] as INode),
		credentials: { alibabaCloudOpenApi: { id: '1', name: 'A' } },
	};
	const outcome = await runWorkflow({
		workflow: {
			nodes,
			connections: { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
			pinData: { Start: items.map((json) => ({ json })) },
		},
		credentials: { alibabaCloudOpenApi: { ...credential } },
		clock: options.clock ?? stillClock(),
		...(options.cancelSignal && { cancelSignal: options.cancelSignal }),
		...(options.tables && { tables: options.tables }),
		...(options.staticData && { staticData: options.staticData }),
		...(options.mode && { mode: options.mode }),
	}).then(
		(run: IRun) => ({ run, error: run.data.resultData.error as OperationOutcome['error'] }),
		(error: Error) => ({ run: undefined, error }),
	);
	const { run, error } = outcome;
	return {
		...(error && { error }),
		output: run ? itemsOf(run, 'Node') : [],
		errorOutput: run ? itemsOf(run, 'Node', 1) : [],
		hints: run?.data.resultData.runData.Node?.flatMap(({ hints }) => hints ?? []) ?? [],
	};
}

/** Runs an operation by its name, `resource:operation`, against a simulator and with its key. */
export async function runNamed(
	{ url }: Pick<Simulator, 'url'>,
	name: string,
	run: Partial<OperationRun>,
): Promise<OperationOutcome> {
	const [resource = '', operation = ''] = name.split(':');
	return await runOperation({
		credential: { ...DEFAULT_KEY, endpoint: url },
		...run,
		parameters: { resource, operation, ...run.parameters },
	});
}
