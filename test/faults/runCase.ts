import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../nodes/AlibabaCloudChatApp/async';
import { runNode } from '../engine/runNode';
import {
	type Fault,
	type RecordedRequest,
	type Simulator,
	startSimulator,
	type Upload,
} from '../simulator/simulator';
import type { FaultCase } from './cases';
import { asItems, fileOf } from './fileOutcome';

export const BATCH_SIZE = 2;
export const MAX_TRIES = 3;
const LANES = 4;

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

export interface RunSettings extends Pick<FaultCase, 'onError' | 'output' | 'source' | 'usersIn'> {
	/** Whether a call, counted from 1, gets no answer in time. */
	isSilent: (call: number) => boolean;
}

export interface Outcome {
	/** As n8n stores it; absent when the run went through. */
	error?: Error & { description?: string; context?: IDataObject };
	main: INodeExecutionData[];
	errorOutput: INodeExecutionData[];
	hints: string[];
	calls: RecordedRequest[];
	uploads: Upload[];
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

/** Such a clock whose timeouts come as soon as the server has kept silent, and never while it answers. */
function clockFor(simulator: Simulator, isSilent: RunSettings['isSilent']): Clock {
	// The first call asks for the audience's number of people.
	let calls = -1;
	const timer = () => {
		const call = ++calls;
		const controller = new AbortController();
		const look = () => {
			if (simulator.attempts.length >= call) controller.abort();
			else setTimeout(look, 1);
		};
		if (isSilent(call)) look();
		return controller.signal;
	};
	return { ...clockWithoutWaiting(), timer };
}

/** Runs cases in n8n's engine, some at a time, each lane with a separate simulator. */
export async function runCases(
	cases: FaultCase[],
	done: (one: FaultCase, outcome: Outcome) => void,
): Promise<void> {
	const queue = cases.values();
	const lane = async () => {
		const simulator = await startSimulator();
		try {
			for (const one of queue) {
				simulator.misbehave((n) => isHit(one, n), one.fault);
				const isSilent = (n: number) => staysSilent(one.fault) && isHit(one, n);
				done(one, await run(simulator, { ...one, isSilent }));
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
	const { items, errorItems, error, hints } = await runNode({
		simulator,
		items: CONTACTS,
		...(one.source && { files: [{ name: 'contacts.csv', content: fileOf(CONTACTS) }] }),
		onError: one.onError,
		clock: clockFor(simulator, one.isSilent),
		set: {
			batchSize: BATCH_SIZE,
			maxTries: MAX_TRIES,
			output: one.output,
			sendUsersIn: one.usersIn,
			minimumUsers: 0,
		},
	});
	const put = { main: items, errorOutput: errorItems };
	return {
		error,
		...(one.source ? asItems(put, CONTACTS, one) : put),
		hints: hints.map(({ message }) => message),
		calls: simulator.attempts,
		uploads: simulator.uploads,
	};
}

/** Whether the answer to a call with this fault comes never, or too late. */
export function staysSilent(fault: Fault): boolean {
	if (fault.kind === 'hostile') return fault.how === 'dripping';
	return fault.kind === 'silence' || fault.kind === 'slow';
}

function isHit({ length, position }: FaultCase, call: number): boolean {
	const first = { first: 1, middle: 2, last: 3 }[position];
	if (length === 'once') return call === first;
	return call >= first && (length === 'outage' || call < first + MAX_TRIES);
}
