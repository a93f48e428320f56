import assert from 'node:assert/strict';
import { KNOWN } from '../../test/simulator/simulator';
import { contacts, unusable } from '../contacts';
import { MANUAL_TRIGGER, shipped } from '../n8n/shipped';
import type { Part } from '../run';

/** The workflows that run from a button: a CRM's list into an audience, and an audience from its creation to a report. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const outside = await stage.outside();
	const { server, credential } = await stage.n8n();
	const { rest } = server;
	const { custSpaceId, pageId, adAccountId, customAudienceId } = KNOWN;
	const choice = { credential, custSpaceId, pageId, adAccountId, customAudienceId };

	await report.step("a CRM's list goes to the audience, refused contacts leave aside", async () => {
		simulator.reset();
		outside.contacts = [...contacts(1200), unusable(90_001), unusable(90_002)];
		const id = await rest.createWorkflow(shipped('crm-list-to-audience.json', choice));
		const execution = await rest.finished(await rest.run(id, MANUAL_TRIGGER));
		assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
		const [{ received, submitted, refused, closed } = {}] =
			execution.output('Add Users to Audience');
		assert.deepEqual(
			{ received, submitted, refused, closed },
			{ received: 1202, submitted: 1200, refused: 2, closed: true },
		);
		assert.deepEqual(
			execution
				.output('Contacts Not Sent')
				.map(({ name, status, reason }) => [name, status, reason]),
			[90_001, 90_002].map((n) => [`Contact ${n}`, 'refused', 'email_invalid']),
		);
		assert.deepEqual(
			simulator.submissions.map(({ users, closed, mixed }) => [users.length, closed, mixed]),
			[[1200, true, false]],
		);
	});

	await report.step(
		'every workflow has notes that explain it, and no output that leads nowhere',
		() => {
			for (const file of SHIPPED) {
				const { nodes, connections } = shipped(file);
				const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
				assert.ok(notes.length >= 2, file);
				const names = new Set(nodes.map(({ name }) => name));
				for (const name of Object.keys(connections)) assert.ok(names.has(name), `${file}: ${name}`);
			}
		},
	);
};

const SHIPPED = [
	'crm-list-to-audience.json',
	'collect-contacts.json',
	'send-collected-contacts.json',
	'large-list-in-pages.json',
];
