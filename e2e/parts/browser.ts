import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DEFAULT_KEY, KNOWN, type Fault } from '../../test/simulator/simulator';
import { Editor } from '../browser/editor';
import { contacts } from '../contacts';
import { until } from '../machine/until';
import type { Workflow } from '../n8n/rest';
import { byStatus, readRows } from '../n8n/dataTable';
import { PACKAGE_NODE, SHIPPED, shipped } from '../n8n/shipped';
import type { Part } from '../run';

const COUNT = 60;
const NODE = 'Alibaba Cloud Chat App';
/** What people search for: the node must come first. */
const SEARCHED = [
	'facebook audience',
	'custom audiences',
	'meta ads',
	'meta audience',
	'facebook messenger',
	'retargeting',
	'ads manager',
];
/** The templates that the documents show. */
const PICTURED = [
	'create-fill-and-report.json',
	'crm-trigger-to-audience.json',
	'file-to-audience.json',
];

/** What a person does with the node for the first time. */
export const part: Part = async (stage, report, { update }) => {
	const simulator = await stage.simulator();
	const outside = await stage.outside();
	const { server, credential } = await stage.n8n();
	const endpoint = (await stage.credentialData()).endpoint ?? '';
	outside.contacts = contacts(COUNT).map(({ name, email }, n) => {
		const mobile = `(202) 555-01${String(n).padStart(2, '0')}`;
		return { name, contact: { email, mobile, country: 'US' } };
	});
	const id = await server.rest.createWorkflow(sourceWorkflow());
	const editor = await Editor.open(server.url, update);
	const { page } = editor;
	try {
		await report.step('log in and open a workflow', async () => {
			await editor.logIn();
			await page.goto(`/workflow/${id}`);
			await editor.byId('canvas-node').nth(1).waitFor();
		});

		await report.step("'facebook' and 'aliyun' find the node in the nodes panel", async () => {
			await editor.byId('canvas-handle-plus').last().click();
			const found = (await editor.searchNodes('facebook')).filter({ hasText: NODE });
			await found.waitFor();
			const byAliyun = await editor.searchNodes('aliyun');
			await byAliyun.filter({ hasText: 'Facebook Trigger' }).waitFor({ state: 'hidden' });
			assert.deepEqual(await byAliyun.allInnerTexts(), [NODE]);
		});

		await report.step("a marketer's words find the node, in Chinese too", async () => {
			for (const word of ['lead', 'ads', 'messenger', 'meta', 'audience', '阿里云']) {
				const found = (await editor.searchNodes(word)).filter({ hasText: NODE });
				await found.first().waitFor();
			}
			for (const words of SEARCHED) {
				const found = await editor.searchNodes(words);
				await until(
					`'${words}' finds it first`,
					async () => (await found.allInnerTexts())[0] === NODE,
					{ seconds: 10 },
				);
			}
			await (await editor.searchNodes('aliyun')).first().waitFor();
		});

		await report.step("'Add users to custom audience' is added after the source", async () => {
			await editor.byId('node-creator-item-name').filter({ hasText: NODE }).first().click();
			const actions = editor.byId('node-creator-item-name');
			await actions.filter({ hasText: 'Add users to custom audience' }).waitFor();
			const names = await actions.allInnerTexts();
			// The list that was searched is still leaving, and n8n's triggers come before the actions.
			const [first] = names.filter((name) => name !== NODE && !name.startsWith('On '));
			assert.equal(first, 'Add users to custom audience');
			await actions.filter({ hasText: 'Add users to custom audience' }).click();
			await editor.byId('ndv').waitFor();
		});

		const modal = editor.byId('editCredential-modal');
		await report.step('a credential with a wrong secret says what is wrong', async () => {
			await editor.byId('node-credentials-select').click();
			await editor.byId('node-credentials-select-item-new').click();
			await modal.waitFor();
			await editor.field('accessKeyId', modal).fill(DEFAULT_KEY.accessKeyId);
			await editor.field('accessKeySecret', modal).fill('not-the-secret');
			await editor.field('endpoint', modal).fill(endpoint);
			await editor.byId('credential-save-button').click();
			await modal.getByText('More details').click();
			const message = modal.getByText('The AccessKey Secret is incorrect').last();
			await message.waitFor();
			report.figure(`it says: ${(await message.innerText()).replace(/\s+/g, ' ')}`);
		});

		await report.step('with the right secret it is tested and saved', async () => {
			await editor.field('accessKeySecret', modal).fill(DEFAULT_KEY.accessKeySecret);
			await editor.byId('credential-save-button').click();
			await modal.waitFor({ state: 'hidden' });
			await editor.byId('credential-edit-button').click();
			await editor.byId('credentials-config-container-test-success').waitFor();
			// Escape would close the node's panel as well.
			await modal.getByRole('button', { name: 'Close' }).click();
			await modal.waitFor({ state: 'hidden' });
		});

		await report.step('channel, ad account and audience are chosen from lists', async () => {
			const channels = await editor.chooseFromList('custSpaceId', 'Shop Messenger');
			// The hint is there to be read before anything is entered; a URL that holds the ID will do.
			await editor.byId('ndv').getByText('under About, Page transparency').waitFor();
			await editor.field('pageId').fill(`https://www.facebook.com/profile.php?id=${KNOWN.pageId}`);
			await editor.field('pageId').press('Tab');
			const accounts = await editor.chooseFromList('adAccountId', 'Shop EUR');
			await editor.byId('resource-locator-customAudienceId').getByTestId('rlc-input').click();
			await editor.byId('rlc-item').filter({ visible: true }).first().waitFor();
			await editor.byId('node-title-container').click();
			const audiences = await editor.chooseFromList('customAudienceId', 'Newsletter readers');
			report.figure(
				`lists: ${channels.length} channels, ${accounts.length} ad accounts, ${audiences.length} audiences at first`,
			);
		});

		await report.step("a field is dragged from the input into 'Email Field'", async () => {
			await editor.byId('execute-previous-node').click();
			const email = editor
				.byId('ndv-input-panel')
				.locator('[data-target=mappable]')
				.filter({ hasText: /^email$/ });
			await email.first().waitFor();
			await editor.field('mappingMode').click();
			await page.getByRole('option', { name: 'Map Each Field Below' }).click();
			await editor.drag(email.first(), 'emailField');
			await until(
				'the path of the field arrives',
				async () => (await editor.field('emailField').inputValue()) === 'contact.email',
				{ seconds: 10 },
			);
			await editor.field('countryField').scrollIntoViewIfNeeded();
			await editor.snap('map-a-field', editor.byId('ndv'), { width: 866 });
		});

		await report.step('it runs: what was collected and what happens next are seen', async () => {
			simulator.reset();
			await editor.byId('node-execute-button').click();
			const output = editor.byId('output-panel');
			// Above the output, and in it once it has been drawn.
			const next = output.getByText(`${COUNT} of 500 collected`);
			await next.first().waitFor();
			// The table begins with the counts.
			await output.getByText('received').first().waitFor();
			assert.deepEqual(simulator.uploads, []);
			assert.deepEqual(byStatus(await readRows(server.rest)), { waiting: COUNT });
			await editor.byId('ndv-close-button').click();
			await editor.byId('canvas-node').nth(2).waitFor();
			await editor.byId('canvas-node').getByText('Add Users: Newsletter readers').waitFor();
		});

		await report.step('a list is sent: the first hint says how many, and to whom', async () => {
			simulator.reset();
			const valid = contacts(603).map(({ name, email }) => ({ name, email, country: 'US' }));
			outside.contacts = [...valid, ...Array.from({ length: 47 }, () => ({ email: 'no' }))];
			const sent = await server.rest.createWorkflow(uploadWorkflow(credential));
			await page.goto(`/workflow/${sent}`);
			await editor.byId('canvas-node').nth(2).dblclick();
			await editor.byId('node-execute-button').click();
			const hint = "603 of 650 contacts sent to 'Newsletter readers'. 47 are invalid: to get them";
			await editor.byId('output-panel').getByText(hint).first().waitFor();
			await editor.byId('output-panel').getByText('received').first().waitFor();
			await editor.snap('summary', editor.byId('ndv'), { height: 700 });
			assert.equal(simulator.uploads[0]?.users.length, 603);
		});

		await report.step('rejections are explained in words, the policy fits its panel', async () => {
			const upload = await server.rest.createWorkflow(uploadWorkflow(credential));
			for (const [fault, message, description] of REFUSALS) {
				simulator.reset();
				simulator.misbehave(() => true, fault);
				await page.goto(`/workflow/${upload}`);
				await editor.byId('canvas-node').nth(2).dblclick();
				await editor.byId('node-execute-button').click();
				const output = editor.byId('output-panel');
				await output.getByText(message).first().waitFor();
				const shown = output.getByTestId('node-error-description').filter({ hasText: description });
				await shown.waitFor();
				assert.equal(await shown.evaluate((one) => one.scrollWidth > one.clientWidth), false);
			}
			simulator.reset();
		});

		await report.step('an imported file says which setting n8n leaves out', async () => {
			await page.goto('/workflow/new');
			const input = editor.byId('workflow-import-input');
			await input.waitFor({ state: 'attached' });
			await input.setInputFiles(join(WORKFLOWS, 'crm-trigger-to-audience.json'));
			const note = editor.byId('sticky').getByText(/importing a file drops that setting/);
			await note.waitFor();
			const { name } = shipped('crm-trigger-to-audience.json');
			let imported: Imported | undefined;
			await until(
				'the editor saves what was imported',
				async () => {
					const all = await server.rest.get<Imported[]>('/workflows');
					imported = all.find((one) => one.name === name);
					return imported !== undefined;
				},
				{ seconds: 30 },
			);
			assert.equal(imported?.settings.saveDataSuccessExecution, undefined);
		});

		if (update) {
			await report.step('the shipped workflows open in the editor, with their notes', async () => {
				// Room for the notes to be read in the pictures.
				await page.setViewportSize({ width: 1920, height: 1200 });
				for (const file of SHIPPED) {
					const workflow = shipped(file);
					const opened = await server.rest.createWorkflow(workflow);
					await page.goto(`/workflow/${opened}`);
					const notes = workflow.nodes.filter(({ type }) => type.endsWith('.stickyNote')).length;
					const nodes = editor.byId('canvas-node');
					await nodes.nth(workflow.nodes.length - notes - 1).waitFor();
					assert.equal(await editor.byId('sticky').count(), notes);
					await editor.byId('zoom-to-fit').click();
					if (!PICTURED.includes(file)) continue;
					await editor.snapAround(file.replace('.json', ''), [nodes, editor.byId('sticky')]);
				}
			});
		}
	} catch (error) {
		await page.screenshot({ path: `${stage.faults}/browser.png` });
		report.figure(`what was seen last: ${stage.faults}/browser.png`);
		throw error;
	} finally {
		await editor.close();
	}
};

const WORKFLOWS = join(__dirname, '..', '..', 'workflows');

interface Imported {
	name: string;
	settings: { saveDataSuccessExecution?: string };
}

/** What the API or a gateway may answer, with what a marketer reads first and after that. */
const REFUSALS: Array<[fault: Fault, message: string, description: RegExp]> = [
	[
		{ kind: 'businessError', code: 'ParameterIllegal', message: 'CustomAudienceId is illegal.' },
		"This custom audience wasn't found",
		/^Check 'Custom Audience' in the node/,
	],
	[
		{ kind: 'error', status: 403, code: 'NoPermission' },
		"The key lacks the RAM permission 'cams:AddCustomAudienceUser'",
		/"cams:SyncMessengerSubscriptionToken"/,
	],
	[
		{ kind: 'html', status: 502, received: true },
		'is not available at the moment',
		/these may still have been received/,
	],
];

/** The source, and the node behind it that tries once to send. */
function uploadWorkflow(credential: { id: string; name: string }): Workflow {
	const workflow = sourceWorkflow();
	const chosen = (value: string, cachedResultName: string) => {
		return { __rl: true, mode: 'list', value, cachedResultName };
	};
	const { custSpaceId, pageId, adAccountId, customAudienceId } = KNOWN;
	workflow.nodes.push({
		id: '3',
		name: 'Add Users to Audience',
		type: PACKAGE_NODE,
		typeVersion: 1,
		position: [448, 0],
		parameters: {
			custSpaceId: chosen(custSpaceId, 'Shop Messenger'),
			pageId,
			adAccountId: chosen(adAccountId, 'Shop EUR'),
			customAudienceId: chosen(customAudienceId, 'Newsletter readers'),
			smallUploads: { underMinimum: 'warn' },
			advanced: { maxTries: 1 },
		},
		credentials: { alibabaCloudOpenApi: credential },
	});
	const behind = { main: [[{ node: 'Add Users to Audience', type: 'main', index: 0 }]] };
	Object.assign(workflow.connections, { 'Get Contacts': behind });
	return workflow;
}

function sourceWorkflow(): Workflow {
	const trigger = 'When clicking ‘Execute workflow’';
	return {
		name: 'Contacts to audience',
		nodes: [
			{
				id: '1',
				name: trigger,
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: '2',
				name: 'Get Contacts',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [224, 0],
				parameters: { url: 'https://crm.example.com/contacts', options: {} },
			},
		],
		connections: { [trigger]: { main: [[{ node: 'Get Contacts', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
