import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_KEY, KNOWN } from '../../test/simulator/simulator';
import { contacts, unusable } from '../contacts';
import type { Execution } from '../n8n/rest';
import { PACKAGE_NODE } from '../n8n/shipped';
import { webhookWorkflow } from '../n8n/webhookWorkflow';
import type { Part } from '../run';

const COUNT = 5000;
const SENTINEL = 'sentinel-that-must-be-found';

/** The packed file in an n8n, 5,000 contacts by webhook, and where their data may be found afterward. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	simulator.reset();
	const { server, folder, credential } = await report.step(
		"the packed file is installed as n8n's installer does it, and n8n starts",
		async () => await stage.n8n(),
	);
	const { rest } = server;

	await report.step('n8n knows the node and its credential', async () => {
		const nodeInfos = [{ name: PACKAGE_NODE, version: 1 }];
		const types = await rest.post<Array<Record<string, unknown>>>('/node-types', { nodeInfos });
		assert.equal(types[0]?.displayName, 'Alibaba Cloud Chat App');
	});

	const id = await rest.createWorkflow(
		webhookWorkflow({ credential, customAudienceId: KNOWN.customAudienceId }),
	);
	await rest.activate(id);
	const bad = [unusable(90_001), unusable(90_002), unusable(90_003)];
	const list = [...contacts(COUNT - bad.length), ...bad];
	const sendList = async () =>
		await fetch(`${server.url}/webhook/contacts`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ sentinel: SENTINEL, contacts: list }),
		});

	await report.step('a webhook with 5,000 contacts ends in one whole submission', async () => {
		const response = await sendList();
		assert.equal(response.status, 200);
		const [summary] = (await response.json()) as Array<Record<string, unknown>>;
		const { received, submitted, invalid, complete } = summary ?? {};
		assert.deepEqual(
			{ received, submitted, invalid, complete },
			{ received: COUNT, submitted: COUNT - 3, invalid: 3, complete: true },
		);
		assert.equal(simulator.uploads.length, 1);
		const [submission] = simulator.uploads;
		assert.deepEqual(
			submission?.batches.map(({ users, last, total }) => [users.length, last, total]),
			[
				[2000, false, COUNT - 3],
				[2000, false, COUNT - 3],
				[COUNT - 3 - 4000, true, COUNT - 3],
			],
		);
		assert.deepEqual(
			new Set(submission?.users.map(({ Email }) => Email)),
			new Set(list.slice(0, -3).map(({ email }) => email)),
		);
		assert.equal(submission?.mixed, false);
	});

	await report.step(
		'a call that is refused with a contact in its answer ends the run',
		async () => {
			simulator.misbehave((n) => n === 4, { kind: 'quoteContact' });
			simulator.misbehave((n) => n === 5, { kind: 'echo', format: 'json', status: 400 });
			for (let run = 0; run < 2; run++) assert.equal((await sendList()).status, 500);
		},
	);

	await report.step(
		'the log and the stored files hold no secret, and the search would find one',
		async () => {
			await fetch(`${server.url}/webhook/${SENTINEL}`);
			assert.ok(server.readLog().includes(SENTINEL), 'the log has the sentinel');
			const files = filesBelow(join(folder, '.n8n')).filter(
				(file) => !file.includes('node_modules'),
			);
			assert.ok(
				files.some((file) => readFileSync(file).includes(SENTINEL)),
				'the stored executions have the sentinel',
			);
			for (const file of [...files, server.log]) {
				assert.ok(
					!readFileSync(file).includes(DEFAULT_KEY.accessKeySecret),
					`no secret in ${file}`,
				);
			}
		},
	);

	await report.step('n8n asked for nothing outside this machine', async () => {
		assert.deepEqual((await stage.outside()).refused, []);
	});

	await report.step("contact data is only in n8n's own item data", async () => {
		assert.doesNotMatch(server.readLog(), /contact\d+(@| at )example/);
		const executions = await rest.executionsOf(id);
		assert.deepEqual(
			executions.map(({ status }) => status),
			['error', 'error', 'success'],
		);
		for (const { id: executionId } of executions) {
			const found = whereContactsAre(await rest.execution(executionId));
			assert.ok(found.size > 0);
			for (const path of found) assert.match(path, ITEM_DATA);
		}
	});
};

/** `resultData.runData.<node>.<run>.data.main.…` and what waits to be run next, with its items. */
const ITEM_DATA =
	/^(resultData\.runData\.[^.]+\.#\.(data|inputOverride)\.|executionData\.nodeExecutionStack\.#\.data\.)main\.#\.#\.json\./;

function whereContactsAre({ data }: Execution): Set<string> {
	const found = new Set<string>();
	const seen = new Set<object>();
	const walk = (value: unknown, path: string[]): void => {
		if (typeof value === 'string' && /contact\d+(@| at )example/.test(value)) {
			found.add(path.join('.'));
		}
		if (typeof value !== 'object' || value === null || seen.has(value)) return;
		for (const [key, child] of Object.entries(value)) {
			walk(child, [...path, Array.isArray(value) ? '#' : key]);
		}
	};
	walk(data, []);
	return found;
}

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((name) => join(folder, name))
		.filter((path) => statSync(path).isFile());
}
