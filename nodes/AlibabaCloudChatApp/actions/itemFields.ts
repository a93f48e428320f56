import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { UnusableValue } from '../../../credentials/unusableValue';

/** How many entries the person wants. @throws UnusableValue */
export function limitOf(context: IExecuteFunctions, itemIndex: number): number {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return Infinity;
	const limit = Number(context.getNodeParameter('limit', itemIndex, 50));
	if (Number.isInteger(limit) && limit >= 1) return limit;
	throw new UnusableValue("'Limit' is not usable", 'Enter a whole number of at least 1');
}

/** What 'Simplify' leaves of an entry, by the API's own names. */
export interface SimpleShape {
	fields: string[];
	/** Those of the fields that are points in time. */
	dates?: string[];
}

/** The entries as 'Simplify' wants them: the shape's fields under camelCase names, or all as the API sent them. */
export function shapeEntries(
	context: IExecuteFunctions,
	itemIndex: number,
	entries: IDataObject[],
	{ fields, dates = [] }: SimpleShape,
): IDataObject[] {
	if (context.getNodeParameter('simplify', itemIndex, true) !== true) return entries;
	return entries.map((entry) =>
		Object.fromEntries(
			fields
				.filter((field) => entry[field] !== undefined)
				.map((field) => [
					field.charAt(0).toLowerCase() + field.slice(1),
					dates.includes(field) ? readableDate(entry[field]) : entry[field],
				]),
		),
	);
}

/** Seconds of the year 5138, milliseconds of March 1973: which of the two a number is shows by its size. */
const FEWEST_MILLISECONDS = 1e11;

/** A point in time in ISO 8601, from seconds or milliseconds since 1970; anything else stays as it is. */
function readableDate(given: IDataObject[string]): IDataObject[string] {
	const number = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
	if (typeof number !== 'number' || number <= 0) return given;
	const date = new Date(number < FEWEST_MILLISECONDS ? number * 1000 : number);
	return Number.isNaN(date.getTime()) ? given : date.toISOString();
}

/** A text or a number as a text without the spaces around it; empty for anything else. */
export function textOf(given: unknown): string {
	return typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
}
