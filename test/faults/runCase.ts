import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/transport/clock';
import { runRaw } from '../engine/runAddUsers';
import { itemsOf } from '../engine/runWorkflow';
import {
	startSimulator,
	type RecordedCall,
	type Simulator,
	type Submission,
} from '../simulator/simulator';
import type { FaultCase } from './cases';

export const BATCH_SIZE = 2;
export const MAX_TRIES = 3;
const LANES = 8;
const STRIDE = 97;
/** Seconds; for a silent server it is real time, and for any other far more than a call takes. */
const TIMEOUT = { silent: 0.25, other: 10 };

/** Three full batches of users, a contact that can't be sent and one that is there twice. */
export const CONTACTS: IDataObject[] = [
	{ email: 'ada@example.com', phone: '+1 555 010 0101' },
	{ email: 'Grace.Hopper@Example.com' },
	{ email: 'not an address' },
	{ email: "o'neil+news@example.com", phone: '+44 20 7946 0102' },
	{ email: 'ada@example.com' },
	{ phone: '+1 555 010 0103' },
	{ email: 'edsger@example.com' },
	{ email: 'barbara@example.com', phone: '+1 555 010 0105' },
];

/** What is sent for each item; undefined for those that are not. */
export const SENT: Array<string | undefined> = [
	'ada@example.com',
	'grace.hopper@example.com',
	undefined,
	"o'neil+news@example.com",
	undefined,
	'15550100103',
	'edsger@example.com',
	'barbara@example.com',
];

export interface RunSettings extends Pick<FaultCase, 'onError' | 'output'> {
	/** Whether calls may stay without an answer. */
	silent: boolean;
}

export interface Outcome {
	/** As n8n stores it; absent when the run went through. */
	error?: Error & { description?: string; context?: IDataObject };
	main: INodeExecutionData[];
	errorOutput: INodeExecutionData[];
	hints: string[];
	calls: RecordedCall[];
	submissions: Submission[];
}

/** Time without waiting; what would have been waited is kept. */
export function clockWithoutWaiting(waits: number[] = []): Clock {
	return {
		now: () => Date.now(),
		sleep: async (ms) => {
			waits.push(ms);
		},
		random: () => 0.5,
		nonce: () => randomUUID(),
	};
}

// Silent servers come together in the list; apart, their time-outs pass while other lanes work.
function shuffled(cases: FaultCase[]): FaultCase[] {
	return cases
		.map((one, index) => [(index * STRIDE) % cases.length, one] as const)
		.sort(([a], [b]) => a - b)
		.map(([, one]) => one);
}

/** Runs cases in n8n's engine, some at a time, each lane against a simulator of its own. */
export async function runCases(
	cases: FaultCase[],
	done: (one: FaultCase, outcome: Outcome) => void,
): Promise<void> {
	const queue = shuffled(cases).values();
	const lane = async () => {
		const simulator = await startSimulator();
		try {
			for (const one of queue) {
				simulator.misbehave((n) => isHit(one, n), one.fault);
				const silent = one.fault.kind === 'silence' || one.fault.kind === 'slow';
				done(one, await run(simulator, { ...one, silent }));
				simulator.reset();
			}
		} finally {
			await simulator.close();
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
}

/** Runs the contacts in n8n's engine against a simulator that was told how to misbehave. */
export async function run(simulator: Simulator, one: RunSettings): Promise<Outcome> {
	const { run, error, node } = await runRaw({
		simulator,
		contacts: CONTACTS,
		onError: one.onError,
		clock: clockWithoutWaiting(),
		set: {
			batchSize: BATCH_SIZE,
			maxTries: MAX_TRIES,
			timeout: one.silent ? TIMEOUT.silent : TIMEOUT.other,
			output: one.output,
			minimumUsers: 0,
		},
	});
	return {
		error: error as Outcome['error'],
		main: run ? itemsOf(run, node) : [],
		errorOutput: run ? itemsOf(run, node, 1) : [],
		hints:
			run?.data.resultData.runData[node]?.flatMap(({ hints = [] }) =>
				hints.map(({ message }) => message),
			) ?? [],
		calls: simulator.calls,
		submissions: simulator.submissions,
	};
}

function isHit({ length, position }: FaultCase, call: number): boolean {
	const first = { first: 1, middle: 2, last: 3 }[position];
	if (length === 'once') return call === first;
	return call >= first && (length === 'outage' || call < first + MAX_TRIES);
}
