import { join } from 'node:path';
import { atLeast, atMost, milliseconds, ratio } from './figures';
import { median, type PartResult } from './measure';
import type { N8nTimes } from './n8nRun';
import { inOwnProcess } from './processes';

/** Three ways to send 100,000 contacts, in one real n8n. */
export async function n8nBench(): Promise<PartResult> {
	const program = join(process.cwd(), 'test', 'bench', 'n8nRun.ts');
	const times = await inOwnProcess<N8nTimes>(program, [], ['--import', 'tsx']);
	const of = (name: keyof N8nTimes) => median(times[name]);
	return {
		part: 'n8n',
		figures: [
			milliseconds("n8n's own nodes, without code", of('withoutCode')),
			milliseconds('a Code node, without signing, cleaning or account', of('codeNode')),
			milliseconds('this node', of('thisNode')),
			atMost(1, ratio('this node against the Code node', of('thisNode') / of('codeNode'))),
			atLeast(20, ratio('without code against this node', of('withoutCode') / of('thisNode'))),
			atMost(200, milliseconds('slowest answer of /healthz while this node runs', of('health'))),
		],
	};
}
