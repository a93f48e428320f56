import type { IExecuteFunctions } from 'n8n-workflow';
import type { Audience } from '../../submission/account';
import { holdsExpression, parameterReader, type ReadItem } from '../itemValue';
import { forEachIndex, type Pause } from '../pause';

/** The IDs as the panel names them. */
export const ID_LABELS: Record<keyof Audience, string> = {
	custSpaceId: 'Channel',
	pageId: 'Page ID',
	adAccountId: 'Ad Account',
	customAudienceId: 'Custom Audience',
};

export interface ItemsOfAudience {
	audience: Audience;
	/** Input items, in input order. */
	items: number[];
	/** Why nothing can be sent there, e.g. an ID is empty. */
	unusable?: { code: 'missing_id' | 'expression'; message: string };
}

/** Sorts the input items by the audience they go to, in the order of each audience's first item. */
export async function groupByAudience(
	context: IExecuteFunctions,
	pause: Pause,
): Promise<ItemsOfAudience[]> {
	const names = Object.keys(ID_LABELS) as Array<keyof Audience>;
	const readers = names.map((name) => [name, idReader(context, name)] as const);
	const groups = new Map<string, ItemsOfAudience>();
	const { length } = context.getInputData();
	const oneForAll = names.every((name) => !holdsExpression(context, name));
	let group: ItemsOfAudience | undefined;
	await forEachIndex(length, pause, (item) => {
		if (!group || !oneForAll) {
			const ids = readers.map(([, read]) => read(item));
			const key = JSON.stringify(ids);
			group = groups.get(key) ?? newGroup(names, ids);
			groups.set(key, group);
		}
		group.items.push(item);
	});
	return [...groups.values()];
}

/** Whether a number has lost digits: IDs of Meta are longer than JavaScript's exact whole numbers. */
export function isInexact(value: unknown): boolean {
	return typeof value === 'number' && !Number.isSafeInteger(value);
}

export function tooLong(name: keyof Audience): string {
	return `'${ID_LABELS[name]}' is a number that is too long to be exact. Hand it over as text, in quotes where it comes from`;
}

export function notEvaluated(name: keyof Audience): string {
	return `The expression in '${ID_LABELS[name]}' can't be evaluated. Check it in the node for this item`;
}

type Id = string | { unreadable: string };

function idReader(context: IExecuteFunctions, name: keyof Audience): (item: number) => Id {
	let read: ReadItem | undefined;
	return (item) => {
		try {
			read ??= parameterReader(context, name);
			const value = read(item);
			if (isInexact(value)) return { unreadable: tooLong(name) };
			return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
		} catch {
			return { unreadable: notEvaluated(name) };
		}
	};
}

function newGroup(names: Array<keyof Audience>, ids: Id[]): ItemsOfAudience {
	const audience = Object.fromEntries(
		names.map((name, index) => [name, typeof ids[index] === 'string' ? ids[index] : '']),
	) as unknown as Audience;
	const unreadable = ids.find((id) => typeof id !== 'string');
	if (unreadable) {
		return {
			audience,
			items: [],
			unusable: { code: 'expression', message: unreadable.unreadable },
		};
	}
	const missing = names.find((name) => audience[name] === '');
	if (missing) {
		const message = `'${ID_LABELS[missing]}' is empty. Choose or enter it in the node`;
		return { audience, items: [], unusable: { code: 'missing_id', message } };
	}
	return { audience, items: [] };
}
