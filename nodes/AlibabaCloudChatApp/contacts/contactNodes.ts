import { systems } from './contactNodes.json';

type Json = Record<string, unknown>;

const MAX_KEYS = 200;
const MAX_DEPTH = 3;
const MAX_VALUE = 500;

/** The node that gets the contact of an item with only an ID, for a system that its keys show: "HubSpot 'Get a contact'". */
export function nodeThatGets(json: Json): string | undefined {
	const values = new Map<string, string>();
	collect(json, values, MAX_DEPTH);
	return systems.find(({ keys }) => keys.every((key) => matches(key, values)))?.node;
}

function matches(condition: string, values: Map<string, string>): boolean {
	const [key = '', part] = condition.split('=');
	const value = values.get(key);
	return value !== undefined && (part === undefined || value.includes(part));
}

function collect(json: Json, values: Map<string, string>, depth: number): void {
	for (const key of Object.keys(json).slice(0, MAX_KEYS)) {
		if (values.size > MAX_KEYS) return;
		const value = json[key];
		const text = typeof value === 'string' && value.length <= MAX_VALUE ? value : '';
		if (!values.has(key) || text !== '') values.set(key, text);
		if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth > 0) {
			collect(value as Json, values, depth - 1);
		}
	}
}
