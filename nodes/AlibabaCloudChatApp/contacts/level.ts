import { layoutOf, type Layout } from './layout';

const MAX_SEARCHED = 20;

/** One object of an item: its fields, what else may hold some, and where it stands. */
export interface Level {
	json: Record<string, unknown>;
	layout: Layout;
	/** The data path of one of its keys. */
	pathOf: (key: string) => string;
}

/** The objects at these keys; of a list its default entry, or its first. */
export function objectsAt({ json, pathOf }: Level, keys: ReadonlyArray<{ key: string }>): Level[] {
	return keys.flatMap(({ key }) => {
		const found: Level[] = [];
		const value = json[key];
		const [place, entry] = Array.isArray(value) ? defaultOf(value) : ['', value];
		if (isObject(entry)) push(entry, `${pathOf(key)}${place}`, found);
		return found;
	});
}

/** Of a list its default entry, or its first, and its place in the path. */
export function defaultOf(list: unknown[]): [place: string, entry: unknown] {
	const searched = list.slice(0, MAX_SEARCHED);
	const isDefault = (entry: unknown) =>
		isObject(entry) &&
		['default', 'primary', 'is_default', 'is_primary', 'isDefault', 'isPrimary'].some(
			(key) => (entry as Level['json'])[key] === true,
		);
	const place = Math.max(0, searched.findIndex(isDefault));
	return [`[${place}]`, searched[place]];
}

function push(json: object, path: string, found: Level[]): void {
	const layout = layoutOf(json as Level['json']);
	const level = { json: json as Level['json'], layout, pathOf: (key: string) => `${path}.${key}` };
	found.push(level);
	// Addresses by their kind, as in { home: [{ country }] }.
	if (layout.country.length > 0) return;
	for (const key of Object.keys(json).slice(0, MAX_SEARCHED)) {
		const value = level.json[key];
		const entry: unknown = Array.isArray(value) ? value[0] : value;
		if (!isObject(entry)) continue;
		const inner = `${path}.${key}${Array.isArray(value) ? '[0]' : ''}`;
		found.push({
			json: entry as Level['json'],
			layout: layoutOf(entry as Level['json']),
			pathOf: (name) => `${inner}.${name}`,
		});
	}
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
