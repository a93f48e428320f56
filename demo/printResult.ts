import type { IDataObject } from 'n8n-workflow';
import { REASON_MESSAGES, type ReasonCode } from '../nodes/AlibabaCloudChatApp/contacts/reasons';
import type { Preview } from '../nodes/AlibabaCloudChatApp/upload/plan';
import type { ReachCounts } from '../nodes/AlibabaCloudChatApp/upload/summary';
import type { NodeResult } from '../test/engine/runNode';

const COUNTS = ['submitted', 'collected', 'duplicates', 'invalid', 'failed', 'held'];

function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/** Prints a run in readable form: each request, the result with its reasons, and what to do next. */
export function printResult(result: NodeResult): void {
	print('Requests that the server received');
	for (const { action, query, users, status, code } of result.calls) {
		const { BatchLastFlag: last = '-', EstimatedNumTotal: total = '-' } = query;
		print(
			`  ${action}: ${users.length} contacts, last batch ${last}, total ${total}: ${code || status}`,
		);
	}
	if (result.calls.length === 0) print('  none');
	print();
	if (result.error) {
		print(`The run ended with an error: ${result.error.message}`);
		print(`  ${result.error.description}`);
		return;
	}
	const { output, errorOutput, files, hints } = result;
	const summaries = output.filter((item) => 'received' in item);
	for (const summary of summaries) printSummary(summary);
	if (output.length > summaries.length) printContacts(output);
	if (errorOutput.length > 0) print(`Items in the error output: ${errorOutput.length}\n`);
	for (const { name, text } of files) print(`${name}\n${text}`);
	printHints(hints.map(({ message }) => message));
}

function printSummary(summary: IDataObject): void {
	const { received, plan, complete, batches, reach } = summary;
	const counts = COUNTS.map((name) => `${String(summary[name] ?? 0)} ${name}`);
	print(`Result: ${String(received)} contacts received: ${counts.join(', ')}`);
	if (plan) printPlan(plan as Preview);
	else if (complete) print('The upload is complete: the server accepted its last batch.');
	for (const { batch, users, status, requestId } of (batches ?? []) as IDataObject[]) {
		print(
			`  Batch ${String(batch)}: ${String(users)} users ${String(status)}, ${String(requestId)}`,
		);
	}
	if (reach) printReach(reach as ReachCounts);
	print();
	const advice = (summary.advice ?? {}) as IDataObject;
	printReasons('Why contacts are invalid', summary.invalidReasons, advice);
	printReasons(
		'Invalid fields of contacts that were sent with their other field',
		summary.droppedFields,
		advice,
	);
}

function printPlan({ batches, expectedMatches: { low, high }, sample }: Preview): void {
	print('Dry run: nothing was sent. A real run would send:');
	for (const { batch, users, bytes, last } of batches) {
		const end = last ? ', the last one' : '';
		print(`  Batch ${batch}: ${users} users, ${bytes.toLocaleString('en-US')} bytes${end}`);
	}
	print(`  Expected matches: ${low}–${high}`);
	const users = sample.map((user) => Object.values(user).join(' + '));
	print(`  The first users, masked: ${users.join(', ')}`);
}

function printReach({ messageable, notMessageable, unknown }: ReachCounts): void {
	const countries = Object.entries(notMessageable).sort(([, a], [, b]) => b - a);
	const valid = countries.reduce((sum, [, count]) => sum + count, messageable + unknown);
	const other = unknown > 0 ? `; ${unknown} have no known country` : '';
	print(`Meta can message ${messageable} of ${valid} valid contacts${other}`);
	const named = countries.map(([country, count]) => `${country} ${count}`);
	if (named.length > 0) print(`  Not in these countries: ${named.join(', ')}`);
}

function printReasons(title: string, counts: unknown, advice: IDataObject): void {
	const reasons = Object.entries((counts ?? {}) as Record<string, number>).sort(
		([, a], [, b]) => b - a,
	);
	if (reasons.length === 0) return;
	print(title);
	for (const [reason, count] of reasons) {
		const { what } = REASON_MESSAGES[reason as ReasonCode];
		print(`  ${count} × ${reason}: ${String(advice[reason] ?? `${what}.`)}`);
	}
	print();
}

function printContacts(items: IDataObject[]): void {
	print('Contacts');
	for (const { customAudience } of items) print(`  ${JSON.stringify(customAudience)}`);
	print();
}

function printHints(messages: string[]): void {
	if (messages.length === 0) return;
	print('What to know, and what comes next');
	for (const message of messages) print(`  - ${message}`);
}
