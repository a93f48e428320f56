import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../e2e/machine/processes';
import type { Workflow, WorkflowNode } from '../../e2e/n8n/rest';
import type { Server } from '../../e2e/n8n/server';
import { Stage } from '../../e2e/stage';
import { DEFAULT_KEY } from '../simulator/simulator';
import { generateContacts, MIXES } from './generate';
import { HealthProbe } from './healthProbe';
import { addUsersNode, chain, node, type Credential } from './n8nWorkflows';
import { runAsChild, startAnsweringServer } from './processes';

// A process of its own, through tsx, as n8nRun.ts.
export const SIZES = [10_000, 100_000, 1_000_000];
const RUNS = 3;

/** What one way took for a million rows; memory in bytes over the idle n8n's. */
interface Measured {
	/** Milliseconds of each run, from the call of the webhook to its answer. */
	times: number[];
	memory: number;
	/** Of all that was sent: users, flags and totals. */
	checksum: string;
}

export interface FileTimes {
	file: Measured;
	items: Measured;
	/** By number of rows: the node's own milliseconds of each run. */
	bySize: Record<number, number[]>;
	/** By number of rows: bytes over the idle n8n's. */
	memoryBySize: Record<number, number>;
	/** The slowest answer of `/healthz` while the file was read and sent. */
	health: number;
}

interface Calls {
	url: string;
	/** The checksum of the calls since the last question. */
	checksum(): Promise<string>;
}

async function main(): Promise<void> {
	const stage = new Stage();
	const answering = await startAnsweringServer();
	const calls: Calls = {
		url: answering.url,
		checksum: async () => await (await fetch(`${answering.url}/checksum`)).text(),
	};
	try {
		const folder = temporaryFolder();
		const files = SIZES.map((size) => writeList(folder, size));
		const times = await measureFile(stage, calls, { folder, files });
		const items = await measureItems(stage, calls, { folder, file: files.at(-1) as string });
		process.send?.({ ...times, items });
	} finally {
		answering.close();
		await stage.close();
	}
}

async function measureFile(
	stage: Stage,
	calls: Calls,
	{ folder, files }: { folder: string; files: string[] },
): Promise<Omit<FileTimes, 'items'>> {
	const { server, credential } = await startN8n(stage, folder, calls);
	const bySize: FileTimes['bySize'] = {};
	const memoryBySize: FileTimes['memoryBySize'] = {};
	const file: Measured = { times: [], memory: 0, checksum: '' };
	let health = 0;
	const hooks: string[] = [];
	for (const path of files) hooks.push(await publish(server, byFile(path, credential)));
	// The first runs load and compile what all the others need.
	for (let run = 0; run < RUNS; run++) await call(server, hooks[0] as string);
	const idle = server.memory();
	for (const [index, size] of SIZES.entries()) {
		bySize[size] = [];
		for (let run = 0; run < RUNS; run++) {
			await calls.checksum();
			const probe = new HealthProbe(server.url);
			// The probe's clock.
			const begin = Date.now();
			const summary = await call(server, hooks[index] as string);
			const end = Date.now();
			await probe.stop();
			if (summary.received !== size) throw new Error(JSON.stringify(summary));
			bySize[size].push(end - begin);
			if (size !== SIZES.at(-1)) continue;
			health = Math.max(health, probe.slowest(begin, end));
			file.times.push(end - begin);
			file.checksum = await calls.checksum();
		}
		memoryBySize[size] = server.memory() - idle;
	}
	file.memory = memoryBySize[SIZES.at(-1) as number] as number;
	await server.stop();
	return { file, bySize, memoryBySize, health };
}

async function measureItems(
	stage: Stage,
	calls: Calls,
	{ folder, file }: { folder: string; file: string },
): Promise<Measured> {
	const { server, credential } = await startN8n(stage, folder, calls);
	const hook = await publish(server, byItems(file, credential));
	const idle = server.memory();
	const measured: Measured = { times: [], memory: 0, checksum: '' };
	for (let run = 0; run < RUNS; run++) {
		await calls.checksum();
		const begin = performance.now();
		await call(server, hook);
		measured.times.push(performance.now() - begin);
		measured.checksum = await calls.checksum();
	}
	measured.memory = server.memory() - idle;
	await server.stop();
	return measured;
}

async function startN8n(stage: Stage, folder: string, { url }: Calls) {
	const server = await stage.startServer(stage.userFolder(), {
		N8N_LOG_LEVEL: 'error',
		N8N_RESTRICT_FILE_ACCESS_TO: folder,
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
	});
	await server.rest.setUpOwner();
	const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
	const key = { accessKeyId, accessKeySecret, endpoint: url };
	return { server, credential: await server.rest.createCredential('Alibaba Cloud account', key) };
}

async function publish({ rest }: Server, workflow: Workflow): Promise<string> {
	await rest.activate(await rest.createWorkflow(workflow));
	return workflow.name;
}

async function call(server: Server, hook: string): Promise<{ received?: number }> {
	const response = await fetch(`${server.url}/webhook/${hook}`);
	if (!response.ok) throw new Error(await response.text());
	return (await response.json()) as { received?: number };
}

function byFile(path: string, credential: Credential): Workflow {
	return fromFile(path, [addUsersNode(credential, { source: 'file' })]);
}

function byItems(path: string, credential: Credential): Workflow {
	const extract = node('Extract From File', 'extractFromFile', 1, {});
	return fromFile(path, [extract, addUsersNode(credential, {})]);
}

function fromFile(path: string, last: WorkflowNode[]): Workflow {
	const name = createHash('sha1').update(`${path} ${last.length}`).digest('hex');
	const webhook = node('Webhook', 'webhook', 2, {
		path: name,
		responseMode: 'lastNode',
		options: {},
	});
	const read = node('Read File', 'readWriteFile', 1, { fileSelector: path, options: {} });
	return chain(name, [{ ...webhook, webhookId: name }, read, ...last]);
}

function writeList(folder: string, size: number): string {
	const path = join(folder, `${size}.csv`);
	const file = openSync(path, 'w');
	writeSync(file, 'Id,First Name,Email,Mobile Phone,Country,Created\r\n');
	const quoted = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
	const rows = generateContacts(size, MIXES.mixed).map(
		({ email, phone, country }, id) =>
			`${id},Mary,${quoted(email)},${quoted(phone)},${quoted(country)},2026-11-24\r\n`,
	);
	for (let start = 0; start < size; start += 10_000) {
		writeSync(file, rows.slice(start, start + 10_000).join(''));
	}
	closeSync(file);
	return path;
}

runAsChild(main);
