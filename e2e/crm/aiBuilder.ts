import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Rest } from '../n8n/rest';
import { PACKAGE_NODE } from '../n8n/shipped';

interface Catalog {
	NodeTypeParser: new (types: unknown[]) => object;
	searchCodeBuilderNodes(parser: object, queries: string[]): { results: string };
}

interface Sdk {
	generateNodeTypeFile(description: unknown): string;
}

/**
 * Our node as the installed n8n shows it to its AI builder.
 * @returns what a search finds, and the type definition that the builder writes code against
 */
export async function aiBuilderView(
	rest: Rest,
	query: string,
): Promise<{ found: string; definition: string }> {
	const nodeInfos = [{ name: PACKAGE_NODE, version: 1 }];
	const descriptions = await rest.post<unknown[]>('/node-types', { nodeInfos });
	const catalog = installed<Catalog>('ai-utilities/dist/cjs/node-catalog/index.js');
	const parser = new catalog.NodeTypeParser(descriptions);
	const { results } = catalog.searchCodeBuilderNodes(parser, [query]);
	const { generateNodeTypeFile } = installed<Sdk>('workflow-sdk/dist/index.js');
	return { found: results, definition: generateNodeTypeFile(descriptions[0]) };
}

/** A module of the installed n8n, also one that its package doesn't export. */
function installed<T>(path: string): T {
	return createRequire(__filename)(join(__dirname, '..', 'node_modules', '@n8n', path)) as T;
}
