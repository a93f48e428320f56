import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../nodes/AlibabaCloudChatApp/store/table';
import type { Rest } from './rest';
import { NODE_BIN } from './server';

export const TABLE = 'alibaba_cloud_chat_app_contacts';
const PAGE = 250;

/** Where n8n's REST API has the node's table. */
export async function tablePath(rest: Rest, name = TABLE): Promise<string> {
	const { id: project } = await rest.get<{ id: string }>('/projects/personal');
	const tables = `/projects/${project}/data-tables`;
	const list = await rest.get<{ data: Array<{ id: string; name: string }> }>(tables);
	const found = list.data.filter((table) => table.name === name);
	if (found.length !== 1) throw new Error(`${found.length} tables named ${name}`);
	return `${tables}/${found[0]?.id}`;
}

/** All rows of the table where contacts are collected. */
export async function readRows(rest: Rest): Promise<Row[]> {
	const table = await tablePath(rest);
	const rows: Row[] = [];
	for (;;) {
		const page = await rest.get<{ count: number; data: Row[] }>(
			`${table}/rows?take=${PAGE}&skip=${rows.length}&sortBy=id:asc`,
		);
		rows.push(...page.data);
		if (rows.length >= page.count || page.data.length === 0) return rows;
	}
}

/** The contacts of one audience in the table. */
export async function readContacts(rest: Rest, customAudienceId: string): Promise<Row[]> {
	const own = (audience: string | null) => audience?.endsWith(`/${customAudienceId}`);
	return (await readRows(rest)).filter((row) => own(row.audience) && row.status !== 'lease');
}

/** How many contacts there are of each status. */
export function byStatus(rows: Row[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { status } of rows) {
		if (status !== 'lease') counts[String(status)] = (counts[String(status)] ?? 0) + 1;
	}
	return counts;
}

// Node 24 includes SQLite; the Node that runs the tests may not.
const ASK = `
const { DatabaseSync } = require('node:sqlite');
const [file, sql] = process.argv.slice(1);
const rows = new DatabaseSync(file, { timeout: 10_000 }).prepare(sql).all();
process.stdout.write(JSON.stringify(rows));
`;

/** Runs one statement in the SQLite database of an n8n that may be running. */
export function querySqlite<T = Record<string, unknown>>(folder: string, sql: string): T[] {
	const home = join(folder, '.n8n');
	const file = readdirSync(home).find((name) => name.endsWith('.sqlite'));
	if (!file) throw new Error(`No database in ${home}`);
	const answer = execFileSync(NODE_BIN, ['-e', ASK, join(home, file), sql], { encoding: 'utf8' });
	return JSON.parse(answer) as T[];
}

/** Changes rows of all Data Tables behind n8n's back: what only time would change. */
export function age(folder: string, set: string, where: string): void {
	const tables = querySqlite<{ name: string }>(
		folder,
		"SELECT name FROM sqlite_master WHERE name LIKE 'data\\_table\\_user\\_%' ESCAPE '\\'",
	);
	for (const { name } of tables) querySqlite(folder, `UPDATE "${name}" SET ${set} WHERE ${where}`);
}

/** Lets all leases run out, as if 15 minutes had passed. */
export function ageLeases(folder: string): void {
	age(folder, `"leaseUntil" = '2020-01-01 00:00:00.000'`, "status = 'lease'");
}
