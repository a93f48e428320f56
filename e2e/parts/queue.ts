import assert from 'node:assert/strict';
import { contacts, type Contact } from '../contacts';
import { until } from '../machine/until';
import { ageLeases, startCluster, type Cluster } from '../n8n/cluster';
import { arrived, assertWhole, bring, oneEach, sending, triggered } from '../n8n/collecting';
import { byStatus, readRows } from '../n8n/dataTable';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Simulator } from '../../test/simulator/simulator';
import type { Part } from '../run';

const PATH = 'collect';
const AUDIENCES = ['7300000000001', '7300000000002'];

/** Contacts are collected in queue mode: Postgres, two workers, ten runs at once in each. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const cluster = await report.step('one main and two workers start', async () => {
		return await startCluster(stage);
	});
	try {
		const { credential, main } = cluster;
		const { rest } = main;
		await rest.activate(await rest.createWorkflow(triggered(credential, { path: PATH })));
		const forced = await rest.createWorkflow(sending(credential, { force: true }));
		const force = async () => await rest.finished(await rest.run(forced, MANUAL_TRIGGER), 300);
		const scene = { cluster, simulator, force };

		await report.step('2,000 calls for two audiences, 20 at once', async () => {
			simulator.reset();
			const begin = Date.now();
			const answers = await Promise.all(
				AUDIENCES.map(async (audience, index) => {
					const groups = oneEach(contacts(1000, 1 + index * 10_000));
					return await bring(rest, PATH, groups, { audience, atOnce: 10 });
				}),
			);
			const statuses = answers.flat().map(({ status }) => status);
			const unanswered = statuses.filter((status) => status === 0).length;
			report.figure(`${Math.round(2_000_000 / (Date.now() - begin))} calls a second`);
			report.figure(`calls without an answer: ${unanswered}`);
			assert.ok(statuses.every((status) => status === 200 || status === 0));
			assert.ok(unanswered <= 10);
			report.figure(`submissions: ${sizesOf(simulator)}`);
			assert.equal((await force()).status, 'success');
			assertWhole(simulator);
			for (const [index, audience] of AUDIENCES.entries()) {
				const own = simulator.uploads.filter((one) => one.customAudienceId === audience);
				const list = contacts(1000, 1 + index * 10_000);
				assert.deepEqual(missing(list, { uploads: own } as Simulator), []);
				assert.ok(own.flatMap(({ users }) => users).every(({ Email }) => isOneOf(list, Email)));
			}
			assert.deepEqual(Object.keys(byStatus(await readRows(rest))), ['sent']);
		});

		await report.step(
			'a worker is killed while it holds the lease: another takes over',
			async () => {
				await killTheSender(scene);
				await Promise.all(cluster.workers.map(cluster.startWorker));
				const list = contacts(500, 50_001);
				assert.equal((await force()).status, 'success');
				const held = byStatus(await readRows(rest));
				report.figure(`before the lease is stale: ${JSON.stringify(held)}`);
				ageLeases(cluster);
				assert.equal((await force()).status, 'success');
				assert.deepEqual(missing(list, simulator), []);
				assert.deepEqual(Object.keys(byStatus(await readRows(rest))), ['sent']);
			},
		);
	} finally {
		await cluster.stop();
	}
};

/** Both workers: only one of them sends, and nothing tells from outside which. */
async function killTheSender({ cluster, simulator }: { cluster: Cluster; simulator: Simulator }) {
	simulator.reset();
	simulator.misbehave(1, { kind: 'slow', ms: 600_000 });
	const list = contacts(500, 50_001);
	const groups = Array.from({ length: 10 }, (_, index) => list.slice(index * 50, index * 50 + 50));
	const bringing = bring(cluster.main.rest, PATH, groups, { audience: AUDIENCES[0] });
	await until('the call arrived', () => simulator.uploads.length > 0, { everyMs: 20 });
	await Promise.all(cluster.workers.map(async (worker) => await worker.kill()));
	void bringing;
}

function sizesOf({ uploads }: Simulator): string {
	return uploads.map(({ users }) => users.length).join(', ');
}

function missing(list: Contact[], simulator: Simulator): string[] {
	const there = arrived(simulator);
	return list.map(({ email }) => email).filter((email) => !there.has(email));
}

function isOneOf(list: Contact[], email = ''): boolean {
	return list.some((contact) => contact.email === email);
}
