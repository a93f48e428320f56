import type { INodeProperties } from 'n8n-workflow';

/** The fields as one operation of a resource shows them. */
export function showFor(
	resource: string,
	operation: string,
	fields: INodeProperties[],
): INodeProperties[] {
	return fields.map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, resource: [resource], operation: [operation] },
		},
	}));
}

/** The field 'Operation' of a resource, but for its options. @param first what is chosen at first */
export function operationOf(resource: string, first: string) {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		default: first,
	} satisfies Partial<INodeProperties>;
}
