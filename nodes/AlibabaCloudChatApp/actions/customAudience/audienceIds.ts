import type { IExecuteFunctions } from 'n8n-workflow';
import type { Audience } from '../../submission/audience';
import { ID_LABELS, missingId, type Id, type IdName } from '../../ids/readId';
import type { Message } from '../../message';
import { idReader } from '../itemIds';
import { nameOfAudience } from './audienceName';
import { holdsExpression } from '../itemValue';
import { forEachIndex, type Pause } from '../../pause';

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
