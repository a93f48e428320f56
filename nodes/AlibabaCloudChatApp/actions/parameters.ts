import get from 'lodash/get';
import toPath from 'lodash/toPath';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { UnusableValue } from '../../../credentials/credential';
import { forEachIndex, type Pause } from '../async';
import {
	type Id,
	ID_LABELS,
	type IdName,
	locatorValue,
	missingId,
	readId,
	unevaluatedId,
} from '../ids';
import type { Message } from '../message';
import type { Audience } from '../upload/audience';

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

/** Reads a parameter's value for one input item. */
export type ReadItem = (itemIndex: number) => unknown;

const NAME = String.raw`[A-Za-z_$][\w$]*`;
const STEP = String.raw`(?:\.${NAME}|\[\d+\]|\["[^"\\]*"\]|\['[^'\\]*'\])`;
const PLAIN_PATH = new RegExp(String.raw`^=\s*\{\{\s*\$json(${STEP}+)\s*\}\}\s*$`);

/** The data path of an expression that does nothing but name a field, e.g. `a.b` for `={{ $json.a.b }}`. */
export function pathOfExpression(value: string): string | undefined {
	return PLAIN_PATH.exec(value)?.[1]?.replace(/^\./, '');
}

/** The value as it stands in the workflow, before any expression in it is evaluated. */
export function rawParameter(context: IExecuteFunctions, name: string): unknown {
	return locatorValue(context.getNodeParameter(name, 0, '', { rawExpressions: true }));
}

/** Whether a person wrote an expression into the parameter, so that its value may differ from item to item. */
export function holdsExpression(context: IExecuteFunctions, name: string): boolean {
	const raw = rawParameter(context, name);
	return typeof raw === 'string' && raw.startsWith('=');
}

/**
 * A reader of a parameter that may hold an expression.
 * n8n takes 0.45 ms to evaluate an expression for an item, so a fixed value is read once, and an expression that only
 * names a field is read from the item itself.
 */
export function parameterReader(context: IExecuteFunctions, name: string): ReadItem {
	const raw = rawParameter(context, name);
	const evaluate: ReadItem = (itemIndex) =>
		context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	if (typeof raw !== 'string' || !raw.startsWith('=')) {
		const fixed = evaluate(0);
		return () => fixed;
	}
	const path = pathOfExpression(raw);
	if (path === undefined) return evaluate;
	const items = context.getInputData();
	const steps = toPath(path);
	return (itemIndex) => get(items[itemIndex]?.json as IDataObject, steps) as unknown;
}

/** Reads the IDs of an item. */
export interface ItemIds {
	/** @throws UnusableValue that names the field when it is empty or holds no ID */
	required(name: IdName): string;
	/** Empty when the field is. @throws UnusableValue that names the field when it holds no ID */
	optional(name: IdName): string;
}

/** A reader of one ID for each item, which never throws; one that holds no expression is read once for the whole run. */
export function idReader(context: IExecuteFunctions, name: IdName): (itemIndex: number) => Id {
	let read: ReadItem | undefined;
	let last: { given: unknown; id: Id } | undefined;
	return (itemIndex) => {
		try {
			read ??= parameterReader(context, name);
			const given = read(itemIndex);
			// Items that follow each other mostly go to one audience.
			if (last?.given !== given) last = { given, id: readId(name, given) };
			return last?.id ?? '';
		} catch {
			return unevaluatedId(name);
		}
	};
}

/** A reader of the IDs of each item. */
export function idsReader(context: IExecuteFunctions): (itemIndex: number) => ItemIds {
	const readers = new Map<IdName, (itemIndex: number) => Id>();
	const read = (name: IdName, itemIndex: number): string => {
		const reader = readers.get(name) ?? idReader(context, name);
		readers.set(name, reader);
		return idOrThrow(reader(itemIndex));
	};
	return (itemIndex) => ({
		optional: (name) => read(name, itemIndex),
		required: (name) => read(name, itemIndex) || idOrThrow(missingId(name)),
	});
}

/** @throws UnusableValue that says why there is no ID */
export function idOrThrow(id: Id): string {
	if (typeof id === 'string') return id;
	throw new UnusableValue(id.what, id.fix);
}

const MARKS_OF_DIRECTION = /[\u2068\u2069]/g;

/** What an audience is called, where that is known without asking: as chosen from the list, or as 'Create' gave it. */
export function nameOfAudience(
	context: IExecuteFunctions,
	{ audience, items }: Pick<ItemsOfAudience, 'audience' | 'items'>,
): string | undefined {
	const id = audience.customAudienceId;
	const chosen: unknown = context.getNodeParameter('customAudienceId', 0, '', {
		rawExpressions: true,
	});
	if (isChosen(chosen) && String(chosen.value) === id) {
		const [name = ''] = chosen.cachedResultName.replace(MARKS_OF_DIRECTION, '').split(' · ');
		return name === id ? undefined : name;
	}
	const { customAudienceId, customAudienceName } =
		context.getInputData()[items[0] ?? 0]?.json ?? {};
	if (String(customAudienceId) !== id || typeof customAudienceName !== 'string') return undefined;
	return customAudienceName;
}

function isChosen(given: unknown): given is { value: unknown; cachedResultName: string } {
	return (
		typeof given === 'object' &&
		given !== null &&
		'value' in given &&
		'cachedResultName' in given &&
		typeof given.cachedResultName === 'string'
	);
}

const ID_NAMES = Object.keys(ID_LABELS) as IdName[];

export interface ItemsOfAudience {
	audience: Audience;
	/** What the audience is called, where that is known. */
	name?: string;
	/** Input items, in input order. */
	items: number[];
	/** Why nothing can be sent there, e.g. an ID is empty. */
	unusable?: Message;
}

/** Sorts the input items by the audience they go to, in the order of each audience's first item. */
export async function groupByAudience(
	context: IExecuteFunctions,
	pause: Pause,
): Promise<ItemsOfAudience[]> {
	const readers = ID_NAMES.map((name) => idReader(context, name));
	const groups = new Map<string, ItemsOfAudience>();
	const { length } = context.getInputData();
	const oneForAll = ID_NAMES.every((name) => !holdsExpression(context, name));
	let group: ItemsOfAudience | undefined;
	await forEachIndex(length, pause, (item) => {
		if (!group || !oneForAll) {
			const ids = readers.map((read) => read(item));
			const key = JSON.stringify(ids);
			group = groups.get(key) ?? newGroup(ids);
			groups.set(key, group);
		}
		group.items.push(item);
	});
	return [...groups.values()].map((found) => ({ ...found, name: nameOfAudience(context, found) }));
}

/** Each input item by itself, with the audience it goes to. */
export function eachItem(context: IExecuteFunctions): ItemsOfAudience[] {
	const readers = ID_NAMES.map((name) => idReader(context, name));
	return context.getInputData().map((_, item) => {
		const group = newGroup(readers.map((read) => read(item)));
		return { ...group, items: [item] };
	});
}

function newGroup(ids: Id[]): ItemsOfAudience {
	const audience = Object.fromEntries(
		ID_NAMES.map((name, index) => [name, typeof ids[index] === 'string' ? ids[index] : '']),
	) as unknown as Audience;
	const unreadable = ids.find((id) => typeof id !== 'string');
	const empty = ID_NAMES.find((name) => audience[name] === '');
	const unusable = unreadable ?? (empty && missingId(empty));
	return { audience, items: [], ...(unusable && { unusable }) };
}
