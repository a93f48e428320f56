import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Contact } from '../contacts';
import type { Rest } from './rest';
import { NODE_BIN } from './server';

export interface Row {
	id: number;
	contact: string;
	email: string;
	status: 'pending' | 'claimed' | 'submitted' | 'refused';
	reason: string | null;
	runId: string | null;
}

const TABLE = 'chat_app_audience_queue';
const PAGE = 250;

async function tablePath(rest: Rest): Promise<string> {
	const { id: project } = await rest.get<{ id: string }>('/projects/personal');
	const tables = `/projects/${project}/data-tables`;
	const list = await rest.get<{ data: Array<{ id: string; name: string }> }>(tables);
	const found = list.data.filter(({ name }) => name === TABLE);
	if (found.length !== 1) throw new Error(`${found.length} tables named ${TABLE}`);
	return `${tables}/${found[0]?.id}`;
}

/** All rows of the table that the collecting workflows share. */
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

/** Puts contacts into the table as if they had been collected. */
export async function addPending(rest: Rest, list: Contact[]): Promise<void> {
	const data = list.map(({ name, email, country }) => {
		return { contact: email, name, email, country, status: 'pending' };
	});
	await rest.post(`${await tablePath(rest)}/insert`, { data, returnType: 'count' });
}

/** How many rows there are of each status. */
export function byStatus(rows: Row[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
	return counts;
}

// Node 24 brings an SQLite of its own; the Node that runs the tests may not.
const AGE = `
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(process.argv[1]);
database.exec('PRAGMA busy_timeout = 10000');
const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'data_table_user_%'").all();
for (const { name } of tables) {
	database.exec('UPDATE "' + name + "\\" SET updatedAt = strftime('%Y-%m-%d %H:%M:%f', updatedAt, '-61 minutes') WHERE status = 'claimed'");
}
`;

/** Makes claims look an hour older, so that no test has to wait for one. */
export function ageClaims(userFolder: string): void {
	const folder = join(userFolder, '.n8n');
	const database = readdirSync(folder).find((name) => name.endsWith('.sqlite'));
	execFileSync(NODE_BIN, ['-e', AGE, join(folder, String(database))], { stdio: 'inherit' });
}
