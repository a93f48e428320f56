import type { IDataObject } from 'n8n-workflow';
import type { NodeResult } from '../test/engine/runNode';

function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/** Prints what a person wants to see of a run: each call, then what became of the contacts. */
export function printAccount(result: NodeResult, source: string): void {
	print(`${source}, through n8n's engine and this node, to a server that checks every call`);
	print();
	print('Calls that the server received');
	for (const { action, query, users, status, code } of result.calls) {
		const { BatchLastFlag: last = '-', EstimatedNumTotal: total = '-' } = query;
		print(
			`  ${action}  users ${users.length}  last flag ${last}  total ${total}  →  HTTP ${status} ${code}`,
		);
	}
	if (result.calls.length === 0) print('  none');
	print();
	if (result.error) {
		print(`The run ended: ${result.error.message}`);
		print(`  ${result.error.description}`);
		return;
	}
	const { output = [], errorOutput = [], files = [], hints = [] } = result;
	print(`Output: ${output.length} items, error output: ${errorOutput.length}`);
	for (const item of output) printItem(item);
	for (const { name, text } of files) print(`\n${name}\n${text}`);
	for (const { message, type } of hints) {
		print(`${type === 'warning' ? 'Warning' : 'Note'}: ${message}`);
	}
}

function printItem(item: IDataObject): void {
	if (item.customAudience) {
		print(`  ${JSON.stringify(item.customAudience)}`);
		return;
	}
	// Warnings are shown as hints below.
	const { batches, warnings, ...figures } = item;
	for (const batch of batches as IDataObject[]) {
		print(
			`  Batch ${String(batch.batch)}: ${String(batch.users)} users ${String(batch.status)}, request ID ${String(batch.requestId)}`,
		);
	}
	for (const [name, value] of Object.entries(figures)) print(`  ${name}: ${JSON.stringify(value)}`);
}
