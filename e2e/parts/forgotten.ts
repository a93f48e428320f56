import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../../test/simulator/simulator';
import { contacts, type Contact } from '../contacts';
import { until } from '../machine/until';
import { ageLeases, startCluster, type Cluster } from '../n8n/cluster';
import { bring, forgetting, oneEach, sending, triggered } from '../n8n/collecting';
import { byStatus, readRows } from '../n8n/dataTable';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Report } from '../report';
import type { Part } from '../run';

const COLLECT = 'forgotten-collect';
const LIST = 'forgotten-list';
const FORGET = 'forgotten-forget';
/** Milliseconds after the call for Forget Users at which both workers are killed. */
const KILLED_AFTER = [60, 180, 350, 700];

interface Scene {
	cluster: Cluster;
	simulator: Simulator;
	report: Report;
	force(): Promise<string>;
}

/** With several workers and kills, nobody is sent after Forget Users reported them as forgotten. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const cluster = await report.step('one main and two workers start', async () => {
		return await startCluster(stage);
	});
	try {
		const { credential, main } = cluster;
		const { rest } = main;
		const list = { batchSize: 50, underMinimum: 'collect' };
		for (const workflow of [
			triggered(credential, { path: COLLECT }),
			triggered(credential, { path: LIST, options: list }),
			forgetting(credential, FORGET),
		]) {
			await rest.activate(await rest.createWorkflow(workflow));
		}
		const forced = await rest.createWorkflow(sending(credential, { force: true }));
		const force = async () =>
			(await rest.finished(await rest.run(forced, MANUAL_TRIGGER), 300)).status;
		const scene = { cluster, simulator, report, force };
		for (const [index, ms] of KILLED_AFTER.entries()) await killWhileForgetting(scene, ms, index);
		await forgetWhileSending(scene);
		await forgetWhileCollecting(scene);
	} finally {
		await cluster.stop();
	}
};

/** Half-done forgetting is completed when it runs again. */
async function killWhileForgetting(scene: Scene, ms: number, index: number): Promise<void> {
	const { cluster, simulator, report, force } = scene;
	await report.step(`both workers are killed ${ms} ms into Forget Users`, async () => {
		simulator.reset();
		const all = contacts(60, 100_001 + 1000 * index);
		const gone = all.slice(20, 30);
		assert.equal((await collect(scene, [all]))[0]?.status, 200);
		const forgetting = forget(scene, gone);
		await sleep(ms);
		await Promise.all(cluster.workers.map(async (worker) => await worker.kill()));
		await Promise.all(cluster.workers.map(cluster.startWorker));
		const isReported = await forgetting;
		report.figure(`${isReported ? 'reported' : 'not reported'}: ${await statuses(scene)}`);
		if (isReported) assert.deepEqual(await storedOf(scene, gone), []);
		assert.ok(isReported || (await forget(scene, gone)), 'it can run again');
		assert.deepEqual(await storedOf(scene, gone), []);
		const before = simulator.attempts.length;
		await collect(scene, [gone]);
		assert.deepEqual(await storedOf(scene, gone), []);
		ageLeases(cluster);
		assert.equal(await force(), 'success');
		assert.deepEqual(sentOf(simulator, gone, before), []);
		assert.equal(sentOf(simulator, all, before).length, 50);
	});
}

async function forgetWhileSending(scene: Scene): Promise<void> {
	const { cluster, simulator, report, force } = scene;
	await report.step(
		'a list is sent while people in it are forgotten, and its worker is killed',
		async () => {
			simulator.reset();
			simulator.misbehave(() => true, { kind: 'slow', ms: 1500 });
			const all = contacts(500, 120_001);
			const gone = [all[120], all[320], all[480]] as Contact[];
			const sending = bring(cluster.main.rest, LIST, [all]);
			await until('the first call arrived', () => simulator.attempts.length > 0, { everyMs: 20 });
			assert.ok(await forget(scene, gone));
			const reported = simulator.attempts.length;
			await until('two more arrived', () => simulator.attempts.length > reported + 1);
			await Promise.all(cluster.workers.map(async (worker) => await worker.kill()));
			await Promise.all(cluster.workers.map(cluster.startWorker));
			void sending;
			simulator.misbehave(() => false, { kind: 'slow', ms: 0 });
			ageLeases(cluster);
			await collect(scene, [all]);
			assert.equal(await force(), 'success');
			report.figure(`${simulator.attempts.length - reported} calls after it was reported`);
			assert.deepEqual(sentOf(simulator, gone, reported), []);
			assert.deepEqual(await storedOf(scene, gone), []);
		},
	);
}

async function forgetWhileCollecting(scene: Scene): Promise<void> {
	const { simulator, report, force } = scene;
	await report.step('people are forgotten while 20 runs at once store them', async () => {
		simulator.reset();
		// None of them has a phone number of someone who was forgotten before.
		const all = contacts(200, 140_301);
		const gone = all.slice(50, 60);
		const bringing = collect(scene, [...oneEach(all), ...oneEach(gone), ...oneEach(gone)]);
		await sleep(1500);
		assert.ok(await forget(scene, gone));
		const reported = simulator.attempts.length;
		const answers = await bringing;
		report.figure(
			`${answers.filter(({ status }) => status === 200).length} of ${answers.length} runs answered`,
		);
		await collect(scene, oneEach(gone));
		assert.deepEqual(await storedOf(scene, gone), []);
		assert.equal(await force(), 'success');
		assert.deepEqual(sentOf(simulator, gone, reported), []);
		assert.equal(sentOf(simulator, all, 0).length, 190);
	});
}

async function collect({ cluster }: Scene, groups: Contact[][]) {
	return await bring(cluster.main.rest, COLLECT, groups);
}

/** @returns whether it reported that they are forgotten */
async function forget({ cluster }: Scene, people: Contact[]): Promise<boolean> {
	const [answer] = await bring(cluster.main.rest, FORGET, [people]);
	if (answer?.status !== 200) return false;
	const rows = JSON.parse(answer.body) as Array<{ forgotten?: number; stepsLeft?: string[] }>;
	return rows.length === people.length && rows.every(({ forgotten = 0 }) => forgotten > 0);
}

function identifiersOf({ email }: Contact): string[] {
	return [email, createHash('sha256').update(email).digest('hex')];
}

/** Whom of them the simulator got, plain or hashed, from an attempt on. */
function sentOf({ attempts }: Simulator, people: Contact[], from: number): string[] {
	const sent = JSON.stringify(attempts.slice(from).map(({ users }) => users));
	const isSent = (text: string) => sent.includes(`"${text}"`);
	return people.filter((one) => identifiersOf(one).some(isSent)).map(({ email }) => email);
}

/** Whom of them the table contains, other than as forgotten. */
async function storedOf({ cluster }: Scene, people: Contact[]): Promise<string[]> {
	const rows = (await readRows(cluster.main.rest)).filter(({ status }) => status !== 'forgotten');
	const stored = new Set(rows.map(({ email }) => email));
	return people
		.filter((one) => identifiersOf(one).some((each) => stored.has(each)))
		.map(({ email }) => email);
}

async function statuses({ cluster }: Scene): Promise<string> {
	return JSON.stringify(byStatus(await readRows(cluster.main.rest)));
}
