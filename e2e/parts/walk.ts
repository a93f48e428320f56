import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { KNOWN } from '../../test/simulator/simulator';
import { Editor } from '../browser/editor';
import { until } from '../machine/until';
import { byStatus, readRows } from '../n8n/dataTable';
import type { Part } from '../run';

const NODE = 'Alibaba Cloud Chat App';

/** From an empty canvas to a published workflow that collects leads, as a marketer would do it; actions are counted. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const server = await stage.startServer(stage.userFolder(), { DB_TYPE: 'sqlite' });
	await server.rest.setUpOwner();
	await server.rest.createCredential('Alibaba Cloud account', await stage.credentialData());
	const editor = await Editor.open(server.url, false);
	const { page } = editor;
	let actions = 0;
	const click = async (target: Locator) => {
		actions++;
		await target.click();
	};
	const type = async (target: Locator, text: string) => {
		actions++;
		await target.fill(text);
	};
	const search = async (text: string, node: string) => {
		await type(editor.byId('node-creator-search-bar'), text);
		await click(editor.byId('node-creator-item-name').filter({ hasText: node }).first());
	};
	const choose = async (parameter: string, entry: string) => {
		actions += 2;
		await editor.chooseFromList(parameter, entry);
	};
	const close = async () => {
		await click(editor.byId('ndv-close-button'));
		await editor.byId('ndv').waitFor({ state: 'hidden' });
	};
	const pick = async (parameter: string, option: string) => {
		await click(editor.field(parameter));
		await click(page.getByRole('option', { name: option }));
	};
	const addBehind = async (trigger: string, action: string) => {
		const source = editor.byId('canvas-node').filter({ hasText: trigger });
		await source.waitFor();
		await click(editor.byId('canvas-handle-plus').last());
		await search('custom audience', NODE);
		await click(editor.byId('node-creator-item-name').filter({ hasText: action }));
		await editor.byId('ndv').waitFor();
		const credential = editor.byId('node-credentials-select').locator('input').first();
		assert.equal(await credential.inputValue(), 'Alibaba Cloud account');
	};
	let path = '';
	let begin = 0;
	try {
		await report.step('a trigger comes onto the empty canvas', async () => {
			await editor.logIn();
			await page.goto('/workflow/new');
			begin = Date.now();
			await click(editor.byId('canvas-add-button').first());
			await search('webhook', 'Webhook');
			await editor.byId('ndv').waitFor();
			await pick('httpMethod', 'POST');
			path = await editor.field('path').inputValue();
			await close();
		});

		await report.step(
			"'Add Users' after it: its credential is there, IDs come from lists",
			async () => {
				await addBehind('Webhook', 'Add users to custom audience');
				await choose('custSpaceId', 'Shop Messenger');
				await type(editor.field('pageId'), KNOWN.pageId);
				await choose('adAccountId', 'Shop EUR');
				await choose('customAudienceId', 'Newsletter readers');
				await close();
			},
		);

		await report.step("'Send Collected Users' after a schedule, for all audiences", async () => {
			await click(editor.byId('node-creator-plus-button'));
			await search('schedule', 'Schedule Trigger');
			await editor.byId('ndv').waitFor();
			await pick('field', 'Hours');
			await close();
			await addBehind('Schedule Trigger', 'Send collected users');
			await pick('audiences', 'All Audiences in the Table');
			await close();
		});

		await report.step('it is published', async () => {
			await click(editor.byId('workflow-open-publish-modal-button'));
			await click(editor.byId('workflow-publish-button'));
			await editor.byId('workflow-publish-button').waitFor({ state: 'hidden' });
			await click(page.getByRole('button', { name: 'Got it' }));
			report.figure(
				`${actions} actions, ${Math.round((Date.now() - begin) / 1000)} s by a machine`,
			);
		});

		await report.step('a lead that comes is collected, and the executions tell it', async () => {
			simulator.reset();
			const url = `${server.url}/webhook/${path}`;
			await until('the webhook listens', async () => (await lead(url)).ok, { seconds: 30 });
			await until('the lead is stored', async () => {
				return byStatus(await readRows(server.rest)).waiting === 1;
			});
			assert.deepEqual(simulator.uploads, []);
			await editor.byId('radio-button-executions').click();
			const node = editor.byId('canvas-node').filter({ hasText: 'Add users to custom audience' });
			await editor.byId('execution-preview-host').waitFor();
			await node.filter({ visible: true }).first().dblclick();
			await page.getByText('1 of 500 collected').first().waitFor();
		});
	} catch (error) {
		await page.screenshot({ path: `${stage.faults}/walk.png` });
		report.figure(`what was seen last: ${stage.faults}/walk.png`);
		throw error;
	} finally {
		await editor.close();
		await server.stop();
	}
};

async function lead(url: string): Promise<Response> {
	return await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ email: 'mary@example.com', phone: '+491713920000' }),
	});
}
