import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
	NodeOperationError,
	UserError,
} from 'n8n-workflow';
import * as adAccount from './actions/adAccount';
import * as customAudience from './actions/customAudience';
import * as addUsers from './actions/customAudience/addUsers/operation';
import * as createAudience from './actions/customAudience/create';
import * as forgetUsers from './actions/customAudience/forgetUsers';
import * as audienceGetMany from './actions/customAudience/getMany';
import * as getResult from './actions/customAudience/getResult';
import * as sendCollected from './actions/customAudience/sendCollected';
import { type OperationResult, toItems } from './actions/output';
import * as subscriptionToken from './actions/subscriptionToken';
import { type Clock, systemClock } from './async';
import { credentialTest } from './methods/credentialTest';
import { listSearch } from './methods/listSearch';

// Missing before n8n 1.84, where the node must still load, so that it can report when it runs that n8n is too old.
const MAIN = (NodeConnectionTypes as typeof NodeConnectionTypes | undefined)?.Main ?? 'main';

/** The node: its panel, operations, dropdowns, and credential test. */
export class AlibabaCloudChatApp implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Alibaba Cloud Chat App',
		name: 'alibabaCloudChatApp',
		icon: {
			light: 'file:../../icons/alibabaCloudChatApp.svg',
			dark: 'file:../../icons/alibabaCloudChatApp.dark.svg',
		},
		group: ['output'],
		version: 1,
		// The operation, then the audience if it was chosen from the list, otherwise the resource: 'Add Users: Newsletter
		// readers'. Only `toJSON` returns a locator with its name.
		subtitle:
			'={{ ((set, words) => words(({ getResult: "getMatchResult", sendCollected: "sendCollectedUsers", sync: "refresh" })[set.operation] ?? set.operation) + ": " + ((set.audiences !== "all" && set.customAudienceId?.cachedResultName?.split(" · ")[0]) || words(set.resource)))($parameter.toJSON(), (name) => name.charAt(0).toUpperCase() + name.slice(1).replace(/([A-Z])/g, " $1")) }}',
		description:
			'Send contacts to Meta custom audiences with Alibaba Cloud Chat App Message Service',
		builderHint: {
			searchHint:
				'Use it to add contacts from a CRM, form, sheet, or file to a Meta (Facebook, Messenger) custom audience through Alibaba Cloud. Connect it directly after a trigger: it cleans contacts, collects single ones, and sends them in batches.',
		},
		defaults: { name: 'Alibaba Cloud Chat App' },
		usableAsTool: true,
		inputs: [MAIN],
		outputs: [MAIN],
		credentials: [
			{
				name: 'alibabaCloudOpenApi',
				required: true,
				testedBy: 'testAlibabaCloudOpenApi',
				// All its work is in the Data Table.
				displayOptions: { hide: { operation: ['forgetUsers'] } },
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Custom Audience', value: 'customAudience' },
					{ name: 'Ad Account', value: 'adAccount' },
					{ name: 'Subscription Token', value: 'subscriptionToken' },
				],
				default: 'customAudience',
			},
			...customAudience.description,
			...adAccount.description,
			...subscriptionToken.description,
		],
	};

	methods: INodeType['methods'];

	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

	/** @param clock time and randomness; n8n creates the node without it */
	constructor(clock: Clock = systemClock) {
		this.methods = {
			credentialTest: { testAlibabaCloudOpenApi: credentialTest(clock) },
			listSearch: listSearch(clock),
		};
		this.execute = function (this: IExecuteFunctions) {
			return route(this, clock);
		};
	}
}

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
async function route(context: IExecuteFunctions, clock: Clock): Promise<INodeExecutionData[][]> {
	requireRecentN8n(context);
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
function requireRecentN8n(context: IExecuteFunctions): void {
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
