import { parse } from 'flatted';
import { GiveUp, until } from '../machine/until';

export interface Workflow {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	pinData?: Record<string, unknown>;
}

export interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	disabled?: boolean;
	[key: string]: unknown;
}

type Json = Record<string, unknown>;
type NodeRun = { data?: { main?: Array<Array<{ json: Json }> | null> }; error?: Json };

/** One stored execution, as the editor opens it. */
export interface Execution {
	id: string;
	status: string;
	data: {
		resultData: { runData: Record<string, NodeRun[]>; error?: Json };
		[key: string]: unknown;
	};
	/** What one of a node's outputs gave, over all its runs. */
	output(node: string, output?: number): Json[];
}

export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Olga',
	lastName: 'Owner',
	password: 'Owner-of-the-tests-1',
};

/** n8n's own REST API, the way its editor uses it. */
export class Rest {
	private cookie = '';

	constructor(public url: string) {}

	async get<T = Json>(path: string): Promise<T> {
		return await this.ask<T>('GET', path);
	}

	async post<T = Json>(path: string, body: unknown): Promise<T> {
		return await this.ask<T>('POST', path, body);
	}

	async patch<T = Json>(path: string, body: unknown): Promise<T> {
		return await this.ask<T>('PATCH', path, body);
	}

	async delete<T = Json>(path: string): Promise<T> {
		return await this.ask<T>('DELETE', path);
	}

	async setUpOwner(): Promise<void> {
		await this.post('/owner/setup', OWNER);
		await this.logIn();
	}

	async logIn(): Promise<void> {
		const { email, password } = OWNER;
		await this.post('/login', { emailOrLdapLoginId: email, password });
	}

	async createCredential(name: string, data: Json): Promise<{ id: string; name: string }> {
		return await this.post('/credentials', { name, type: 'alibabaCloudOpenApi', data });
	}

	async createWorkflow(workflow: Workflow): Promise<string> {
		const created = await this.post<{ id: string }>('/workflows', { ...workflow, active: false });
		return created.id;
	}

	/** Switches a workflow on and waits until its triggers listen. */
	async activate(id: string): Promise<void> {
		const { versionId } = await this.get<{ versionId: string }>(`/workflows/${id}`);
		await this.post(`/workflows/${id}/activate`, { versionId });
		await until('the workflow is published', async () => {
			const publication = await this.get<{ status: string }>(`/workflows/${id}/publication-status`);
			if (publication.status === 'partial') throw new GiveUp(JSON.stringify(publication));
			return publication.status === 'published';
		});
	}

	/** Starts a workflow as the editor's button does. @returns the execution's ID */
	async run(id: string, trigger: string): Promise<string> {
		const body = { triggerToStartFrom: { name: trigger } };
		return (await this.post<{ executionId: string }>(`/workflows/${id}/run`, body)).executionId;
	}

	async execution(id: string): Promise<Execution> {
		const stored = await this.get<{ status: string; data: string }>(`/executions/${id}`);
		const data = parse(stored.data) as Execution['data'];
		return {
			id,
			status: stored.status,
			data,
			output: (node, output = 0) =>
				(data.resultData.runData[node] ?? []).flatMap((run) =>
					(run.data?.main?.[output] ?? []).map(({ json }) => json),
				),
		};
	}

	async statusOf(id: string): Promise<string> {
		return (await this.get<{ status: string }>(`/executions/${id}`)).status;
	}

	/** Waits for an execution to end, in whatever way. */
	async finished(id: string, seconds = 120): Promise<Execution> {
		await until(
			`execution ${id} ends`,
			async () => !['new', 'running', 'waiting'].includes(await this.statusOf(id)),
			{ seconds, everyMs: 200 },
		);
		return await this.execution(id);
	}

	/** IDs of a workflow's executions, the newest first. */
	async executionsOf(workflowId: string): Promise<Array<{ id: string; status: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.get<{ results: Array<{ id: string; status: string }> }>(
			`/executions?filter=${filter}&limit=100`,
		);
		return results;
	}

	private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: {
				'browser-id': 'e2e',
				// On a busy machine, n8n may close a connection that was kept open just when it is used again.
				connection: 'close',
				...(this.cookie && { cookie: this.cookie }),
				...(body !== undefined && { 'content-type': 'application/json' }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok)
			throw new Error(`${method} ${path}: HTTP ${response.status} ${text.slice(0, 500)}`);
		const cookie = response.headers.getSetCookie().find((value) => value.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0] ?? '';
		const answer = JSON.parse(text) as { data: T };
		return answer.data;
	}
}
