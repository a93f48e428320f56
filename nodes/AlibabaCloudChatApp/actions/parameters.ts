import get from 'lodash/get';
import toPath from 'lodash/toPath';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { UnusableValue } from '../../../credentials/credential';
import { forEachIndex, type Pause } from '../async';
import { leadsInto } from '../contacts/findContacts';
import {
	type Audience,
	type IdOrMessage,
	ID_LABELS,
	type IdName,
	locatorValue,
	missingId,
	readId,
	unevaluatedId,
} from '../ids';
import type { Message } from '../message';
import type { FacebookPage } from '../transport/api';
import type { Failure } from './nodeErrors';

/** The indexes of all input items. */
export function itemsOf(context: IExecuteFunctions): number[] {
	return context.getInputData().map((_, item) => item);
}

/** Reads a parameter's value for one input item. */
type ReadItem = (itemIndex: number) => unknown;

const NAME = String.raw`[A-Za-z_$][\w$]*`;
const STEP = String.raw`(?:\.${NAME}|\[\d+\]|\["[^"\\]*"\]|\['[^'\\]*'\])`;
const PLAIN_PATH = new RegExp(String.raw`^=\s*\{\{\s*\$json(${STEP}+)\s*\}\}\s*$`);

// What is the same for all items: another node's parameters, a node's first, last, or all items, and n8n's own values and
// functions.
const ITEMS = String.raw`(?:first|last|all)\(`;
const OF_OTHER_NODE = String.raw`\((?:'[^'\\]*'|"[^"\\]*")\)\.(?:${ITEMS}|(?:params|context|isExecuted)\b)`;
const OF_N8N = '(?:vars|env|execution|workflow|now|today|runIndex|if|ifEmpty|min|max|jmespath)\\b';
/** An expression that refers to nothing else, so that it has one value for all items. */
const FIXED = new RegExp(String.raw`^=(?:[^$]|\$(?:${OF_OTHER_NODE}|input\.${ITEMS}|${OF_N8N}))*$`);

/** The data path of an expression that only names a field, e.g. `a.b` for `={{ $json.a.b }}`. */
export function pathOfExpression(value: string): string | undefined {
	return PLAIN_PATH.exec(value)?.[1]?.replace(/^\./, '');
}

// A field of the item whose name is spelled out.
const OWN_STEP = String.raw`(?:\??\.${NAME}|(?:\?\.)?\[(?:\d+|'[^'\\]*'|"[^"\\]*")\])`;
const OWN_FIELD = new RegExp(String.raw`\$(?:input\.item\.)?json(${OWN_STEP}+)(\()?`, 'g');
/** What picks an entry of a list in another node's output. */
const PICKS =
	/[\w)\]]\s*(?:\?\.)?\[|\.(?:at|find\w*|first|last|shift|pop|reduce\w*)\((?!\)\.json\b)/;

/**
 * Whether an expression's value holds for every entry of a list in its item. Of the item, such an expression reads only plain values outside
 * that list, by names that are spelled out, so none of them is one entry's.
 * @param list the data path of the list
 */
export function isForWholeItem(expression: string, json: IDataObject, list: string): boolean {
	const listSteps = toPath(list);
	const rest = expression.replace(OWN_FIELD, (read, path: string, call: string | undefined) => {
		const steps = toPath(path.replaceAll('?.', '.').replaceAll('.[', '[').replace(/^\./, ''));
		return !leadsInto(steps, listSteps) && isPlainAt(json, steps, call !== undefined)
			? (call ?? '')
			: read;
	});
	const mayPick = rest.includes('$(') && PICKS.test(rest);
	return FIXED.test(rest) && !rest.includes('$input') && !mayPick;
}

/** Whether steps lead to a plain value, or to nothing; the last of them may be a method of that value. */
function isPlainAt(json: IDataObject, steps: string[], isCall: boolean): boolean {
	let value: unknown = json;
	for (const [at, step] of steps.entries()) {
		if (typeof value !== 'object' || value === null) return true;
		if (Array.isArray(value)) return false;
		const isMethod = isCall && at === steps.length - 1;
		if (isMethod && !Object.hasOwn(value, step)) return false;
		value = (value as IDataObject)[step];
	}
	return typeof value !== 'object' || value === null;
}

/** The value as saved in the workflow, before any expression in it is evaluated. */
export function rawParameter(context: IExecuteFunctions, name: string): unknown {
	return locatorValue(context.getNodeParameter(name, 0, '', { rawExpressions: true }));
}

/** Whether the parameter contains an expression, so that its value can differ between items. */
function hasExpression(context: IExecuteFunctions, name: string): boolean {
	const raw = rawParameter(context, name);
	return typeof raw === 'string' && raw.startsWith('=');
}

/** Whether the parameter contains an expression that can return a different value for each item. */
export function mayDiffer(context: IExecuteFunctions, name: string): boolean {
	return hasExpression(context, name) && !FIXED.test(String(rawParameter(context, name)));
}

/**
 * A reader of a parameter that may contain an expression.
 * n8n takes 0.45 ms per item to evaluate an expression, so one that has the same value for all items is evaluated once, and
 * a field that an expression only names is read directly from the item.
 */
export function parameterReader(context: IExecuteFunctions, name: string): ReadItem {
	const raw = rawParameter(context, name);
	const evaluate: ReadItem = (itemIndex) =>
		context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	if (typeof raw !== 'string' || !raw.startsWith('=') || FIXED.test(raw)) {
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
	/** @throws UnusableValue that names the field if it is empty or isn't a valid ID */
	required(name: IdName): string;
	/** Empty if the field is. @throws UnusableValue that names the field if it isn't a valid ID */
	optional(name: IdName): string;
}

/** The IDs of an item's channel and Facebook Page. @throws UnusableValue that names the field */
export function facebookPageOf(ids: ItemIds): FacebookPage {
	return { custSpaceId: ids.required('custSpaceId'), pageId: ids.required('pageId') };
}

/** A reader of one ID for each item, which never throws; an ID without an expression is read once per run. */
function idReader(context: IExecuteFunctions, name: IdName): (itemIndex: number) => IdOrMessage {
	let read: ReadItem | undefined;
	let last: { given: unknown; id: IdOrMessage } | undefined;
	return (itemIndex) => {
		try {
			read ??= parameterReader(context, name);
			const given = read(itemIndex);
			// Consecutive items usually have the same audience.
			if (last?.given !== given) last = { given, id: readId(name, given) };
			return last?.id ?? '';
		} catch {
			return unevaluatedId(name);
		}
	};
}

/** A reader of the IDs of each item. */
export function idsReader(context: IExecuteFunctions): (itemIndex: number) => ItemIds {
	const readers = new Map<IdName, (itemIndex: number) => IdOrMessage>();
	const read = (name: IdName, itemIndex: number): string => {
		const reader = readers.get(name) ?? idReader(context, name);
		readers.set(name, reader);
		return idOrThrow(reader(itemIndex));
	};
	return (itemIndex) => ({
		optional: (name) => read(name, itemIndex),
		required: (name) => read(name, itemIndex) || idOrThrow(emptyId(context, name)),
	});
}

function emptyId(context: IExecuteFunctions, name: IdName): Message {
	return missingId(name, { isExpression: hasExpression(context, name) });
}

/** @throws UnusableValue that says why there is no ID */
export function idOrThrow(id: IdOrMessage): string {
	if (typeof id === 'string') return id;
	throw new UnusableValue(id.what, id.fix);
}

// Unicode's isolates: the list puts a name that is written from right to left between them.
const ISOLATES = /[\u2068\u2069]/g;

/** An audience's name, if it was chosen from the list or 'Create' returned it. */
function nameOfAudience(
	context: IExecuteFunctions,
	{ audience, items }: Pick<ItemsOfAudience, 'audience' | 'items'>,
): string | undefined {
	const id = audience.customAudienceId;
	const chosen: unknown = context.getNodeParameter('customAudienceId', 0, '', {
		rawExpressions: true,
	});
	if (isChosen(chosen) && String(chosen.value) === id) {
		const [name = ''] = chosen.cachedResultName.replace(ISOLATES, '').split(' · ');
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

/** The input items for one audience. */
export interface ItemsOfAudience {
	audience: Audience;
	/** The audience's name, if known. */
	name?: string;
	/** Input items, in input order. */
	items: number[];
	/** Why nothing can be sent there, e.g. an ID is empty. */
	failure?: Failure;
}

/** Groups the input items by audience, in the order of each audience's first item. */
export async function groupByAudience(
	context: IExecuteFunctions,
	pause: Pause,
): Promise<ItemsOfAudience[]> {
	const readers = ID_NAMES.map((name) => idReader(context, name));
	const groups = new Map<string, ItemsOfAudience>();
	const { length } = context.getInputData();
	const group = (item: number) => {
		const ids = readers.map((read) => read(item));
		const key = JSON.stringify(ids);
		const found = groups.get(key) ?? newGroup(context, ids);
		groups.set(key, found);
		return found;
	};
	if (ID_NAMES.every((name) => !hasExpression(context, name))) {
		if (length > 0) group(0).items = Array.from({ length }, (_, item) => item);
	} else await forEachIndex(length, pause, (item) => group(item).items.push(item));
	return [...groups.values()].map((found) => ({ ...found, name: nameOfAudience(context, found) }));
}

/** Each input item with its audience. */
export function groupByItem(context: IExecuteFunctions): ItemsOfAudience[] {
	const readers = ID_NAMES.map((name) => idReader(context, name));
	return context.getInputData().map((_, item) => {
		const group = newGroup(
			context,
			readers.map((read) => read(item)),
		);
		return { ...group, items: [item] };
	});
}

function newGroup(context: IExecuteFunctions, ids: IdOrMessage[]): ItemsOfAudience {
	const audience = Object.fromEntries(
		ID_NAMES.map((name, index) => [name, typeof ids[index] === 'string' ? ids[index] : '']),
	) as unknown as Audience;
	const unreadable = ids.find((id) => typeof id !== 'string');
	const empty = ID_NAMES.find((name) => audience[name] === '');
	const failure = unreadable ?? (empty && emptyId(context, empty));
	return { audience, items: [], ...(failure && { failure }) };
}
