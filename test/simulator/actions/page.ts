/** The entries of one page, counted from 1. */
export function page<T>(entries: T[], index = 1, size = 10): T[] {
	return entries.slice((index - 1) * size, index * size);
}
