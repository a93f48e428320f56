import {
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeConnectionTypes,
	NodeOperationError,
	UserError,
} from 'n8n-workflow';
import type { Clock } from '../async';
import * as adAccount from './adAccount';
import * as addUsers from './customAudience/addUsers/operation';
import * as createAudience from './customAudience/create';
import * as forgetUsers from './customAudience/forgetUsers';
import * as audienceGetMany from './customAudience/getMany';
import * as getResult from './customAudience/getResult';
import * as sendCollected from './customAudience/sendCollected';
import { type OperationResult, toItems } from './output';
import * as subscriptionToken from './subscriptionToken';

type Operation = (context: IExecuteFunctions, clock: Clock) => Promise<OperationResult>;

const OPERATIONS = {
	'adAccount:getMany': adAccount.getMany,
	'customAudience:addUsers': addUsers.execute,
	'customAudience:create': createAudience.execute,
	'customAudience:forgetUsers': forgetUsers.execute,
	'customAudience:getMany': audienceGetMany.execute,
	'customAudience:getResult': getResult.execute,
	'customAudience:sendCollected': sendCollected.execute,
	'subscriptionToken:getMany': subscriptionToken.getMany,
	'subscriptionToken:sync': subscriptionToken.sync,
} satisfies Record<string, Operation>;

/**
 * Runs the operation that the person chose, and turns its result into items.
 * @throws NodeOperationError or NodeApiError
 */
export async function route(
	context: IExecuteFunctions,
	clock: Clock,
): Promise<INodeExecutionData[][]> {
	requireN8n(context);
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

/**
 * Ends the run if this n8n lacks what the node needs. The node is loaded there too, so that it can say so.
 * @throws NodeOperationError
 */
function requireN8n(context: IExecuteFunctions): void {
	const given: unknown[] = [
		NodeConnectionTypes,
		UserError,
		context.addExecutionHints,
		context.getExecutionCancelSignal,
	];
	if (given.every((part) => part !== undefined)) return;
	throw new NodeOperationError(context.getNode(), 'This version of n8n is too old for this node', {
		description: 'Update n8n to 2.4.8 or newer. Without collecting contacts, 1.123.81 is enough',
	});
}
