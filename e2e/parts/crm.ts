import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN } from '../../test/simulator/simulator';
import { contacts } from '../contacts';
import { aiBuilderView } from '../crm/aiBuilder';
import { form } from '../crm/ofN8n';
import { googleSheets, salesforce } from '../crm/polled';
import { addedUsers, chosen, USERS, type System } from '../crm/system';
import { facebookLeadAds, hubspot, mailchimp, pipedrive, shopify } from '../crm/webhooks';
import { until } from '../machine/until';
import { MANUAL_TRIGGER, shipped, type Choice } from '../n8n/shipped';
import type { Part } from '../run';
import type { SharedN8n } from '../stage';

const SYSTEMS = [
	form,
	pipedrive,
	mailchimp,
	shopify,
	hubspot,
	facebookLeadAds,
	salesforce,
	googleSheets,
];
const PAGE = 200;

/** From an event in each system, through n8n's own nodes, to the users that Alibaba Cloud gets. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const outside = await stage.outside();
	const shared = await stage.n8n();
	const { rest, url } = shared.server;
	const choice = (n: number): Choice => {
		const { custSpaceId, pageId, adAccountId } = KNOWN;
		const customAudienceId = `75000000000000${n}`;
		return {
			credential: shared.credential,
			custSpaceId,
			pageId,
			adAccountId,
			customAudienceId,
		};
	};

	await report.step('HTTP Request: every page of a list is sent', async () => {
		simulator.reset();
		const list = contacts(450);
		outside.hosts.set('crm.example.com', ({ query }) => {
			const from = Number(query.get('from') ?? 0);
			assert.equal(query.get('limit'), String(PAGE));
			const next = `https://crm.example.com/contacts?from=${from + PAGE}`;
			return {
				contacts: list.slice(from, from + PAGE),
				next: from + PAGE < list.length ? next : null,
			};
		});
		const id = await rest.createWorkflow(shipped('http-list-to-audience.json', choice(0)));
		const execution = await rest.finished(await rest.run(id, MANUAL_TRIGGER));
		outside.hosts.set('crm.example.com', () => outside.contacts);
		assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
		assert.equal(execution.output('Get Contacts').length, 3);
		const [{ received, submitted, complete } = {}] = execution.output('Add Users to Audience');
		assert.deepEqual(
			{ received, submitted, complete },
			{ received: 450, submitted: 450, complete: true },
		);
		assert.deepEqual(
			simulator.uploads.map(({ users, complete: whole }) => [users.length, whole]),
			[[450, true]],
		);
	});

	for (const [index, make] of SYSTEMS.entries()) {
		const system = make();
		await report.step(
			`${system.name}: new contacts are sent, opted-out ones are left out`,
			async () => {
				simulator.reset();
				const { host, respond, optedOut = {} } = system;
				if (host && respond) outside.hosts.set(host, respond);
				const idOf = await importCredentials(shared, system);
				const workflow = chosen(shipped(system.file, choice(index + 1)), system, idOf);
				const id = await rest.createWorkflow(workflow);
				await rest.activate(id);
				await system.happen(url);
				const outputs = await until(
					'the events are received',
					async () => {
						const all = await addedUsers(rest, id);
						return all.length >= (system.executions ?? 1) && all;
					},
					{ seconds: 150, everyMs: 500 },
				);
				const sum = (key: string) => outputs.reduce((total, one) => total + Number(one[key]), 0);
				assert.equal(sum('collected'), USERS.length, JSON.stringify(outputs));
				assert.deepEqual(Object.assign({}, ...outputs.map((one) => one.optedOut)), optedOut);

				const sent = await rest.finished(await rest.run(id, 'Every Hour'));
				assert.equal(sent.status, 'success', JSON.stringify(sent.data.resultData.error));
				const users = simulator.uploads.flatMap((upload) => upload.users);
				const inOrder = users
					.map(({ Email = '', Phone = '' }) => ({ Email, Phone }))
					.sort((a, b) => b.Email.localeCompare(a.Email));
				assert.deepEqual(inOrder, USERS);
				await rest.post(`/workflows/${id}/deactivate`, {});
				if (host) outside.hosts.delete(host);
			},
		);
	}

	await report.step("n8n's AI builder finds the node, with its hints and operations", async () => {
		const view = await aiBuilderView(rest, 'custom audience');
		assert.match(view.found, /alibabaCloudChatApp/);
		assert.match(view.found, /@builderHint/);
		assert.match(view.definition, /addUsers/);
	});
};

/** Imports a system's credentials by n8n's command, the only way for one that has been signed in. */
async function importCredentials(
	{ server, folder }: SharedN8n,
	{ name, credentials = {} }: System,
): Promise<(type: string) => { id: string; name: string }> {
	const nameOf = (type: string) => ({ id: `e2e${type}`, name: `${name} account` });
	const list = Object.entries(credentials).map(([type, data]) => ({ ...nameOf(type), type, data }));
	if (list.length > 0) {
		const file = join(folder, 'credentials.json');
		writeFileSync(file, JSON.stringify(list));
		assert.equal(await server.command('import:credentials', `--input=${file}`), 0);
	}
	return nameOf;
}
