import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type NodeParameterValueType,
} from 'n8n-workflow';
import { AlibabaCloudChatApp } from '../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js';

const { description } = new AlibabaCloudChatApp();
const NODE = { typeVersion: 1 };
const ADD_USERS = { resource: 'customAudience', operation: 'addUsers' };

/**
 * Puts each value where the panel has its name: in a field, or in the collection that has an option of that name. The
 * value of a field with a list becomes an ID entered by hand, unless it is an object. A collection can be set as a whole.
 * The operation is 'Add Users' by default.
 * @throws Error if the panel has no field or option with a name
 */
export function placeParameters(values: Record<string, unknown>): INodeParameters {
	const given = Object.entries({ ...ADD_USERS, ...values }).filter(
		([, value]) => value !== undefined,
	);
	const fieldNames = new Set(description.properties.map(({ name }) => name));
	const fields = Object.fromEntries(given.filter(([name]) => fieldNames.has(name)));
	const { properties } = description;
	const shown = NodeHelpers.getNodeParameters(
		properties,
		fields as INodeParameters,
		true,
		false,
		NODE as never,
		description,
	);
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter({ ...shown }, property, NODE, description);
	const best = (found: INodeProperties[]) => found.find(isShown) ?? found[0];
	const placed: INodeParameters = {};
	for (const [name, value] of given) {
		const field = best(properties.filter((property) => property.name === name));
		const collection = best(properties.filter((property) => hasOption(property, name)));
		if (collection && !(field && isShown(field))) addTo(placed, collection.name, { [name]: value });
		else if (field?.type === 'collection') addTo(placed, name, value);
		else if (field) placed[name] = valueOf(field, value);
		else throw new Error(`The panel has no field or option '${name}'`);
	}
	return placed;
}

function hasOption({ type, options = [] }: INodeProperties, name: string): boolean {
	return type === 'collection' && options.some((option) => option.name === name);
}

function addTo(placed: INodeParameters, collection: string, values: unknown): void {
	placed[collection] = { ...(placed[collection] as object), ...(values as INodeParameters) };
}

function valueOf(field: INodeProperties, value: unknown): NodeParameterValueType {
	const isPlain = typeof value !== 'object' || value === null;
	return (
		field.type === 'resourceLocator' && isPlain
			? { __rl: true, mode: 'id', value: String(value) }
			: value
	) as NodeParameterValueType;
}
