import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { contacts, type Contact } from '../contacts';
import { until } from '../machine/until';
import {
	arrived,
	assertWhole,
	bring,
	oneEach,
	sending,
	triggered,
	type Brought,
} from '../n8n/collecting';
import { ageLeases, byStatus, readRows } from '../n8n/dataTable';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Part } from '../run';

const PATH = 'collect';

/** Contacts that come one by one are collected, and sent together, whatever happens to n8n. */
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
		const sizes = simulator.submissions.map(({ users }) => users.length);
		report.figure(`submissions: ${sizes.join(', ')}; then ${JSON.stringify(await statuses())}`);
		assert.equal(sizes.length, 2);
		assert.ok(sizes.every((size) => size >= 500));
		assert.equal((await force()).status, 'success');
		assert.equal(simulator.submissions.length, 3);
		assertWhole(simulator);
		assert.deepEqual([...arrived(simulator)].sort(), emails(contacts(1150)).sort());
		assert.deepEqual(Object.keys(await statuses()), ['sent']);
	});

	for (const [index, [moment, meet]] of Object.entries(MOMENTS).entries()) {
		await report.step(`n8n is killed ${moment}: nobody is lost`, async () => {
			const mine = contacts(520, 10_001 + 1000 * index);
			simulator.reset();
			const refuse = moment === 'between claim and send';
			const slow = moment === 'in the middle of the calls';
			if (refuse) simulator.misbehave(1, { kind: 'businessError', code: 'Throttling.User' });
			if (slow) simulator.misbehave(1, { kind: 'slow', ms: 600_000 });
			const stored: Brought[] = [];
			const isFirst = moment === 'while storing';
			const bringing = bring(rest, PATH, isFirst ? oneEach(mine.slice(0, 60)) : groups(mine)).then(
				(answers) => stored.push(...answers),
			);
			await meet(simulator);
			await server.kill();
			await bringing;
			await server.start();
			const kept = stored.filter(({ status }) => status === 200).flatMap((one) => one.contacts);
			report.figure(`answered before: ${kept.length}, left ${JSON.stringify(await statuses())}`);
			ageLeases(folder);
			assert.equal((await force()).status, 'success');
			const rows = (await readRows(rest)).filter(({ status }) => status !== 'lease');
			const gone = arrived(simulator);
			const written = rows.map(({ email }) => email ?? '');
			const own = new Set(emails(mine));
			const lost = [...emails(kept), ...written.filter((email) => own.has(email))];
			assert.deepEqual(
				lost.filter((email) => !gone.has(email)),
				[],
			);
			assert.deepEqual(Object.keys(await statuses()), ['sent']);
		});
	}
};

type Meet = (simulator: Parameters<typeof arrived>[0]) => Promise<unknown>;

const MOMENTS: Record<string, Meet> = {
	'while storing': async () => await sleep(1500),
	'between claim and send': async ({ calls }) =>
		await until('the call was refused', () => calls.length > 0, { everyMs: 5 }),
	'in the middle of the calls': async (simulator) =>
		await until('the call arrived', () => simulator.submissions.length > 0, { everyMs: 5 }),
	'between send and mark': async (simulator) =>
		await until('the answer is out', () => isAnswered(simulator), { everyMs: 2 }),
	'while marking': async (simulator) => {
		await until('the answer is out', () => isAnswered(simulator), { everyMs: 2 });
		await sleep(40);
	},
};

function isAnswered({ submissions }: Parameters<typeof arrived>[0]): boolean {
	return submissions.some(({ calls }) => calls.some(({ acknowledged }) => acknowledged));
}

/** Fewer calls than contacts: 40 in each. */
function groups(list: Contact[]): Contact[][] {
	return Array.from({ length: 13 }, (_, index) => list.slice(index * 40, (index + 1) * 40));
}

function timesOf(answers: Brought[]): string {
	const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
	const median = times[Math.floor(times.length / 2)];
	return `a call: median ${median} ms, slowest ${times.at(-1)} ms`;
}

/** An order that mixes repeats among the others, the same each time. */
function hash({ email }: Contact): number {
	return [...email].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 1009, 7);
}
