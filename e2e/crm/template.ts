import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN } from '../../test/simulator/simulator';
import type { Editor } from '../browser/editor';
import type { Execution, Rest, Workflow } from '../n8n/rest';
import { pathOf, withChoice } from '../n8n/shipped';
import type { SharedN8n } from '../stage';
import { chosen, type System } from './system';

export const ADD_USERS = 'Add Users to Audience';

/** A template in the editor, as a person gets it to run. */
export class Template {
	private static count = 0;

	private constructor(
		readonly id: string,
		private readonly path: string,
		private readonly rest: Rest,
		private readonly editor: Editor,
	) {}

	/**
	 * Imports a system's template with the editor's menu and makes a person's choices in it.
	 * @throws AssertionError if something is still missing after that
	 */
	static async imported(
		system: System,
		{ server: { rest }, credential }: SharedN8n,
		{ editor, pictures }: { editor: Editor; pictures: string },
	): Promise<Template> {
		const id = await editor.importFile(pathOf(system.file));
		const { custSpaceId, pageId, adAccountId } = KNOWN;
		// Each has its own audience, so contacts that one has collected aren't sent by another.
		const customAudienceId = String(750000000000000 + Template.count++);
		const choice = { credential, custSpaceId, pageId, adAccountId, customAudienceId };
		const workflow = withChoice(await rest.get<Workflow>(`/workflows/${id}`), choice);
		await rest.patch(`/workflows/${id}`, chosen(workflow, system, credentialFor(system)));
		assert.deepEqual(await editor.openWorkflow(id), [], 'no node shows a red triangle');
		const path = join(pictures, system.name.toLowerCase().replaceAll(' ', '-'));
		await editor.picture(`${path}.png`);
		return new Template(id, path, rest, editor);
	}

	/**
	 * Runs of Add Users so far, the oldest first.
	 * @throws AssertionError if an execution failed
	 */
	async runs(): Promise<Array<{ execution: string; summary: Record<string, unknown> }>> {
		const runs = [];
		for (const { id, status } of (await this.rest.executionsOf(this.id)).reverse()) {
			if (['new', 'running', 'waiting'].includes(status)) continue;
			const execution = await this.rest.execution(id);
			assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
			for (const summary of execution.output(ADD_USERS)) runs.push({ execution: id, summary });
		}
		return runs;
	}

	/** Starts it as the editor's button does. @throws AssertionError if it fails */
	async run(trigger: string): Promise<Execution> {
		const execution = await this.rest.finished(await this.rest.run(this.id, trigger));
		assert.equal(execution.status, 'success', JSON.stringify(execution.data.resultData.error));
		return execution;
	}

	/** Takes a picture of an execution in the editor. */
	async picture(execution: string): Promise<void> {
		await this.editor.openExecution(this.id, execution);
		await this.editor.picture(`${this.path}-run.png`);
	}
}

/** Imports systems' credentials by n8n's command, the only way for one that has been signed in. */
export async function importCredentials(
	{ server, folder }: SharedN8n,
	systems: System[],
): Promise<void> {
	const list = systems.flatMap((system) =>
		Object.entries(system.credentials ?? {}).map(([type, data]) => ({
			...credentialFor(system)(type),
			type,
			data,
		})),
	);
	const file = join(folder, 'credentials.json');
	writeFileSync(file, JSON.stringify(list));
	assert.equal(await server.command('import:credentials', `--input=${file}`), 0);
}

function credentialFor({ name }: System): (type: string) => { id: string; name: string } {
	return (type) => ({ id: `e2e${type}`, name: `${name} account` });
}
