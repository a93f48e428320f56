import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import * as adAccount from './actions/adAccount';
import * as customAudience from './actions/customAudience';
import { route } from './actions/router';
import * as subscriptionToken from './actions/subscriptionToken';
import { type Clock, systemClock } from './async';
import { credentialTest } from './methods/credentialTest';
import { listSearch } from './methods/listSearch';

// Missing before n8n 1.84, where the node still loads, to say when it runs that n8n is too old.
const MAIN = (NodeConnectionTypes as typeof NodeConnectionTypes | undefined)?.Main ?? 'main';

/** The node: its panel, dropdowns, and credential test; `actions/router.ts` runs its operations. */
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
