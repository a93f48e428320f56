import {
	NodeConnectionTypes,
	NodeOperationError,
	UserError,
	type IExecuteFunctions,
} from 'n8n-workflow';

/**
 * Ends the run on an n8n that lacks what this node needs; it was loaded there all the same, so that it can say so.
 * @throws NodeOperationError
 */
export function refuseOlderN8n(context: IExecuteFunctions): void {
	const given: unknown[] = [
		NodeConnectionTypes,
		UserError,
		context.addExecutionHints,
		context.getExecutionCancelSignal,
	];
	if (given.every((part) => part !== undefined)) return;
	throw new NodeOperationError(context.getNode(), 'This n8n is too old for the node', {
		description: 'Update n8n to 1.123.81 or later; contacts are collected from 2.4.8 on',
	});
}
