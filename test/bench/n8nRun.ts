import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../e2e/machine/until';
import type { Workflow } from '../../e2e/n8n/rest';
import type { Server } from '../../e2e/n8n/server';
import { Stage } from '../../e2e/stage';
import { DEFAULT_KEY } from '../simulator/simulator';
import { generateContacts, MIXES } from './generate';
import { HealthProbe } from './healthProbe';
import { byCodeNode, byThisNode, SOURCE, withoutCode, type Addresses } from './n8nWorkflows';
import { runAsChild, startAnsweringServer } from './processes';

// A separate process, run by tsx: the end-to-end modules find n8n relative to their source.
const COUNT = 100_000;
const RUNS = 5;

/** What the runs took, in milliseconds. */
export interface N8nTimes {
	withoutCode: number[];
	codeNode: number[];
	thisNode: number[];
	/** The slowest answer of `/healthz` while this package's node ran. */
	health: number[];
}

interface Run {
	/** All nodes after the one that gets the contacts. */
	time: number;
	health: number;
}

async function main(): Promise<void> {
	const stage = new Stage();
	const calls = await startAnsweringServer();
	const contacts = await serveContacts();
	try {
		const server = await stage.startServer(stage.userFolder(), { N8N_LOG_LEVEL: 'error' });
		await server.rest.setUpOwner();
		const ways = await createWorkflows(server, { contacts: contacts.url, calls: calls.url });
		const times: N8nTimes = { withoutCode: [], codeNode: [], thisNode: [], health: [] };
		await run(server, ways.codeNode);
		await run(server, ways.thisNode);
		// The two that are close to each other take turns.
		for (let round = 0; round < RUNS; round++) {
			times.codeNode.push((await run(server, ways.codeNode)).time);
			const { time, health } = await run(server, ways.thisNode);
			times.thisNode.push(time);
			times.health.push(health);
		}
		for (let round = 0; round < RUNS; round++) {
			times.withoutCode.push((await run(server, ways.withoutCode)).time);
		}
		process.send?.(times);
	} finally {
		contacts.close();
		calls.close();
		await stage.close();
	}
}

async function createWorkflows({ rest }: Server, addresses: Addresses) {
	const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
	const key = { accessKeyId, accessKeySecret, endpoint: addresses.calls };
	const credential = await rest.createCredential('Alibaba Cloud account', key);
	const create = async (workflow: Workflow) => await rest.createWorkflow(workflow);
	return {
		withoutCode: await create(withoutCode(addresses)),
		codeNode: await create(byCodeNode(addresses)),
		thisNode: await create(byThisNode(addresses, credential)),
	};
}

async function run(server: Server, workflowId: string): Promise<Run> {
	// Reading the last run's data took so long that n8n has closed the connection: it is found out by asking for less.
	await until('n8n is at rest', async () => (await server.rest.get('/settings')) !== undefined);
	const probe = new HealthProbe(server.url);
	const id = await server.rest.run(workflowId, 'When clicking ‘Execute workflow’');
	const { status, data } = await server.rest.finished(id, 600);
	await probe.stop();
	if (status !== 'success') throw new Error(`A run ended as ${status}`);
	const runs = data.resultData.runData as Record<string, NodeTimes[]>;
	const source = runs[SOURCE]?.[0] as NodeTimes;
	const after = Object.values(runs)
		.flat()
		.filter(({ startTime }) => startTime >= source.startTime + source.executionTime)
		.toSorted((a, b) => a.startTime - b.startTime);
	const first = after[0] as NodeTimes;
	const taken = {
		time: after.reduce((sum, { executionTime }) => sum + executionTime, 0),
		health: probe.slowest(first.startTime, first.startTime + first.executionTime),
	};
	// It takes minutes: whoever waits sees it go on.
	process.stderr.write(`${after.length} node runs: ${taken.time} ms, health ${taken.health} ms\n`);
	return taken;
}

interface NodeTimes {
	startTime: number;
	executionTime: number;
}

async function serveContacts(): Promise<{ url: string; close(): void }> {
	const list = JSON.stringify(generateContacts(COUNT, MIXES.mixed));
	const server = createServer((_request, response) => {
		response.setHeader('content-type', 'application/json');
		response.end(list);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/contacts`, close: () => server.closeAllConnections() };
}

runAsChild(main);
