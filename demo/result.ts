import type { IDataObject, NodeExecutionHint } from 'n8n-workflow';
import type { Call, NodeResult, OutputFile } from '../test/engine/runNode';

/** A run as the demo prints it with `--json`. */
export interface DemoResult {
	/** If the run ended with an error, there are no outputs or hints. */
	error?: { message: string; description: string; code?: string };
	output?: IDataObject[];
	errorOutput?: IDataObject[];
	files?: OutputFile[];
	hints?: NodeExecutionHint[];
	/** The calls that the server received, recorded after its signature check. */
	calls: Call[];
}

/** The part of a run that the demo prints with `--json`. */
export function asJson({ error, calls, files, ...result }: NodeResult): DemoResult {
	if (error) {
		const { message, description, code } = error;
		return { error: { message, description, ...(code && { code }) }, calls };
	}
	const { output, errorOutput, hints } = result;
	return { output, errorOutput, ...(files.length > 0 && { files }), hints, calls };
}
