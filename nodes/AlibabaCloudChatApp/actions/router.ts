import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Clock } from '../transport/clock';
import * as addUsers from './customAudience/addUsers.operation';
import { toItems, type OperationResult } from './output';

type Operation = (context: IExecuteFunctions, clock: Clock) => Promise<OperationResult>;

const OPERATIONS: Record<string, Operation> = {
	'customAudience:addUsers': addUsers.execute,
};

/**
 * Runs the operation that the person chose and makes items of what it returns.
 * @throws NodeOperationError or NodeApiError; whatever else comes up is wrapped
 */
export async function route(
	context: IExecuteFunctions,
	clock: Clock,
): Promise<INodeExecutionData[][]> {
	const resource = context.getNodeParameter('resource', 0, 'customAudience');
	const operation = context.getNodeParameter('operation', 0, 'addUsers');
	const execute = OPERATIONS[`${resource}:${operation}`];
	if (!execute) {
		throw new NodeOperationError(
			context.getNode(),
			`There is no operation '${operation}' for '${resource}'. Choose both again in the node`,
		);
	}
	return [toItems(await execute(context, clock))];
}
