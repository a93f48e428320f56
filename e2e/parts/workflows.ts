import assert from 'node:assert/strict';
import { KNOWN } from '../../test/simulator/simulator';
import { contacts, unusable } from '../contacts';
import { MANUAL_TRIGGER, SHIPPED, shipped } from '../n8n/shipped';
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

	const createAndFill = async (account: string) => {
		simulator.reset();
		const file = shipped('create-fill-and-report.json', { ...choice, adAccountId: account });
		const id = await rest.createWorkflow(file);
		const execution = await rest.finished(await rest.run(id, MANUAL_TRIGGER));
		assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
		return {
			actions: simulator.calls.map(({ action }) => action),
			submissions: simulator.submissions.map((one) => [one.customAudienceId, one.users.length]),
			report: execution.output('Report')[0],
		};
	};
	const figures = { audience: 'Newsletter readers', submitted: 1200, duplicates: 0, refused: 0 };

	await report.step('an audience is created, filled, its tokens synced and reported', async () => {
		outside.contacts = contacts(1200);
		assert.deepEqual(await createAndFill('300000000000002'), {
			actions: [
				'ListCustomAudience',
				'CreateCustomAudience',
				'AddCustomAudienceUser',
				'SyncMessengerSubscriptionToken',
				'ListMessengerSubscriptionToken',
			],
			submissions: [['600000000000046', 1200]],
			report: { ...figures, peopleWhoCanBeMessaged: 0, warnings: '' },
		});
	});

	await report.step('one that is there already is used again, and its tokens counted', async () => {
		const { submissions, report: counted } = await createAndFill(adAccountId);
		assert.deepEqual(submissions, [[customAudienceId, 1200]]);
		assert.deepEqual(counted, { ...figures, peopleWhoCanBeMessaged: 60, warnings: '' });
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
