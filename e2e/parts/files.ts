import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { KNOWN } from '../../test/simulator/simulator';
import { textRow, workbookOf } from '../../test/sources/file/archives';
import { until } from '../machine/until';
import { shipped } from '../n8n/shipped';
import type { Part } from '../run';

const FILE = 'file-to-audience.json';
const FORM = 'contacts-for-the-audience';

/** A person uploads a file in a form, and gets back what could not be sent. */
export const part: Part = async (stage, report) => {
	const simulator = await stage.simulator();
	const { server, credential } = await stage.n8n();
	const { rest } = server;
	const { custSpaceId, pageId, adAccountId, customAudienceId } = KNOWN;
	const ids = { custSpaceId, pageId, adAccountId, customAudienceId };
	const id = await rest.createWorkflow(shipped(FILE, { credential, ...ids }));
	await rest.activate(id);

	/** @returns the page that the person sees in the end */
	async function upload(name: string, content: string | Buffer): Promise<string> {
		const form = new FormData();
		form.append('field-0', new Blob([content as BlobPart], { type: 'text/csv' }), name);
		const url = `${server.url}/form/${FORM}`;
		const answer = (await (await fetch(url, { method: 'POST', body: form })).json()) as {
			formWaitingUrl: string;
		};
		const waiting = new URL(answer.formWaitingUrl);
		const page = `${server.url}${waiting.pathname}${waiting.search}`;
		return await until(
			'the form ends',
			async () => {
				// n8n leaves a page unanswered that is asked for before the execution waits.
				const html = await (await fetch(page, { signal: AbortSignal.timeout(10_000) })).text();
				return /Contacts sent|Contacts stored|No contacts sent/.test(html) && html;
			},
			{ seconds: 240, everyMs: 500 },
		);
	}

	const people = (count: number) =>
		Array.from({ length: count }, (_, n) => `Person ${n};person${n}@example.com`);

	await report.step('a file is sent to the audience, and its invalid rows come back', async () => {
		simulator.reset();
		const rows = [
			'Name;E-Mail',
			...people(600),
			'Nobody;not an address',
			'Person 1;person1@example.com',
		];
		const html = await upload('contacts.csv', `\ufeff${rows.join('\r\n')}`);
		assert.match(html, /Contacts sent/);
		assert.match(html, /602 contacts received\. Sent: 600\..* Duplicates: 1\. Not sent: 1\./);
		const [file] = filesOf(html);
		assert.equal(file?.fileName, 'invalid.csv');
		assert.match(file.text, /Nobody;not an address;email_invalid/);
		assert.deepEqual(
			simulator.uploads.map(({ users, complete, mixed }) => [users.length, complete, mixed]),
			[[600, true, false]],
		);
	});

	await report.step('a compressed file goes as well', async () => {
		simulator.reset();
		const html = await upload(
			'contacts.csv.gz',
			gzipSync(['Name;E-Mail', ...people(500)].join('\n')),
		);
		assert.match(html, /500 contacts received\. Sent: 500\./);
		assert.equal(simulator.uploads[0]?.users.length, 500);
	});

	await report.step('no contact is in what n8n stores of the execution', async () => {
		const [latest] = await rest.executionsOf(id);
		const { data } = await rest.execution(latest?.id ?? '');
		assert.doesNotMatch(JSON.stringify(data), /person\d+@example\.com/);
	});

	await report.step(
		'a workbook is sent, and its invalid rows come back as a workbook',
		async () => {
			simulator.reset();
			const rows = [...people(600).map((row) => row.split(';')), ['Nobody', 'not an address']];
			const sheet = [['Name', 'E-Mail'], ...rows].map((cells, at) => textRow(at + 1, cells));
			const bytes = workbookOf({ sheets: { Contacts: sheet.join('') } });
			const html = await upload('contacts.xlsx', bytes);
			assert.match(html, /601 contacts received\. Sent: 600\./);
			assert.equal(filesOf(html)[0]?.fileName, 'invalid.xlsx');
			assert.equal(simulator.uploads[0]?.users.length, 600);
		},
	);

	await report.step('a damaged workbook is reported', async () => {
		simulator.reset();
		const html = await upload('contacts.xlsx', Buffer.from('PK\x03\x04'.padEnd(30, '\0')));
		assert.match(html, /No contacts sent/);
		assert.equal(simulator.requests.length, 0);
	});
};

/** The files that come with the form's last page; n8n puts them there as it keeps them, as bytes or as text. */
function filesOf(html: string): Array<{ fileName: string; text: string }> {
	const encoded = /const binaries = "([^"]+)"/.exec(html)?.[1] ?? '%5B%5D';
	const files = JSON.parse(decodeURIComponent(encoded)) as Array<{
		fileName: string;
		data: string | { data: number[] };
	}>;
	return files.map(({ fileName, data }) => ({
		fileName,
		text: typeof data === 'string' ? data : Buffer.from(data.data).toString('utf8'),
	}));
}
