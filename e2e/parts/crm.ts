import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { Editor } from '../browser/editor';
import { aiBuilderView } from '../crm/aiBuilder';
import { facebookLeadAds, mailchimp } from '../crm/challenged';
import { httpList, LIST } from '../crm/httpList';
import { form, webhook } from '../crm/ofN8n';
import { googleSheets, salesforce } from '../crm/polled';
import { USERS, type System } from '../crm/system';
import { ADD_USERS, importCredentials, Template } from '../crm/template';
import { hubspot, pipedrive, shopify } from '../crm/webhooks';
import { until } from '../machine/until';
import { MANUAL_TRIGGER } from '../n8n/shipped';
import type { Part } from '../run';

const SYSTEMS = [
	form,
	webhook,
	pipedrive,
	mailchimp,
	shopify,
	hubspot,
	facebookLeadAds,
	salesforce,
	googleSheets,
].map((make) => make());

/**
 * From an event in each system, through n8n's own nodes, to the users that Alibaba Cloud gets. Each template is imported with
 * the editor's menu, and pictures show it before and after it ran.
 */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const outside = await stage.outside();
	const shared = await stage.n8n();
	const { rest, url } = shared.server;
	const list = httpList();
	await importCredentials(shared, [list, ...SYSTEMS]);
	mkdirSync(stage.pictures, { recursive: true });
	const editor = await Editor.open(url, false);

	const connect = async (system: System) => {
		simulator.reset();
		const { host, respond } = system;
		if (host && respond) outside.hosts.set(host, respond);
		return await Template.imported(system, shared, { editor, pictures: stage.pictures });
	};

	const sendsNewContacts = async (system: System) => {
		const template = await connect(system);
		await rest.activate(template.id);
		await system.forge?.(url);
		await system.happen(url);
		const { executions = 1, optedOut = {} } = system;
		const runs = await until(
			'the events are received',
			async () => {
				const all = await template.runs();
				return all.length >= executions && all;
			},
			{ seconds: 150, everyMs: 500 },
		);
		const summaries = runs.map(({ summary }) => summary);
		const sum = (key: string) => summaries.reduce((total, one) => total + Number(one[key]), 0);
		assert.equal(sum('collected'), USERS.length, JSON.stringify(summaries));
		const leftOut = summaries.flatMap((one) => (Number(one.invalid) > 0 ? [one] : []));
		assert.deepEqual(Object.assign({}, ...leftOut.map((one) => one.optedOut)), optedOut);
		assert.deepEqual(
			Object.assign({}, ...leftOut.map((one) => one.invalidReasons)),
			system.invalidReasons ?? { opted_out: 1 },
		);

		await template.run('Every Hour');
		const users = simulator.uploads.flatMap((upload) => upload.users);
		const inOrder = users
			.map(({ Email = '', Phone = '' }) => ({ Email, Phone }))
			.sort((a, b) => b.Email.localeCompare(a.Email));
		assert.deepEqual(inOrder, USERS);
		// Nothing that was forged has started an execution in the meantime.
		assert.equal((await template.runs()).length, executions);
		await rest.post(`/workflows/${template.id}/deactivate`, {});
		await template.picture(runs[0]?.execution ?? '');
	};

	try {
		await editor.logIn();
		await report.step(
			'HTTP list: every page is sent, opted-out contacts are returned',
			async () => {
				const template = await connect(list);
				const execution = await template.run(MANUAL_TRIGGER);
				outside.hosts.set('crm.example.com', () => outside.contacts);
				assert.equal(execution.output('Get Contacts').length, 3);
				const [{ received, submitted, complete, optedOut } = {}] = execution.output(ADD_USERS);
				assert.deepEqual(
					{ received, submitted, complete, optedOut },
					{ received: 450, submitted: 448, complete: true, optedOut: list.optedOut },
				);
				const notSent = execution.output('Contacts Not Sent');
				assert.deepEqual(
					notSent.map(({ status, reason, email }) => [status, reason, email]),
					[LIST[7], LIST[449]].map((one) => ['invalid', 'opted_out', one?.email]),
				);
				const sent = simulator.uploads.map(({ users, complete: whole }) => [users.length, whole]);
				assert.deepEqual(sent, [[448, true]]);
				await template.picture(execution.id);
			},
		);
		for (const system of SYSTEMS) {
			const promise = `${system.name}: new contacts are sent, nothing forged is, those who said no are left out`;
			await report.step(promise, async () => await sendsNewContacts(system));
		}
		report.figure(`pictures of the templates: ${stage.pictures}`);
	} catch (error) {
		await editor.picture(`${stage.faults}/crm.png`);
		report.figure(`what was seen last: ${stage.faults}/crm.png`);
		throw error;
	} finally {
		await editor.close();
	}

	await report.step("n8n's AI builder finds the node, with its hints and operations", async () => {
		const view = await aiBuilderView(rest, 'custom audience');
		assert.match(view.found, /alibabaCloudChatApp/);
		assert.match(view.found, /@builderHint/);
		assert.match(view.definition, /addUsers/);
	});
};
