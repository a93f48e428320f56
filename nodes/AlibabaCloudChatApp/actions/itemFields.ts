import { UserError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import type { Audience } from '../submission/account';
import { ID_LABELS, isInexact, notEvaluated, tooLong } from './customAudience/audienceIds';
import { parameterReader, type ReadItem } from './itemValue';

type IdName = keyof Audience;

/** Reads the IDs of an item. */
export interface ItemIds {
	/** @throws UserError that names the field when it is empty */
	required(name: IdName): string;
	/** Empty when the field is. */
	optional(name: IdName): string;
}

/** A reader of the locators and IDs; one that holds no expression is read once for the whole run. */
export function idsReader(context: IExecuteFunctions): (itemIndex: number) => ItemIds {
	const readers = new Map<IdName, ReadItem>();
	const readerOf = (name: IdName): ReadItem => {
		const reader = readers.get(name) ?? parameterReader(context, name);
		readers.set(name, reader);
		return reader;
	};
	const read = (name: IdName, itemIndex: number): string => {
		const given = attempt(() => ({ value: readerOf(name)(itemIndex) }));
		if (isInexact(given?.value)) throw new UserError(tooLong(name));
		if (given) return textOf(given.value);
		throw new UserError(notEvaluated(name));
	};
	return (itemIndex) => ({
		optional: (name) => read(name, itemIndex),
		required(name) {
			const value = read(name, itemIndex);
			if (value !== '') return value;
			throw new UserError(`'${ID_LABELS[name]}' is empty. Choose or enter it in the node`);
		},
	});
}

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

/** A text of an ID field, of a locator too; empty for anything else. */
export function textOf(given: unknown): string {
	const value =
		given !== null && typeof given === 'object' && 'value' in given ? given.value : given;
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Undefined when it throws: n8n's own message would quote the data of the expression. */
function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
