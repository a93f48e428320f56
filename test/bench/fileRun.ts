import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
const SIZES = [10_000, 100_000, 1_000_000];
const RUNS = 3;
const IDLE_MS = 15_000;

/** What one way took for a million rows. */
interface Measured {
	/** Milliseconds of each run, from the call of the webhook to its answer. */
	times: number[];
	/** Bytes at most, over what the idle n8n had in use. */
	memory: number;
	/** Bytes at most, over what n8n had at most before, with its start; 0 when it had more. */
	overPeak: number;
	/** Of all that was sent: users, flags and totals. */
	checksum: string;
}

/** What a number of rows took as a file. */
export interface MeasuredFile extends Measured {
	rows: number;
	/** The slowest answer of `/healthz` meanwhile, in milliseconds. */
	health: number;
}

export interface FileTimes {
	/** The smallest first. */
	files: MeasuredFile[];
	items: Measured;
}

interface List {
	rows: number;
	path: string;
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
		const lists = SIZES.map((rows) => ({ rows, path: writeList(folder, rows) }));
		const warmUp = lists[0] as List;
		const files: MeasuredFile[] = [];
		for (const list of lists) {
			files.push(await measureFile(stage, calls, { folder, list, warmUp }));
		}
		const items = await measureItems(stage, calls, { folder, list: lists.at(-1) as List });
		process.send?.({ files, items });
	} finally {
		answering.close();
		await stage.close();
	}
}

/** Each list in an n8n of its own, so that the memory of one isn't there for the next. */
async function measureFile(
	stage: Stage,
	calls: Calls,
	{ folder, list, warmUp }: { folder: string; list: List; warmUp: List },
): Promise<MeasuredFile> {
	const { server, credential } = await startN8n(stage, folder, calls);
	// The first runs load and compile what all the others need.
	const first = await publish(server, byFile(warmUp.path, credential));
	for (let run = 0; run < RUNS; run++) await call(server, first);
	const hook = list === warmUp ? first : await publish(server, byFile(list.path, credential));
	const idle = await idleMemory(server);
	const measured = {
		rows: list.rows,
		times: [] as number[],
		memory: 0,
		overPeak: 0,
		checksum: '',
		health: 0,
	};
	for (let run = 0; run < RUNS; run++) {
		await calls.checksum();
		const probe = new HealthProbe(server.url);
		// The probe's clock.
		const begin = Date.now();
		const summary = await call(server, hook);
		const end = Date.now();
		await probe.stop();
		if (summary.received !== list.rows) throw new Error(JSON.stringify(summary));
		measured.times.push(end - begin);
		measured.health = Math.max(measured.health, probe.slowest(begin, end));
		measured.checksum = await calls.checksum();
	}
	Object.assign(measured, memorySince(idle, server));
	await server.stop();
	return measured;
}

async function measureItems(
	stage: Stage,
	calls: Calls,
	{ folder, list }: { folder: string; list: List },
): Promise<Measured> {
	const { server, credential } = await startN8n(stage, folder, calls);
	const hook = await publish(server, byItems(list.path, credential));
	const idle = await idleMemory(server);
	const measured: Measured = { times: [], memory: 0, overPeak: 0, checksum: '' };
	for (let run = 0; run < RUNS; run++) {
		await calls.checksum();
		const begin = performance.now();
		await call(server, hook);
		measured.times.push(performance.now() - begin);
		measured.checksum = await calls.checksum();
	}
	Object.assign(measured, memorySince(idle, server));
	await server.stop();
	return measured;
}

interface Idle {
	peak: number;
	inUse: number;
}

/** What n8n's start leaves behind is collected once nothing has happened for some seconds. */
async function idleMemory(server: Server): Promise<Idle> {
	await sleep(IDLE_MS);
	const peak = server.memory();
	server.resetMemory();
	return { peak, inUse: server.memory() };
}

function memorySince({ peak, inUse }: Idle, server: Server) {
	const most = server.memory();
	return { memory: most - inUse, overPeak: Math.max(0, most - peak) };
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
