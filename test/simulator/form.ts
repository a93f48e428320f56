import { Rejection } from './refusal';

export type Pair = [name: string, value: string];

/**
 * Reads `a=1&b=%20` as name and value pairs, in order, `+` being a space.
 * @throws Refusal when an escape isn't UTF-8
 */
export function parseForm(text: string): Pair[] {
	const pairs: Pair[] = [];
	for (const piece of text.split('&')) {
		if (piece === '') continue;
		const at = piece.indexOf('=');
		pairs.push(
			at < 0 ? [decode(piece), ''] : [decode(piece.slice(0, at)), decode(piece.slice(at + 1))],
		);
	}
	return pairs;
}

/**
 * Makes a record of parameters, of which none may come twice.
 * @throws Refusal naming the repeated one
 */
export function collect(...lists: Pair[][]): Record<string, string> {
	const values = new Map<string, string>();
	for (const [name, value] of lists.flat()) {
		if (values.has(name)) {
			throw new Rejection(400, 'InvalidParameter', `The parameter ${name} is given twice.`);
		}
		values.set(name, value);
	}
	return Object.fromEntries(values);
}

function decode(text: string): string {
	const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
	if (!spaced.includes('%')) return spaced;
	try {
		return decodeURIComponent(spaced);
	} catch {
		throw new Rejection(400, 'InvalidParameter', 'A parameter is not percent-encoded UTF-8.');
	}
}
