import { UserError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

/** How many entries the person wants. @throws UserError */
export function limitOf(context: IExecuteFunctions, itemIndex: number): number {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return Infinity;
	const limit = Number(context.getNodeParameter('limit', itemIndex, 50));
	if (Number.isInteger(limit) && limit >= 1) return limit;
	throw new UserError("'Limit' is not usable. Enter a whole number of at least 1");
}

/**
 * The entries as 'Simplify' wants them: the given fields under camelCase names, or all as the API sent them.
 * @param fields as the API names them
 */
export function shapeEntries(
	context: IExecuteFunctions,
	itemIndex: number,
	entries: IDataObject[],
	fields: string[],
): IDataObject[] {
	if (context.getNodeParameter('simplify', itemIndex, true) !== true) return entries;
	return entries.map((entry) =>
		Object.fromEntries(
			fields
				.filter((field) => entry[field] !== undefined)
				.map((field) => [field.charAt(0).toLowerCase() + field.slice(1), entry[field]]),
		),
	);
}

/** A text or a number as a text without the spaces around it; empty for anything else. */
export function textOf(given: unknown): string {
	return typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
}
