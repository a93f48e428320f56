import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contacts } from '../contacts';
import { MANUAL_TRIGGER, PACKAGE_NODE, shipped } from '../n8n/shipped';
import { KNOWN } from '../../test/simulator/simulator';
import type { Part } from '../run';
import type { Workflow } from '../n8n/rest';

/** The packages of nodes and credentials that come with n8n. */
const OWN_PACKAGES = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'];
const QWEN_HOST = 'dashscope-intl.aliyuncs.com:443';

interface NodeType {
	credentials?: Array<{ name: string }>;
}

/** Names are global over all that an n8n has installed: a name of ours must not replace one of n8n's own. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const outside = await stage.outside();
	const { server, credential } = await stage.n8n();
	const { rest } = server;

	await report.step('no credential and no node has a name that n8n itself uses', async () => {
		const taken = { credentials: namesOf('credentials'), nodes: namesOf('nodes') };
		assert.ok(taken.credentials.length > 300 && taken.nodes.length > 300);
		const nodeInfos = [{ name: PACKAGE_NODE, version: 1 }];
		const [type] = await rest.post<NodeType[]>('/node-types', { nodeInfos });
		const names = [
			PACKAGE_NODE.split('.').at(-1),
			...(type?.credentials ?? []).map(({ name }) => name),
		];
		const ours = names.filter((name) => name !== undefined);
		assert.equal(ours.length, 2);
		const all = new Set([...taken.credentials, ...taken.nodes].map((name) => name.toLowerCase()));
		assert.deepEqual(
			ours.filter((name) => all.has(name.toLowerCase())),
			[],
		);
	});

	await report.step("n8n's own Alibaba Cloud node still reaches its own host", async () => {
		const { id, name } = await rest.post<{ id: string; name: string }>('/credentials', {
			name: 'Qwen Cloud',
			type: 'alibabaCloudApi',
			data: { apiKey: 'a key of nobody', region: 'ap-southeast-1' },
		});
		const before = outside.refused.length;
		const workflow = await rest.createWorkflow(qwenWorkflow({ id, name }));
		const { status } = await rest.finished(await rest.run(workflow, MANUAL_TRIGGER));
		// The proxy of these tests lets nobody out: that it was asked for this host is what counts.
		assert.equal(status, 'error');
		const asked = outside.refused.splice(before);
		assert.ok(asked.length > 0, 'the proxy was asked');
		for (const host of asked) assert.equal(host, QWEN_HOST);
	});

	await report.step('and the node of this package reaches its service beside it', async () => {
		simulator.reset();
		outside.contacts = contacts(120);
		const file = shipped('crm-list-to-audience.json', { ...KNOWN, credential });
		const id = await rest.createWorkflow(file);
		const { status } = await rest.finished(await rest.run(id, MANUAL_TRIGGER));
		assert.equal(status, 'success');
		assert.deepEqual(
			simulator.uploads.map(({ users }) => users.length),
			[120],
		);
	});
};

function namesOf(kind: 'credentials' | 'nodes'): string[] {
	return OWN_PACKAGES.flatMap((name) => {
		const file = join(__dirname, '..', 'node_modules', name, 'dist', 'known', `${kind}.json`);
		return Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object);
	});
}

function qwenWorkflow(credential: { id: string; name: string }): Workflow {
	return {
		name: 'Qwen Cloud',
		nodes: [
			{
				id: '1',
				name: MANUAL_TRIGGER,
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: '2',
				name: 'Qwen Cloud',
				type: '@n8n/n8n-nodes-langchain.alibabaCloud',
				typeVersion: 1,
				position: [200, 0],
				parameters: {
					resource: 'text',
					operation: 'message',
					messages: { messageValues: [{ content: 'Hello', role: 'user' }] },
				},
				credentials: { alibabaCloudApi: credential },
			},
		],
		connections: {
			[MANUAL_TRIGGER]: { main: [[{ node: 'Qwen Cloud', type: 'main', index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	};
}
