import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { contacts, type Contact } from '../contacts';
import { arrived, assertWhole, bring, oneEach, sending, triggered } from '../n8n/collecting';
import { age, byStatus, readContacts } from '../n8n/dataTable';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Part } from '../run';

const PATH = 'late';
const AUDIENCE = '7400000000001';
const SECONDS = 45;
const LATE = { collectHours: SECONDS / 3600 };

/** A CRM with few contacts: they are sent with previously sent ones, and no one stays in the table forever. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const { server, folder, credential } = await stage.n8n();
	const { rest } = server;
	await rest.activate(
		await rest.createWorkflow(triggered(credential, { path: PATH, options: LATE })),
	);
	const timed = await rest.createWorkflow(sending(credential, LATE));
	const forced = await rest.createWorkflow(sending(credential, { force: true }));
	const send = async (workflow: string) => {
		const { status } = await rest.finished(await rest.run(workflow, MANUAL_TRIGGER));
		assert.equal(status, 'success');
	};
	const come = async (groups: Contact[][]) => {
		const answers = await bring(rest, PATH, groups, { audience: AUDIENCE });
		assert.ok(answers.every(({ status }) => status === 200));
		return answers.map(({ body }) => body).join('\n');
	};
	const statuses = async () => byStatus(await readContacts(rest, AUDIENCE));
	const sizes = () => simulator.uploads.map(({ users }) => users.length);

	await report.step('a list of 5,000, then one lead: it goes in time with 499 others', async () => {
		simulator.reset();
		await come([contacts(5000)]);
		assert.deepEqual(sizes(), [5000]);
		assert.deepEqual(await statuses(), { sent: 500 });
		const body = await come(oneEach(contacts(1, 6001)));
		report.figure(/"next":"([^"]*)"/.exec(body)?.[1] ?? body);
		await send(timed);
		assert.deepEqual(sizes(), [5000]);
		await sleep(SECONDS * 1000);
		await send(timed);
		assert.deepEqual(sizes(), [5000, 500]);
		assertWhole(simulator);
		assert.ok(arrived(simulator).has('contact6001@example.com'));
		assert.deepEqual(await statuses(), { sent: 501 });
	});

	await report.step('40 late contacts go together, with 460 others', async () => {
		simulator.reset();
		await come(oneEach(contacts(40, 7001)));
		assert.deepEqual(sizes(), []);
		await sleep(SECONDS * 1000);
		await send(timed);
		assert.deepEqual(sizes(), [500]);
		assertWhole(simulator);
		const there = arrived(simulator);
		assert.ok(contacts(40, 7001).every(({ email }) => there.has(email)));
		assert.deepEqual(await statuses(), { sent: 541 });
	});

	await report.step(
		"'Keep Days' deletes contacts that were sent, and never one that waits",
		async () => {
			simulator.reset();
			await come(oneEach(contacts(1, 8001)));
			const own = `audience LIKE '%/${AUDIENCE}'`;
			age(folder, `"waitingSince" = '2020-01-01 00:00:00.000'`, `${own} AND status = 'waiting'`);
			const old = `${own} AND status = 'sent' AND email LIKE 'contact49%'`;
			age(folder, `"sentAt" = '2020-01-01 00:00:00.000'`, old);
			await send(forced);
			const rows = await readContacts(rest, AUDIENCE);
			assert.deepEqual(byStatus(rows), { sent: 442 });
			assert.ok(rows.every(({ email }) => !email?.startsWith('contact49')));
			assert.ok(arrived(simulator).has('contact8001@example.com'));
		},
	);
};
