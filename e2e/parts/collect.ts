import assert from 'node:assert/strict';
import { KNOWN, type Simulator } from '../../test/simulator/simulator';
import { contacts, unusable, type Contact } from '../contacts';
import { until } from '../machine/until';
import { ageClaims, byStatus, readRows } from '../n8n/dataTable';
import { MANUAL_TRIGGER, shipped } from '../n8n/shipped';
import type { Part } from '../run';

const AT_ONCE = 20;

/** Contacts that come one by one are collected, and sent together. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const { server, folder, credential } = await stage.n8n();
	const { rest } = server;
	const { custSpaceId, pageId, adAccountId } = KNOWN;
	const choice = {
		credential,
		custSpaceId,
		pageId,
		adAccountId,
		customAudienceId: '7100000000001',
	};
	await rest.activate(await rest.createWorkflow(shipped('collect-contacts.json')));
	const sending = await rest.createWorkflow(shipped('send-collected-contacts.json', choice));
	const startSending = async () => await rest.run(sending, MANUAL_TRIGGER);
	const send = async () => await rest.finished(await startSending());
	const bring = async (list: Contact[]) =>
		await bringEach(`${server.url}/webhook/new-contact`, list);
	const statuses = async () => byStatus(await readRows(rest));

	await report.step(
		'300 webhook calls, 20 at once, 30 of them repeats: 270 contacts are kept',
		async () => {
			const begin = Date.now();
			await bring([...contacts(270), ...contacts(30)]);
			report.figure(`${Math.round(300_000 / (Date.now() - begin))} contacts a second`);
			assert.deepEqual(await statuses(), { pending: 270 });
		},
	);

	await report.step('with fewer than 500 nothing is sent, and all stay pending', async () => {
		simulator.reset();
		assert.equal((await send()).status, 'success');
		assert.equal(simulator.calls.length, 0);
		assert.deepEqual(await statuses(), { pending: 270 });
	});

	await report.step(
		'300 more, 30 of them repeats; then one call with every contact once',
		async () => {
			await bring([...contacts(270, 271), ...contacts(30, 200)]);
			assert.equal((await send()).status, 'success');
			assert.deepEqual(callsOf(simulator), [{ users: 540, last: true, total: 540 }]);
			assert.deepEqual(sent(simulator), emails(contacts(540)));
			assert.deepEqual(await statuses(), { submitted: 540 });
		},
	);

	await report.step(
		'40 late contacts go together with earlier ones; a refused one is marked with its reason',
		async () => {
			simulator.reset();
			const bad = unusable(90_001);
			await bring([...contacts(39, 541), bad]);
			assert.equal((await send()).status, 'success');
			assert.deepEqual(callsOf(simulator), [{ users: 579, last: true, total: 579 }]);
			assert.deepEqual(sent(simulator), emails(contacts(579)));
			assert.deepEqual(await statuses(), { submitted: 579, refused: 1 });
			const marked = (await readRows(rest)).find(({ status }) => status === 'refused');
			assert.deepEqual([marked?.email, marked?.reason], [bad.email, 'email_invalid']);
		},
	);

	await report.step('two runs at the same moment send nothing twice', async () => {
		simulator.reset();
		await bring(contacts(60, 580));
		const runs = await Promise.all([startSending(), startSending()]);
		for (const run of runs) assert.equal((await rest.finished(run)).status, 'success');
		assert.deepEqual(callsOf(simulator), [{ users: 639, last: true, total: 639 }]);
		assert.deepEqual(await statuses(), { submitted: 639, refused: 1 });
	});

	await report.step(
		'n8n is killed between sending and marking: the rows stay claimed',
		async () => {
			simulator.reset();
			await bring(contacts(20, 640));
			simulator.misbehave(1, { kind: 'slow', ms: 600_000 });
			await startSending();
			await until('the call arrived', () => simulator.submissions.length === 1);
			await server.kill();
			simulator.reset();
			await server.start();
			assert.deepEqual(await statuses(), { submitted: 639, refused: 1, claimed: 20 });
		},
	);

	await report.step('a run within the hour gives way to these claims', async () => {
		await bring(contacts(1, 660));
		assert.equal((await send()).status, 'success');
		assert.equal(simulator.calls.length, 0);
		assert.deepEqual(await statuses(), { submitted: 639, refused: 1, claimed: 20, pending: 1 });
	});

	await report.step('a run after the hour sends them all: nothing is lost', async () => {
		ageClaims(folder);
		assert.equal((await send()).status, 'success');
		assert.deepEqual(callsOf(simulator), [{ users: 660, last: true, total: 660 }]);
		assert.deepEqual(sent(simulator), emails(contacts(660)));
		assert.deepEqual(await statuses(), { submitted: 660, refused: 1 });
	});

	await report.step(
		'a call that is not accepted ends the run, and the rows are pending again',
		async () => {
			simulator.reset();
			await bring(contacts(20, 661));
			simulator.misbehave(() => true, { kind: 'businessError', code: 'System.Busy' });
			const execution = await send();
			assert.equal(execution.status, 'error');
			report.figure(`the run ends with: ${String(execution.data.resultData.error?.message)}`);
			assert.deepEqual(await statuses(), { submitted: 660, refused: 1, pending: 20 });
			simulator.reset();
			assert.equal((await send()).status, 'success');
			assert.deepEqual(await statuses(), { submitted: 680, refused: 1 });
		},
	);
};

/** One call for each contact, 20 at once, as a CRM makes them. */
async function bringEach(url: string, list: Contact[]): Promise<void> {
	const waiting = [...list];
	const caller = async (): Promise<void> => {
		for (let contact = waiting.shift(); contact; contact = waiting.shift()) {
			const response = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(contact),
			});
			assert.equal(response.status, 200, await response.text());
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, caller));
}

function callsOf({ submissions }: Simulator) {
	return submissions.flatMap(({ calls }) =>
		calls.map(({ users, last, total }) => ({ users: users.length, last, total })),
	);
}

function sent({ submissions }: Simulator): string[] {
	return submissions.flatMap(({ users }) => users.map(({ Email = '' }) => Email)).sort();
}

function emails(list: Contact[]): string[] {
	return list.map(({ email }) => email).sort();
}
