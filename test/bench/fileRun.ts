import { createHash } from 'node:crypto';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../e2e/machine/processes';
import type { Workflow, WorkflowNode } from '../../e2e/n8n/rest';
import type { Server } from '../../e2e/n8n/server';
import { Stage } from '../../e2e/stage';
import { DEFAULT_KEY } from '../simulator/simulator';
import { workbookOf } from '../sources/file/archives';
import { generateContacts, MIXES } from './generate';
import { HealthProbe } from './healthProbe';
import { addUsersNode, chain, node, type Credential } from './n8nWorkflows';
import { runAsChild, startAnsweringServer } from './processes';

// A separate process, run by tsx like n8nRun.ts.
const SIZES = [10_000, 100_000, 1_000_000];
/** Rows of workbooks. */
const WORKBOOK_SIZES = [10_000, 500_000];
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
		const isWorkbook = process.argv.includes('workbook');
		const sizes = isWorkbook ? WORKBOOK_SIZES : SIZES;
		const write = isWorkbook ? writeWorkbook : writeList;
		const lists = sizes.map((rows) => ({ rows, path: write(folder, rows) }));
		const warmUp = lists[0] as List;
		const files: MeasuredFile[] = [];
		for (const list of lists) {
			files.push(await measureFile(stage, calls, { folder, list, warmUp }));
		}
		const items = await measureItems(stage, calls, {
			folder,
			list: lists.at(-1) as List,
			// A workbook's rows as items take minutes.
			runs: isWorkbook ? 1 : RUNS,
		});
		process.send?.({ files, items });
	} finally {
		answering.close();
		await stage.close();
	}
}

/** Each list in a separate n8n, so that none uses memory left by another. */
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
	{ folder, list, runs }: { folder: string; list: List; runs: number },
): Promise<Measured> {
	const { server, credential } = await startN8n(stage, folder, calls);
	const hook = await publish(server, byItems(list.path, credential));
	const idle = await idleMemory(server);
	const measured: Measured = { times: [], memory: 0, overPeak: 0, checksum: '' };
	for (let run = 0; run < runs; run++) {
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
	const operation = path.endsWith('.xlsx') ? 'xlsx' : 'csv';
	const extract = node('Extract From File', 'extractFromFile', 1, { operation });
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

/** A workbook as Excel writes it: texts shared, every other phone a number. */
function writeWorkbook(folder: string, size: number): string {
	const strings: string[] = [];
	const known = new Map<string, number>();
	const shared = (text: string) => {
		const before = known.get(text);
		if (before !== undefined) return before;
		known.set(text, strings.length);
		const escaped = text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
		return strings.push(`<si><t xml:space="preserve">${escaped}</t></si>`) - 1;
	};
	const cell = (column: string, row: number, value: unknown) => {
		if (value === undefined || value === '') return '';
		const reference = `r="${column}${row}"`;
		if (typeof value === 'number') return `<c ${reference}><v>${value}</v></c>`;
		return `<c ${reference} t="s"><v>${shared(String(value))}</v></c>`;
	};
	const rowOf = (row: number, values: unknown[]) =>
		`<row r="${row}" spans="1:7">${values.map((value, at) => cell('ABCDEFG'[at] as string, row, value)).join('')}</row>`;
	const names = ['Id', 'First Name', 'Email', 'Mobile Phone', 'Country', 'Created', 'Score'];
	const rows = generateContacts(size, MIXES.mixed).map(({ email, phone, country }, id) => {
		const digits = /^\+\d{8,15}$/.exec(String(phone))?.[0];
		const isNumber = digits !== undefined && id % 2 === 1;
		const mobile = isNumber ? Number(digits.slice(1)) : phone;
		return rowOf(id + 2, [id, 'Mary', email, mobile, country, '2026-11-24', id % 100]);
	});
	const sheet = rowOf(1, names) + rows.join('');
	const path = join(folder, `${size}.xlsx`);
	writeFileSync(path, workbookOf({ sheets: { Contacts: sheet }, strings: strings.join('') }));
	return path;
}

runAsChild(main);
