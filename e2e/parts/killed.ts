import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { contacts, type Contact } from '../contacts';
import { until } from '../machine/until';
import { arrived, bring, oneEach, sending, triggered, type Brought } from '../n8n/collecting';
import { ageLeases, byStatus, readRows } from '../n8n/dataTable';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Simulator } from '../../test/simulator/simulator';
import type { Part } from '../run';

const PATH = 'killed';

/** Nobody is lost who was stored, at whatever moment n8n is killed. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const { server, folder, credential } = await stage.n8n();
	const { rest } = server;
	await rest.activate(await rest.createWorkflow(triggered(credential, { path: PATH })));
	const forced = await rest.createWorkflow(sending(credential, { force: true }));

	for (const [index, [moment, { spoil, meet, singly }]] of Object.entries(MOMENTS).entries()) {
		await report.step(`n8n is killed ${moment}: nobody is lost`, async () => {
			const mine = contacts(520, 10_001 + 1000 * index);
			simulator.reset();
			spoil?.(simulator);
			const answers: Brought[] = [];
			const calls = singly ? oneEach(mine.slice(0, 60)) : groups(mine);
			const bringing = bring(rest, PATH, calls, { answers });
			await meet({ simulator, answers, log: server.log });
			await server.kill();
			await bringing;
			await server.start();
			const kept = answers.filter(({ status }) => status === 200).flatMap((one) => one.contacts);
			const left = byStatus(await readRows(rest));
			report.figure(`${kept.length} were answered for; left: ${JSON.stringify(left)}`);
			ageLeases(folder);
			const next = await rest.finished(await rest.run(forced, MANUAL_TRIGGER));
			assert.equal(next.status, 'success');
			const rows = (await readRows(rest)).filter(({ status }) => status !== 'lease');
			const own = new Set(mine.map(({ email }) => email));
			const stored = rows.flatMap(({ email }) => (email !== null && own.has(email) ? email : []));
			const there = arrived(simulator);
			const lost = [...stored, ...kept.map(({ email }) => email)].filter((one) => !there.has(one));
			assert.deepEqual(lost, []);
			assert.deepEqual(Object.keys(byStatus(rows)), ['sent']);
		});
	}
};

interface Scene {
	simulator: Simulator;
	/** What was answered so far. */
	answers: Brought[];
	/** The path of n8n's log. */
	log: string;
}

interface Moment {
	/** Whether the contacts come one by one, too few to be sent, so that runs store together. */
	singly?: boolean;
	spoil?(simulator: Simulator): void;
	/** Ends when the moment is there. */
	meet(scene: Scene): Promise<unknown>;
}

const OFTEN = { everyMs: 2 };

/** A sub-workflow that stores: of the first run for itself, then of one run for all that came meanwhile. */
const STORING: Array<[moment: string, node: string, what: 'started' | 'finished', time: number]> = [
	['before a run stores', 'Step 1', 'started', 1],
	['after a run stored', 'Step 1', 'finished', 1],
	['before one run stores for others', 'Step 1', 'started', 2],
	['after one run stored for others', 'Step 1', 'finished', 2],
	['before one run reads for others', 'Step 2', 'started', 2],
	['after one run read for others', 'Step 2', 'finished', 2],
	['before one run checks the table for others', 'List Tables', 'started', 2],
	['before others have what one run read', 'Merge 1', 'finished', 2],
	['before the next run stores for others', 'Step 1', 'started', 3],
	['after the next run stored for others', 'Step 1', 'finished', 3],
];

const MOMENTS: Record<string, Moment> = {
	'while storing': {
		singly: true,
		meet: async ({ answers }) => await until('some are stored', () => answers.length > 10, OFTEN),
	},
	...Object.fromEntries(
		STORING.map(([moment, node, what, time]): [string, Moment] => {
			const text = `Running node "${node}" ${what}`;
			return [moment, { singly: true, meet: async ({ log }) => await logged(log, text, time) }];
		}),
	),
	'between claim and send': {
		// It waits before the next try, with the rows claimed and nobody sent.
		spoil: (simulator) =>
			simulator.misbehave(1, { kind: 'businessError', code: 'Throttling.User' }),
		meet: async ({ simulator }) =>
			await until('the call was refused', () => simulator.requests.length > 0, OFTEN),
	},
	'in the middle of the calls': {
		spoil: (simulator) => simulator.misbehave(1, { kind: 'slow', ms: 600_000 }),
		meet: async ({ simulator }) =>
			await until('the call arrived', () => simulator.uploads.length > 0, OFTEN),
	},
	'between send and mark': { meet: isAnswered },
	'while marking': {
		meet: async (scene) => {
			await isAnswered(scene);
			await logged(scene.log, 'Running node "Step 1" finished', 1);
		},
	},
};

async function isAnswered({ simulator }: Scene): Promise<unknown> {
	const ok = () => simulator.uploads.some(({ batches }) => batches.some((one) => one.acknowledged));
	return await until('the answer is out', ok, OFTEN);
}

/** Waits until n8n has logged a text that many times from now on. */
async function logged(log: string, text: string, times: number): Promise<unknown> {
	const { size } = statSync(log);
	const isThere = () => logFrom(log, size).split(text).length > times;
	return await until(`${text}, ${times} times`, isThere, OFTEN);
}

function logFrom(path: string, position: number): string {
	const length = Math.max(0, statSync(path).size - position);
	const file = openSync(path, 'r');
	try {
		const buffer = Buffer.alloc(length);
		readSync(file, buffer, 0, length, position);
		return buffer.toString();
	} finally {
		closeSync(file);
	}
}

/** Fewer calls than contacts: 40 in each. */
function groups(list: Contact[]): Contact[][] {
	return Array.from({ length: 13 }, (_, index) => list.slice(index * 40, (index + 1) * 40));
}
