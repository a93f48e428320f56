import { type IDataObject, type IExecuteFunctions, type IWorkflowBase, sleep } from 'n8n-workflow';
import { type Clock, createPause, type Pause } from '../../../async';
import { setLatest } from '../../../setLatest';
import { DataTable, type RunWorkflow, type TableMemory } from '../../../store/dataTable';
import { ForgottenPeople } from '../../../store/forgotten';
import type { Table } from '../../../store/table';
import { KeyRejections } from '../../../transport/apiError';
import type { UploadOptions } from '../../../upload/plan';
import { type OnError, onErrorOf } from '../../output';

/** One execution of the node. */
export interface Run {
	context: IExecuteFunctions;
	clock: Clock;
	onError: OnError;
	pause: Pause;
	rejections: KeyRejections;
	/** By the name of the Data Table. */
	forgotten: Map<string, ForgottenPeople>;
	/** Keys of the users that the run stored before Retry On Fail started it again, from `keepForRerun`. */
	storedBefore: ReadonlySet<string>;
}

/** Starts a run; nothing is read or sent yet. */
export function startRun(context: IExecuteFunctions, clock: Clock): Run {
	const pause = createPause(sleep, context.getExecutionCancelSignal());
	const onError = onErrorOf(context);
	return {
		context,
		clock,
		onError,
		pause,
		rejections: new KeyRejections(),
		forgotten: new Map(),
		storedBefore: takeFromFailedRun(context),
	};
}

/** What failed runs stored, by execution and node, for the run that Retry On Fail starts next. */
const storedByFailedRuns = new Map<string, ReadonlySet<string>>();
/** The last run of Retry On Fail leaves an entry, too, so their number is limited. */
const MAX_FAILED_RUNS = 100;

function rerunKey(context: IExecuteFunctions): string {
	return JSON.stringify([context.getExecutionId(), context.getNode().name]);
}

function takeFromFailedRun(context: IExecuteFunctions): ReadonlySet<string> {
	const key = rerunKey(context);
	const stored = storedByFailedRuns.get(key) ?? new Set();
	storedByFailedRuns.delete(key);
	return stored;
}

/** Keeps what a run that ends with an error has stored, for the run that Retry On Fail starts next. */
export function keepForRerun({ context }: Run, stored: string[]): void {
	if (context.getNode().retryOnFail !== true || stored.length === 0) return;
	setLatest(storedByFailedRuns, [[rerunKey(context), new Set(stored)]], MAX_FAILED_RUNS);
}

/** What the run knows of the people who asked to be forgotten. */
export function forgottenPeople(
	{ context, clock, forgotten }: Run,
	options: Pick<UploadOptions, 'collectTable'>,
): ForgottenPeople {
	const { collectTable } = options;
	const people =
		forgotten.get(collectTable) ??
		new ForgottenPeople(openTable(context, options), () => clock.now());
	forgotten.set(collectTable, people);
	return people;
}

/** The Data Table of that name, reached by sub-workflows that the node hands to n8n. */
export function openTable(
	context: IExecuteFunctions,
	{ collectTable }: Pick<UploadOptions, 'collectTable'>,
): Table {
	return new DataTable(collectTable, runInline(context), memoryOf(context));
}

// The sub-workflow belongs to the workflow that the node is in, and so to its project and its tables.
function runInline(context: IExecuteFunctions): RunWorkflow {
	return async (workflow, items) => {
		const parentExecution = {
			executionId: context.getExecutionId(),
			workflowId: context.getWorkflow().id as string,
		};
		const { data } = await context.executeWorkflow(
			{ code: workflow as unknown as IWorkflowBase },
			items.map((json) => ({ json: json as IDataObject })),
			undefined,
			{ parentExecution },
		);
		return (data[0] ?? []).map(({ json }) => json);
	};
}

const MEMORY = 'collectTables';

// n8n keeps it with the workflow: tables by name, nothing of what is in them.
function memoryOf(context: IExecuteFunctions): TableMemory {
	const data = context.getWorkflowStaticData('global');
	const known = (): IDataObject => (data[MEMORY] ?? {}) as IDataObject;
	return {
		tableOf: (name) => {
			const { id, project } = (known()[name] ?? {}) as IDataObject;
			if (typeof id !== 'string') return undefined;
			return typeof project === 'string' ? { id, project } : { id };
		},
		remember: (name, table) => {
			const { id, project } = (known()[name] ?? {}) as IDataObject;
			if (id === table.id && project === table.project) return;
			data[MEMORY] = { ...known(), [name]: { ...table } };
		},
	};
}

const REPORT_EVERY_MS = 1000;

/** What progress is reported with. */
interface Reporting {
	clock: Pick<Clock, 'now'>;
	context: Pick<IExecuteFunctions, 'sendMessageToUI'> & {
		logger: Pick<IExecuteFunctions['logger'], 'info'>;
	};
}

/** Reports progress in n8n's log and, for a run from the editor, in the browser's console, at most once a second. */
export class Progress {
	private reportedAt: number;

	constructor(private readonly run: Reporting) {
		this.reportedAt = run.clock.now();
	}

	/** @param message only numbers, no contacts */
	report(message: string): void {
		const { context, clock } = this.run;
		if (clock.now() - this.reportedAt < REPORT_EVERY_MS) return;
		this.reportedAt = clock.now();
		context.logger.info(message);
		context.sendMessageToUI(message);
	}
}
