import assert from 'node:assert/strict';
import { KNOWN } from '../../test/simulator/simulator';
import { contacts, unusable, type Contact } from '../contacts';
import { MANUAL_TRIGGER, shipped } from '../n8n/shipped';
import type { Part } from '../run';

const FILE = 'large-list-in-pages.json';
const PAGE = 1000;

/** A list in pages is one submission, closed once, on its last page. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const outside = await stage.outside();
	const { server, credential } = await stage.n8n();
	const { rest } = server;
	const ids = (n: number) => ({ ...KNOWN, customAudienceId: `7000000000000${n}` });
	const { roleArn: _role, ...known } = ids(1);
	const id = await rest.createWorkflow(shipped(FILE, { credential, ...known }));

	/** @returns users of each call */
	async function runWith(list: Contact[], valid: number): Promise<void> {
		simulator.reset();
		outside.contacts = list;
		const execution = await rest.finished(await rest.run(id, MANUAL_TRIGGER));
		assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
		assert.equal(simulator.uploads.length, 1);
		const [upload] = simulator.uploads;
		const { batches = [], complete, mixed } = upload ?? {};
		assert.deepEqual({ complete, mixed }, { complete: true, mixed: false });
		const pages = Math.ceil(valid / PAGE);
		assert.deepEqual(
			batches.map(({ users, last, total }) => [users.length, last, total]),
			Array.from({ length: pages }, (_, page) => [
				Math.min(PAGE, valid - page * PAGE),
				page === pages - 1,
				valid,
			]),
		);
		assert.equal(new Set(upload?.users.map(({ Email }) => Email)).size, valid);
		assert.equal(execution.output('Contacts Not Sent').length, list.length - valid);
		assert.deepEqual(execution.output('Totals'), [
			{ count_received: pages, sum_submitted: valid, sum_duplicates: 0, sum_invalid: 0 },
		]);
	}

	await report.step('25,000 contacts in pages of 1,000, an exact multiple', async () => {
		await runWith(contacts(25_000), 25_000);
	});
	await report.step('a last page that is not full', async () => {
		await runWith(contacts(2_400), 2_400);
	});
	await report.step('a last page without a valid contact', async () => {
		const bad = Array.from({ length: 500 }, (_, n) => unusable(90_000 + n));
		await runWith([...contacts(2_000), ...bad], 2_000);
	});
};
