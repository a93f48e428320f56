/**
 * Makes entries the latest of a map, and removes its oldest entries beyond a limit: a process that runs for months must not
 * remember more and more.
 */
export function setLatest<V>(
	map: Map<string, V>,
	entries: Iterable<[key: string, value: V]>,
	limit: number,
): void {
	for (const [key, value] of entries) {
		map.delete(key);
		map.set(key, value);
	}
	for (const key of map.keys()) {
		if (map.size <= limit) return;
		map.delete(key);
	}
}
