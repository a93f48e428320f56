import assert from 'node:assert/strict';
import { KNOWN, type Simulator } from '../../test/simulator/simulator';
import { contacts } from '../contacts';
import { startCluster, type Cluster } from '../n8n/cluster';
import { assertWhole, bring, triggered } from '../n8n/collecting';
import { webhookWorkflow } from '../n8n/webhookWorkflow';
import { megabytes, seconds, type Report } from '../report';
import type { Part } from '../run';

const EXECUTIONS = 20;
const COUNT = 5000;

/** n8n's queue mode: submissions spread over workers, and two workers at one audience. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const cluster = await report.step(
		'one main and two workers start, with Redis and Postgres',
		async () => await startCluster(stage),
	);
	try {
		const scene = { cluster, simulator, report };
		const plain = await startPlain(scene);
		await spread(scene, plain);
		await oneAfterTheOther(scene);
	} finally {
		await cluster.stop();
	}
	const { main, workers } = cluster;
	const worker = Math.max(...workers.map(({ peakMemory }) => peakMemory));
	report.figure(
		`at most, each with its task runner: main ${megabytes(main.peakMemory)}, worker ${megabytes(worker)}`,
	);
};

interface Scene {
	cluster: Cluster;
	simulator: Simulator;
	report: Report;
}

/** The workflow that sends what its webhook brings, without the claim pattern. */
interface Plain {
	workflowId: string;
	bring(audience: string): Promise<Response>;
}

async function startPlain({ cluster }: Scene): Promise<Plain> {
	const { main, credential } = cluster;
	const { rest, url } = main;
	const customAudienceId = '={{ $json.audience }}';
	const workflowId = await rest.createWorkflow(webhookWorkflow({ credential, customAudienceId }));
	await rest.activate(workflowId);
	return {
		workflowId,
		bring: async (audience) =>
			await fetch(`${url}/webhook/contacts`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({
					contacts: contacts(COUNT).map((contact) => ({ ...contact, audience })),
				}),
			}),
	};
}

async function spread({ cluster, simulator, report }: Scene, { workflowId, bring }: Plain) {
	const { main, workers, workerOf } = cluster;

	await report.step(
		'20 executions of 5,000 contacts, each for its own audience: each whole and closed once',
		async () => {
			simulator.reset();
			const begin = Date.now();
			const audiences = Array.from({ length: EXECUTIONS }, (_, n) => `72000000000${100 + n}`);
			const answers = await Promise.all(audiences.map(bring));
			assert.deepEqual(
				answers.map(({ status }) => status),
				audiences.map(() => 200),
			);
			report.figure(`all done after ${seconds(begin)}`);
			assert.equal(simulator.uploads.length, EXECUTIONS);
			assert.deepEqual(simulator.uploads.map((s) => s.customAudienceId).sort(), audiences);
			for (const { batches, users, complete, mixed } of simulator.uploads) {
				assert.deepEqual(
					{ users: new Set(users.map(({ Email }) => Email)).size, complete, mixed },
					{ users: COUNT, complete: true, mixed: false },
				);
				assert.deepEqual(
					batches.map(({ last }) => last),
					[false, false, true],
				);
			}
			const executions = await main.rest.executionsOf(workflowId);
			const shares = workers.map(
				(worker) => executions.filter((execution) => workerOf(execution.id) === worker).length,
			);
			report.figure(`executions of each worker: ${shares.join(' and ')}`);
			assert.equal(shares[0]! + shares[1]!, EXECUTIONS);
			assert.ok(shares.every((share) => share > 0));
		},
	);

	await report.step(
		'why not: two workers that feed one audience at once mix their batches',
		async () => {
			simulator.reset();
			simulator.misbehave(() => true, { kind: 'slow', ms: 500 });
			// Within one worker submissions for an audience take turns, so enough of them that both workers have one.
			await Promise.all(Array.from({ length: 4 }, async () => await bring(KNOWN.customAudienceId)));
			report.figure(
				`uploads that Meta would see: ${simulator.uploads.map(({ batches, users }) => `${users.length} users in ${batches.length} calls`).join('; ')}`,
			);
			assert.ok(simulator.uploads.some(({ mixed }) => mixed));
		},
	);
}

async function oneAfterTheOther({ cluster, simulator, report }: Scene) {
	await report.step(
		"with 'Prevent Parallel Uploads' four runs of 5,000 arrive as four whole submissions",
		async () => {
			const { credential, main } = cluster;
			const { rest } = main;
			const options = { batchSize: 2000, oneSender: true, underMinimum: 'warn' };
			await rest.activate(
				await rest.createWorkflow(triggered(credential, { path: 'one', options })),
			);
			simulator.reset();
			simulator.misbehave(() => true, { kind: 'slow', ms: 500 });
			const begin = Date.now();
			const lists = Array.from({ length: 4 }, () => contacts(COUNT));
			const answers = await bring(rest, 'one', lists, { atOnce: 4 });
			report.figure(`all done after ${seconds(begin)}`);
			assert.deepEqual(
				answers.map(({ status }) => status),
				[200, 200, 200, 200],
			);
			assert.deepEqual(
				simulator.uploads.map(({ users }) => users.length),
				[COUNT, COUNT, COUNT, COUNT],
			);
			assertWhole(simulator);
		},
	);
}
