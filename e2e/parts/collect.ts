import assert from 'node:assert/strict';
import { contacts, type Contact } from '../contacts';
import {
	arrived,
	assertWhole,
	bring,
	oneEach,
	sending,
	triggered,
	type Brought,
} from '../n8n/collecting';
import { byStatus, querySqlite, readRows } from '../n8n/dataTable';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Part } from '../run';

const PATH = 'collect';

/** Contacts that come one by one are collected, and sent together. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const { server, folder, credential } = await stage.n8n();
	const { rest } = server;
	const collecting = await rest.createWorkflow(triggered(credential, { path: PATH }));
	await rest.activate(collecting);
	const forced = await rest.createWorkflow(sending(credential, { force: true }));
	const force = async () => await rest.finished(await rest.run(forced, MANUAL_TRIGGER));
	const statuses = async () => byStatus(await readRows(rest));
	const emails = (list: Contact[]) => list.map(({ email }) => email);

	await report.step('1,350 webhook calls, 20 at once, 200 of them repeats', async () => {
		simulator.reset();
		const begin = Date.now();
		const list = [...contacts(1150), ...contacts(200, 401)].sort((a, b) => hash(a) - hash(b));
		const answers = await bring(rest, PATH, oneEach(list));
		for (const { id, status } of await rest.executionsOf(collecting)) {
			if (status === 'success') continue;
			const { data } = await rest.execution(id);
			report.figure(`${status}: ${JSON.stringify(data.resultData.error).slice(0, 600)}`);
		}
		report.figure(`${Math.round(1_350_000 / (Date.now() - begin))} calls a second`);
		report.figure(timesOf(answers));
		assert.deepEqual(
			answers.filter(({ status }) => status !== 200),
			[],
		);
		const sizes = simulator.uploads.map(({ users }) => users.length);
		report.figure(`submissions: ${sizes.join(', ')}; then ${JSON.stringify(await statuses())}`);
		assert.equal(sizes.length, 2);
		assert.ok(sizes.every((size) => size >= 500));
		assert.equal((await force()).status, 'success');
		assert.equal(simulator.uploads.length, 3);
		assertWhole(simulator);
		assert.deepEqual([...arrived(simulator)].sort(), emails(contacts(1150)).sort());
		assert.deepEqual(Object.keys(await statuses()), ['sent']);
	});

	await report.step('n8n keeps none of the sub-workflows', async () => {
		const inFlight = "SELECT count(*) AS n FROM execution_entity WHERE status = 'running'";
		const [all] = querySqlite<{ n: number }>(folder, inFlight);
		const [kept] = querySqlite<{ n: number }>(folder, `${inFlight} AND "deletedAt" IS NULL`);
		report.figure(`marked as deleted, still with the status 'running': ${all?.n}`);
		assert.equal(kept?.n, 0);
	});
};

function timesOf(answers: Brought[]): string {
	const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
	const median = times[Math.floor(times.length / 2)];
	return `a call: median ${median} ms, slowest ${times.at(-1)} ms`;
}

/** An order that mixes repeats among the others, the same each time. */
function hash({ email }: Contact): number {
	return [...email].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 1009, 7);
}
