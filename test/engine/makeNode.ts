import type { INodeParameters } from 'n8n-workflow';

/** A node of a workflow, named and typed; its ID is its name. */
export function makeNode(name: string, type: string, parameters: INodeParameters = {}) {
	const position: [number, number] = [0, 0];
	return { id: name, name, type, typeVersion: 1, position, parameters };
}
