import type { IExecuteFunctions } from 'n8n-workflow';
import { UnusableValue } from '../../../credentials/unusableValue';
import { missingId, readId, unevaluatedId, type Id, type IdName } from '../ids/readId';
import { parameterReader, type ReadItem } from './itemValue';

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
