import assert from 'node:assert/strict';
import { KNOWN, type Simulator } from '../../test/simulator/simulator';
import { contacts } from '../contacts';
import { until } from '../machine/until';
import { startCluster, type Cluster } from '../n8n/cluster';
import { addPending, byStatus, readRows } from '../n8n/dataTable';
import { MANUAL_TRIGGER, shipped } from '../n8n/shipped';
import { webhookWorkflow } from '../n8n/webhookWorkflow';
import { megabytes, seconds, type Report } from '../report';
import type { Part } from '../run';

const EXECUTIONS = 20;
const COUNT = 5000;

/** n8n's queue mode: submissions spread over workers, a worker that is killed, and two workers at one audience. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const credentialData = await stage.credentialData();
	const cluster = await report.step(
		'one main and two workers start, with Redis and Postgres',
		async () => await startCluster(stage),
	);
	try {
		const { rest } = cluster.main;
		await rest.setUpOwner();
		const credential = await rest.createCredential('Alibaba Cloud account', credentialData);
		const scene = { cluster, simulator, report, credential };
		const plain = await startPlain(scene);
		await spread(scene, plain);
		await claims(scene, plain);
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
	credential: { id: string; name: string };
}

/** The workflow that sends what its webhook brings, without the claim pattern. */
interface Plain {
	workflowId: string;
	bring(audience: string): Promise<Response>;
}

async function startPlain({ cluster, credential }: Scene): Promise<Plain> {
	const { rest, url } = cluster.main;
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
			assert.equal(simulator.submissions.length, EXECUTIONS);
			assert.deepEqual(simulator.submissions.map((s) => s.customAudienceId).sort(), audiences);
			for (const { calls, users, closed, mixed } of simulator.submissions) {
				assert.deepEqual(
					{ users: new Set(users.map(({ Email }) => Email)).size, closed, mixed },
					{ users: COUNT, closed: true, mixed: false },
				);
				assert.deepEqual(
					calls.map(({ last }) => last),
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
				`submissions that Meta would see: ${simulator.submissions.map(({ calls, users }) => `${users.length} users in ${calls.length} calls`).join('; ')}`,
			);
			assert.ok(simulator.submissions.some(({ mixed }) => mixed));
		},
	);
}

async function claims({ cluster, simulator, report, credential }: Scene, plain: Plain) {
	const { main, workers, workerOf } = cluster;
	const { rest } = main;
	const { custSpaceId, pageId, adAccountId, customAudienceId } = KNOWN;
	const choice = { credential, custSpaceId, pageId, adAccountId, customAudienceId };
	const sending = await rest.createWorkflow(shipped('send-collected-contacts.json', choice));
	const startSending = async () => await rest.run(sending, MANUAL_TRIGGER);
	const send = async () => await rest.finished(await startSending());
	const statuses = async () => byStatus(await readRows(rest));
	const calls = () =>
		simulator.submissions.flatMap((s) => s.calls.map(({ users }) => users.length));

	await report.step(
		'a second run, on the other worker, gives way to the one that is sending',
		async () => {
			assert.equal((await send()).status, 'success');
			await addPending(rest, contacts(600));
			simulator.reset();
			simulator.misbehave(1, { kind: 'slow', ms: 20_000 });
			const first = await startSending();
			await until('the call arrived', () => simulator.submissions.length === 1);
			await addPending(rest, contacts(50, 601));
			const others = new Set<string>();
			while (!others.has('other')) {
				const second = await send();
				assert.equal(second.status, 'success');
				others.add(workerOf(second.id) === workerOf(first) ? 'same' : 'other');
			}
			assert.deepEqual(calls(), [600]);
			assert.deepEqual(await statuses(), { claimed: 600, pending: 50 });
			assert.equal((await rest.finished(first)).status, 'success');
			assert.equal((await send()).status, 'success');
			assert.deepEqual(calls(), [600, 650]);
			assert.ok(simulator.submissions.every(({ closed, mixed }) => closed && !mixed));
			assert.deepEqual(await statuses(), { submitted: 650 });
		},
	);

	await report.step('workers are killed in the middle: n8n ends their runs as failed', async () => {
		await addPending(rest, contacts(600, 651));
		simulator.reset();
		simulator.misbehave((n) => n > 1, { kind: 'slow', ms: 600_000 });
		// One that is in the middle of its submission, and one that has sent but not marked.
		const answer = plain.bring('7200000000200').catch(() => undefined);
		await until('its second batch arrived', () => simulator.calls.length === 2);
		const [other] = await rest.executionsOf(plain.workflowId);
		const claiming = await startSending();
		await until('the call arrived', () => simulator.submissions.length === 2);
		const begin = Date.now();
		await Promise.all(workers.map(async (worker) => await worker.kill()));
		// Only a living worker notices that another one's lock has run out.
		await Promise.all(workers.map(cluster.startWorker));
		for (const run of [claiming, String(other?.id)]) {
			const { status, data } = await rest.finished(run, 300);
			assert.ok(status === 'error' || status === 'crashed', status);
			report.figure(
				`after ${seconds(begin)}: ${status}, "${String(data.resultData.error?.message)}"`,
			);
		}
		for (const { users, closed, calls } of simulator.submissions) {
			const answers = calls.map(({ acknowledged }) => (acknowledged ? 'delivered' : 'lost'));
			report.figure(
				`received: ${users.length} users, ${closed ? 'closed' : 'left open'}, answers ${answers.join(', ')}`,
			);
		}
		assert.deepEqual(await statuses(), { submitted: 650, claimed: 600 });
		await answer;
	});

	await report.step('after the hour its claims are released, and nothing is lost', async () => {
		simulator.reset();
		assert.equal((await send()).status, 'success');
		assert.deepEqual(calls(), []);
		ageClaims(cluster);
		assert.equal((await send()).status, 'success');
		assert.deepEqual(calls(), [600]);
		assert.deepEqual(await statuses(), { submitted: 1250 });
	});
}

function ageClaims({ query }: Cluster): void {
	const tables = query(
		"SELECT tablename FROM pg_tables WHERE tablename LIKE 'data\\_table\\_user\\_%'",
	);
	for (const table of tables.split('\n').filter(Boolean)) {
		query(
			`UPDATE "${table}" SET "updatedAt" = "updatedAt" - interval '61 minutes' WHERE status = 'claimed'`,
		);
	}
}
