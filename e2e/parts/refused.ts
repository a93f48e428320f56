import assert from 'node:assert/strict';
import { contacts } from '../contacts';
import { arrived, bring, oneEach, sending, triggered } from '../n8n/collecting';
import { byStatus, readContacts } from '../n8n/dataTable';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Simulator } from '../../test/simulator/simulator';
import type { Part } from '../run';

const OPTIONS = { collectUntil: 20, batchSize: 10, maxTries: 1, minimumUsers: 20 };
const ON_ERROR = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

type Fault = Parameters<Simulator['misbehave']>[1];

const FAULTS: Record<string, Fault> = {
	'is throttled': { kind: 'businessError', code: 'Throttling.User' },
	'is answered with 503': { kind: 'html', status: 503 },
	'is refused for its key': { kind: 'error', status: 404, code: 'InvalidAccessKeyId.NotFound' },
	'is too large for a gateway': { kind: 'html', status: 413 },
};

/** Contacts that the API rejects in the middle of an upload wait again, and are sent with the next run. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const { server, credential } = await stage.n8n();
	const { rest } = server;
	const forced = await rest.createWorkflow(sending(credential, { force: true }));
	for (const onError of ON_ERROR) {
		const flow = triggered(credential, { path: onError, onError, options: OPTIONS });
		await rest.activate(await rest.createWorkflow(flow));
	}

	for (const [place, [fault, how]] of Object.entries(FAULTS).entries()) {
		for (const [index, onError] of ON_ERROR.entries()) {
			await report.step(`a later call ${fault} (On Error: ${onError})`, async () => {
				const audience = `75000000000${place}${index}`;
				const list = contacts(20, 1 + 100 * (place * 3 + index));
				const statuses = async () => byStatus(await readContacts(rest, audience));
				simulator.reset();
				await bring(rest, onError, [list.slice(0, 19)], { audience });
				assert.deepEqual(await statuses(), { waiting: 19 });
				simulator.misbehave((n) => n >= 2, how);
				const [answer] = await bring(rest, onError, oneEach(list.slice(19)), { audience });
				const isStopped = onError === 'stopWorkflow';
				assert.equal(answer?.status, isStopped ? 500 : 200, answer?.body);
				if (!isStopped) assertAdded(answer?.body ?? '');
				const first = arrived(simulator);
				assert.equal(first.size, 10);
				assert.deepEqual(await statuses(), { waiting: 10, sent: 10 });

				simulator.reset();
				const { status } = await rest.finished(await rest.run(forced, MANUAL_TRIGGER));
				assert.equal(status, 'success');
				const there = new Set([...first, ...arrived(simulator)]);
				assert.ok(list.every(({ email }) => there.has(email)));
				assert.deepEqual(await statuses(), { sent: 20 });
			});
		}
	}
};

/** The run's one contact has one fate, and none of those that would need a person. */
function assertAdded(body: string): void {
	const [summary] = JSON.parse(body) as Array<Record<string, number>>;
	const {
		received,
		submitted = 0,
		collected = 0,
		duplicates,
		invalid,
		failed,
		held,
	} = summary ?? {};
	const others = { duplicates: 0, invalid: 0, failed: 0, held: 0 };
	assert.equal(received, 1, body);
	assert.equal(submitted + collected, 1, body);
	assert.deepEqual({ duplicates, invalid, failed, held }, others);
}
