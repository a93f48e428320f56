import assert from 'node:assert/strict';
import { KNOWN, type Matching } from '../../test/simulator/simulator';
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

	await report.step(
		"a CRM's list is sent to the audience, invalid contacts are returned",
		async () => {
			simulator.reset();
			outside.contacts = [...contacts(1200), unusable(90_001), unusable(90_002)];
			const id = await rest.createWorkflow(shipped('crm-list-to-audience.json', choice));
			const execution = await rest.finished(await rest.run(id, MANUAL_TRIGGER));
			assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
			const [{ received, submitted, invalid, complete } = {}] =
				execution.output('Add Users to Audience');
			assert.deepEqual(
				{ received, submitted, invalid, complete },
				{ received: 1202, submitted: 1200, invalid: 2, complete: true },
			);
			assert.deepEqual(
				execution
					.output('Contacts Not Sent')
					.map(({ name, status, reason }) => [name, status, reason]),
				[90_001, 90_002].map((n) => [`Contact ${n}`, 'invalid', 'email_invalid']),
			);
			assert.deepEqual(
				simulator.uploads.map(({ users, complete, mixed }) => [users.length, complete, mixed]),
				[[1200, true, false]],
			);
		},
	);

	const createAndFill = async (account: string, matching: Matching) => {
		simulator.reset();
		simulator.match(matching);
		const file = shipped('create-fill-and-report.json', { ...choice, adAccountId: account });
		const parametersOf = (name: string) =>
			file.nodes.find((node) => node.name === name)?.parameters ?? {};
		// Nobody waits for a day here.
		Object.assign(parametersOf('Wait a Day'), { amount: 1, unit: 'seconds' });
		Object.assign(parametersOf('Get Match Result'), { waitUpTo: 0.05 });
		const id = await rest.createWorkflow(file);
		const execution = await rest.finished(await rest.run(id, MANUAL_TRIGGER));
		assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
		return {
			actions: simulator.requests.map(({ action }) => action),
			submissions: simulator.uploads.map((one) => [one.customAudienceId, one.users.length]),
			result: execution.output('Get Match Result')[0] ?? {},
		};
	};

	await report.step('an audience is created and filled, and its matches are counted', async () => {
		outside.contacts = contacts(1200);
		const { actions, submissions, result } = await createAndFill('300000000000002', {
			rate: 0.2,
			delayMs: 500,
		});
		assert.deepEqual(
			[...new Set(actions)],
			[
				'ListCustomAudience',
				'CreateCustomAudience',
				'AddCustomAudienceUser',
				// A manual run looks up the IDs.
				'ListPageAdAccount',
				'ListInstance',
				'SyncMessengerSubscriptionToken',
			],
		);
		assert.deepEqual(submissions, [['600000000000046', 1200]]);
		const { customAudienceName, tokenTotalBefore, grown, submitted, verdict } = result;
		assert.deepEqual(
			[customAudienceName, tokenTotalBefore, grown, submitted],
			['Newsletter readers', 0, 240, 1200],
		);
		assert.equal(verdict, '240 of 1200 were matched (20%), as usual');
	});

	for (const [rate, grown, verdict] of [
		[0, 0, /^No one was matched/],
		[0.7, 840, /^840 of 1200 were matched \(70%\), as usual$/],
	] as const) {
		await report.step(
			`one that is there is used again, and ${rate * 100}% are matched`,
			async () => {
				const { submissions, result } = await createAndFill(adAccountId, { rate });
				assert.deepEqual(submissions, [[customAudienceId, 1200]]);
				assert.equal(result.grown, grown);
				assert.match(String(result.verdict), verdict);
			},
		);
	}

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
