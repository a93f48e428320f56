import { contacts } from '../../e2e/contacts';
import { type Brought, bring, oneEach, triggered } from '../../e2e/n8n/collecting';
import { byStatus, readRows } from '../../e2e/n8n/dataTable';
import { startCluster } from '../../e2e/n8n/cluster';
import type { Rest, Workflow } from '../../e2e/n8n/rest';
import { Stage } from '../../e2e/stage';
import { runAsChild } from './processes';

// Runs in a separate process through tsx, because the end-to-end modules look for n8n next to their source.

/** What some calls took. */
export interface CallTimes {
	perSecond: number;
	/** Milliseconds. */
	median: number;
	/** The 99th percentile. */
	p99: number;
}

/** The times of collecting and of a plain workflow, for each number of calls at once. */
export interface CollectTimes {
	levels: Array<{ atOnce: number; collecting: CallTimes; plain: CallTimes }>;
	/** Calls without a response, and contacts that are not in the table. */
	failed: number;
	missing: number;
}

const MIN_CALLS = 30;

interface Plan {
	rounds: number;
	/** Calls at once. */
	levels: number[];
}

// Usage: collectRun.ts sqlite|sqlite-lazy|queue <rounds> <calls at once> …
async function main(): Promise<void> {
	const [where, ...numbers] = process.argv.slice(2);
	const [rounds = 1, ...levels] = numbers.map(Number);
	const stage = new Stage();
	try {
		const plan = { rounds, levels };
		const isLazy = where === 'sqlite-lazy';
		const times =
			where === 'queue' ? await inQueueMode(stage, plan) : await onSqlite(stage, plan, isLazy);
		process.send?.(times);
	} finally {
		await stage.close();
	}
}

async function onSqlite(stage: Stage, plan: Plan, isLazy: boolean): Promise<CollectTimes> {
	const env = { N8N_LOG_LEVEL: 'error', N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: String(isLazy) };
	const server = await stage.startServer(stage.userFolder(), env);
	return await measure(stage, server.rest, plan);
}

/** Postgres, one main, and two workers. */
async function inQueueMode(stage: Stage, plan: Plan): Promise<CollectTimes> {
	const cluster = await startCluster(stage);
	try {
		return await measure(stage, cluster.main.rest, plan);
	} finally {
		await cluster.stop();
	}
}

async function measure(stage: Stage, rest: Rest, plan: Plan): Promise<CollectTimes> {
	await rest.setUpOwner();
	const credential = await rest.createCredential('Alibaba', await stage.credentialData());
	// The most, so that none are sent: only storing is measured.
	const options = { collectUntil: 10_000 };
	await rest.activate(await rest.createWorkflow(triggered(credential, { path: 'c', options })));
	await rest.activate(await rest.createWorkflow(plain(triggered(credential, { path: 'p' }))));
	let next = 1;
	const call = async (path: string, atOnce: number) => {
		const list = contacts(Math.max(MIN_CALLS, atOnce * 4), next);
		next += list.length;
		const begin = Date.now();
		const answers = await bring(rest, path, oneEach(list), { atOnce });
		return { answers, ms: Date.now() - begin };
	};
	const first = await call('c', 5);
	await call('p', 5);
	const levels: CollectTimes['levels'] = [];
	let failed = 0;
	let stored = first.answers.length;
	for (const atOnce of plan.levels) {
		const both: Record<'c' | 'p', Brought[]> = { c: [], p: [] };
		const ms = { c: 0, p: 0 };
		// They take turns, so that what else the machine does slows both.
		for (let round = 0; round < plan.rounds; round++) {
			for (const path of ['c', 'p'] as const) {
				const { answers, ms: took } = await call(path, atOnce);
				both[path].push(...answers);
				ms[path] += took;
			}
		}
		failed += [...both.c, ...both.p].filter(({ status }) => status !== 200).length;
		stored += both.c.length;
		levels.push({ atOnce, collecting: timesOf(both.c, ms.c), plain: timesOf(both.p, ms.p) });
	}
	const { waiting = 0 } = byStatus(await readRows(rest));
	return { levels, failed, missing: stored - waiting };
}

/** The same workflow with n8n's Edit Fields in the node's place. */
function plain(workflow: Workflow): Workflow {
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Add Users'
			? {
					id: node.id,
					name: node.name,
					position: node.position,
					type: 'n8n-nodes-base.set',
					typeVersion: 3.4,
					parameters: { assignments: { assignments: [] }, includeOtherFields: true, options: {} },
				}
			: node,
	);
	return { ...workflow, nodes } as Workflow;
}

function timesOf(answers: Brought[], took: number): CallTimes {
	const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
	return {
		perSecond: (1000 * times.length) / took,
		median: times[Math.floor(times.length / 2)] as number,
		p99: times[Math.ceil(times.length * 0.99) - 1] as number,
	};
}

runAsChild(main);
