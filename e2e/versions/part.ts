import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN } from '../../test/simulator/simulator';
import { contacts, unusable } from '../contacts';
import type { Execution, Workflow } from '../n8n/rest';
import { MANUAL_TRIGGER, PACKAGE_NODE, shipped } from '../n8n/shipped';
import type { Report } from '../report';
import type { Stage } from '../stage';

const COUNT = 5000;
const NODE = 'Add Users to Audience';
const CREDENTIAL = { id: 'account', name: 'Alibaba Cloud account' };
const INVALID = { status: 'invalid', reason: 'email_invalid' };

/** What has to hold in every version of n8n that the README names. */
export async function part(stage: Stage, report: Report, collects: boolean): Promise<void> {
	const folder = stage.userFolder();
	const simulator = await stage.simulator();
	const outside = await stage.outside();
	const credential = {
		...CREDENTIAL,
		type: 'alibabaCloudOpenApi',
		data: await stage.credentialData(),
	};
	const server = stage.newServer(folder, {
		DB_TYPE: 'sqlite',
		// n8n refuses to start when it is to leave out a module that it hasn't got; this one is in all of them.
		N8N_DISABLED_MODULES: 'insights',
		...outside.env,
	});

	await report.step('its commands import the credential and the shipped workflow', async () => {
		await importFile('credentials', [credential]);
		await importFile('workflow', [
			workflow('stop', 'stopWorkflow'),
			workflow('continue', 'continueRegularOutput'),
			workflow('output', 'continueErrorOutput'),
			workflow('refused', 'stopWorkflow'),
			workflow('collect', 'stopWorkflow'),
		]);
	});

	const list = [...contacts(COUNT - 2), unusable(90_001), unusable(90_002)];
	const submissions: unknown[] = [];
	for (const id of ['stop', 'continue', 'output', 'refused']) {
		simulator.reset();
		if (id === 'refused')
			simulator.misbehave(1, { kind: 'error', status: 403, code: 'NoPermission' });
		outside.contacts = list;
		const ends = id === 'refused' ? 'an answer that refuses the call ends' : 'contacts go through';
		await report.step(`${ends} a run of '${id}'`, async () => {
			const code = await server.command('execute', `--id=${id}`);
			assert.equal(code, id === 'refused' ? 1 : 0, server.readLog().slice(-3000));
			submissions.push(...simulator.uploads.map(({ users, complete }) => [users.length, complete]));
		});
	}

	await server.start();
	const { rest } = server;
	await rest.setUpOwner();
	const resultOf = async (id: string): Promise<Execution> => {
		const [run] = await rest.executionsOf(id);
		assert.ok(run, `a run of ${id} is stored`);
		return await rest.execution(run.id);
	};
	const summaryOf = async (id: string) => (await resultOf(id)).output(NODE)[0] ?? {};

	await report.step(
		'5,000 contacts end in one whole submission, whatever On Error says',
		async () => {
			const whole = [COUNT - 2, true];
			assert.deepEqual(submissions, [whole, whole, whole]);
			for (const id of ['stop', 'continue', 'output']) {
				const { received, submitted, invalid } = await summaryOf(id);
				assert.deepEqual(
					{ received, submitted, invalid },
					{ received: COUNT, submitted: COUNT - 2, invalid: 2 },
				);
			}
		},
	);

	await report.step(
		'invalid contacts are returned in the error output, with their reason',
		async () => {
			const invalid = (await resultOf('output')).output(NODE, 1);
			assert.deepEqual(
				invalid.map(({ email, details }) => [email, details]),
				list.slice(-2).map(({ email }) => [email, INVALID]),
			);
		},
	);

	await report.step("a rejected call is reported in this package's words", async () => {
		const { status, data } = await resultOf('refused');
		assert.equal(status, 'error');
		assert.match(JSON.stringify(data.resultData.error), /cams:AddCustomAudienceUser/);
	});

	await report.step(
		collects ? 'three contacts are collected' : 'the run says why none are',
		async () => {
			outside.contacts = contacts(3);
			// Its commands start an n8n without Data Tables.
			const { executionId } = await rest.post<{ executionId: string }>('/workflows/collect/run', {
				workflowData: await rest.get('/workflows/collect'),
				triggerToStartFrom: { name: MANUAL_TRIGGER },
			});
			const execution = await rest.finished(executionId);
			const [summary = {}] = execution.output(NODE);
			if (collects) assert.equal(summary.collected, 3, JSON.stringify(execution.data.resultData));
			else assert.match(JSON.stringify(execution.data.resultData), /Data Tables/);
		},
	);

	await report.step('n8n reads the node, and tests its credential', async () => {
		const nodeInfos = [{ name: PACKAGE_NODE, version: 1 }];
		const [type] = await rest.post<Array<{ displayName: string }>>('/node-types', { nodeInfos });
		assert.equal(type?.displayName, 'Alibaba Cloud Chat App');
		const { status } = await rest.post('/credentials/test', { credentials: credential });
		assert.equal(status, 'OK');
	});

	await report.step('the lists fill', async () => {
		const { results } = await rest.post<{ results: unknown[] }>(
			'/dynamic-node-parameters/resource-locator-results',
			{
				path: 'parameters.customAudienceId',
				methodName: 'searchCustomAudiences',
				nodeTypeAndVersion: { name: PACKAGE_NODE, version: 1 },
				currentNodeParameters: workflow('list', 'stopWorkflow').nodes.find(
					({ name }) => name === NODE,
				)?.parameters,
				credentials: { alibabaCloudOpenApi: CREDENTIAL },
			},
		);
		assert.ok(results.length > 0);
	});

	await server.stop();

	async function importFile(what: string, content: unknown): Promise<void> {
		const file = join(folder, `${what}.json`);
		writeFileSync(file, JSON.stringify(content));
		const code = await server.command(`import:${what}`, `--input=${file}`);
		assert.equal(code, 0, server.readLog().slice(-3000));
	}
}

function workflow(id: string, onError: string): Workflow {
	const file = shipped('crm-list-to-audience.json', { ...KNOWN, credential: CREDENTIAL });
	for (const node of file.nodes) if (node.name === NODE) node.onError = onError;
	return { ...file, id, active: false } as Workflow;
}
