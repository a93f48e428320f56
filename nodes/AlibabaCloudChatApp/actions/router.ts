import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Clock } from '../transport/clock';
import * as adAccountGetMany from './adAccount/getMany.operation';
import * as addUsers from './customAudience/addUsers/operation';
import * as createAudience from './customAudience/create.operation';
import * as audienceGetMany from './customAudience/getMany.operation';
import * as getResult from './customAudience/getResult.operation';
import * as sendCollected from './customAudience/sendCollected/operation';
import { refuseOlderN8n } from './olderN8n';
import { toItems, type OperationResult } from './output';
import * as tokenGetMany from './subscriptionToken/getMany.operation';
import * as tokenSync from './subscriptionToken/sync.operation';

type Operation = (context: IExecuteFunctions, clock: Clock) => Promise<OperationResult>;

const OPERATIONS = {
	'adAccount:getMany': adAccountGetMany.execute,
	'customAudience:addUsers': addUsers.execute,
	'customAudience:create': createAudience.execute,
	'customAudience:getMany': audienceGetMany.execute,
	'customAudience:getResult': getResult.execute,
	'customAudience:sendCollected': sendCollected.execute,
	'subscriptionToken:getMany': tokenGetMany.execute,
	'subscriptionToken:sync': tokenSync.execute,
} satisfies Record<string, Operation>;

/**
 * Runs the operation that the person chose and makes items of what it returns.
 * @throws NodeOperationError or NodeApiError
 */
export async function route(
	context: IExecuteFunctions,
	clock: Clock,
): Promise<INodeExecutionData[][]> {
	refuseOlderN8n(context);
	const resource = context.getNodeParameter('resource', 0, 'customAudience');
	const operation = context.getNodeParameter('operation', 0, 'addUsers');
	const name = `${resource}:${operation}`;
	if (!isOperation(name)) {
		throw new NodeOperationError(
			context.getNode(),
			`There is no operation '${operation}' for '${resource}'`,
			{ description: 'Choose both again in the node' },
		);
	}
	return [toItems(await OPERATIONS[name](context, clock))];
}

function isOperation(name: string): name is keyof typeof OPERATIONS {
	return Object.hasOwn(OPERATIONS, name);
}
