import assert from 'node:assert/strict';
import type { INodeParameters } from 'n8n-workflow';
import { KNOWN, type Simulator } from '../../test/simulator/simulator';
import { placeParameters } from '../../test/engine/placeParameters';
import type { Contact } from '../contacts';
import type { Rest, Workflow } from './rest';
import { MANUAL_TRIGGER, PACKAGE_NODE } from './shipped';

const AT_ONCE = 20;
/** In queue mode n8n itself leaves about one call in 2,000 without an answer. */
const LONGEST_MS = 90_000;

type Credential = { id: string; name: string };

/** A trigger that brings contacts, and 'Add Users' behind it, for the audience that the contacts name or the usual one. */
export function triggered(
	credential: Credential,
	{ path, options = {}, onError }: { path: string; options?: INodeParameters; onError?: string },
): Workflow {
	const nodes = [
		...webhook(path),
		{
			...node(
				'Add Users',
				PACKAGE_NODE,
				placeParameters({ ...ids('={{ $json.audience }}'), ...options }),
			),
			credentials: { alibabaCloudOpenApi: credential },
			...(onError && { onError }),
		},
	];
	return flow(`Contacts by ${path}`, nodes);
}

/** A trigger that brings contacts, and 'Forget Users' behind it. */
export function forgetting(credential: Credential, path: string): Workflow {
	const parameters = { resource: 'customAudience', operation: 'forgetUsers' };
	const forget = {
		...node('Forget Users', PACKAGE_NODE, placeParameters(parameters)),
		credentials: { alibabaCloudOpenApi: credential },
	};
	return flow(`Forgotten by ${path}`, [...webhook(path), forget]);
}

/** 'Send Collected Users' by hand. */
export function sending(credential: Credential, options: INodeParameters): Workflow {
	const parameters = { resource: 'customAudience', operation: 'sendCollected', audiences: 'all' };
	return flow('Send what is collected', [
		node(MANUAL_TRIGGER, 'n8n-nodes-base.manualTrigger', {}),
		{
			...node('Send Collected Users', PACKAGE_NODE, placeParameters({ ...parameters, ...options })),
			credentials: { alibabaCloudOpenApi: credential },
		},
	]);
}

export interface Brought {
	/** 0 without an answer. */
	status: number;
	/** Milliseconds until the answer. */
	ms: number;
	contacts: Contact[];
	body: string;
}

/**
 * One call for each group of contacts, 20 at once, as CRMs make them.
 * @param how.answers is filled as they come
 */
export async function bring(
	rest: Rest,
	path: string,
	groups: Contact[][],
	{
		audience = KNOWN.customAudienceId,
		atOnce = AT_ONCE,
		answers = [],
	}: { audience?: string; atOnce?: number; answers?: Brought[] } = {},
): Promise<Brought[]> {
	const waiting = [...groups];
	const caller = async (): Promise<void> => {
		for (let contacts = waiting.shift(); contacts; contacts = waiting.shift()) {
			const begin = Date.now();
			const named = contacts.map((contact) => ({ ...contact, audience }));
			const response = await fetch(`${rest.url}/webhook/${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ contacts: named }),
				signal: AbortSignal.timeout(LONGEST_MS),
			}).catch(() => undefined);
			const body = (await response?.text().catch(() => '')) ?? '';
			answers.push({ status: response?.status ?? 0, ms: Date.now() - begin, contacts, body });
		}
	};
	await Promise.all(Array.from({ length: atOnce }, caller));
	return answers;
}

export function oneEach(list: Contact[]): Contact[][] {
	return list.map((contact) => [contact]);
}

/** Distinct emails that the simulator accepted. */
export function arrived({ uploads }: Simulator): Set<string> {
	return new Set(uploads.flatMap(({ users }) => users.map(({ Email = '' }) => Email)));
}

/** No two uploads mixed, and each completed once. */
export function assertWhole({ uploads }: Simulator): void {
	for (const { mixed, complete, batches } of uploads) {
		const lasts = batches.filter(({ last, acknowledged }) => last && acknowledged).length;
		assert.deepEqual({ mixed, complete, lasts }, { mixed: false, complete: true, lasts: 1 });
	}
}

/** Contacts in a call's body, one item each. */
function webhook(path: string) {
	return [
		{
			...node('New Contact', 'n8n-nodes-base.webhook', {
				httpMethod: 'POST',
				path,
				responseMode: 'lastNode',
				responseData: 'allEntries',
			}),
			typeVersion: 2,
			webhookId: path,
		},
		node('Contacts', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body.contacts', options: {} }),
	];
}

function ids(customAudienceId: string) {
	const byId = (value: string) => ({ __rl: true, mode: 'id', value });
	return {
		custSpaceId: byId(KNOWN.custSpaceId),
		pageId: KNOWN.pageId,
		adAccountId: byId(KNOWN.adAccountId),
		customAudienceId: byId(customAudienceId),
	};
}

function node(name: string, type: string, parameters: object) {
	return { id: name, name, type, typeVersion: 1, position: [0, 0] as [number, number], parameters };
}

function flow(name: string, nodes: Array<{ name: string; [key: string]: unknown }>): Workflow {
	const connections = Object.fromEntries(
		nodes.slice(0, -1).map((from, index) => {
			const to = { node: nodes[index + 1]?.name, type: 'main', index: 0 };
			return [from.name, { main: [[to]] }];
		}),
	);
	return { name, nodes, connections, settings: { executionOrder: 'v1' } } as unknown as Workflow;
}
