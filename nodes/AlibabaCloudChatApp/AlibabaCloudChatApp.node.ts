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

// Missing before n8n 1.84, which is told that it is too old only when the node runs.
const MAIN = (NodeConnectionTypes as typeof NodeConnectionTypes | undefined)?.Main ?? 'main';

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
		// As the panel names them: 'Add Users: Custom Audience'.
		subtitle:
			'={{ [$parameter["operation"], $parameter["resource"]].map((name) => (name.charAt(0).toUpperCase() + name.slice(1)).replace(/([A-Z])/g, " $1").trim()).join(": ").replace("Send Collected:", "Send Collected Users:") }}',
		description:
			'Bring contacts to Meta custom audiences through Alibaba Cloud Chat App Message Service',
		defaults: { name: 'Alibaba Cloud Chat App' },
		usableAsTool: true,
		inputs: [MAIN],
		outputs: [MAIN],
		credentials: [
			{ name: 'alibabaCloudOpenApi', required: true, testedBy: 'testAlibabaCloudOpenApi' },
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Ad Account', value: 'adAccount' },
					{ name: 'Custom Audience', value: 'customAudience' },
					{ name: 'Subscription Token', value: 'subscriptionToken' },
				],
				default: 'customAudience',
			},
			...adAccount.description,
			...customAudience.description,
			...subscriptionToken.description,
		],
	};

	methods: INodeType['methods'];

	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

	/** @param clock time and randomness; n8n makes the node without it */
	constructor(clock: Clock = systemClock) {
		this.methods = {
			credentialTest: { testAlibabaCloudOpenApi: credentialTest(clock) },
			listSearch: listSearch(clock),
		};
		this.execute = async function (this: IExecuteFunctions) {
			return await route(this, clock);
		};
	}
}
