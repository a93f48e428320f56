import { invalid, missing, Rejection } from './response';

/** A parameter, decoded. */
export type Pair = [name: string, value: string];

/**
 * Reads `a=1&b=%20` as pairs of name and value, in order; `+` is a space.
 * @throws Rejection if an escape isn't UTF-8
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
 * The parameters by name; each may occur once.
 * @throws Rejection that names the repeated one
 */
export function valuesByName(...lists: Pair[][]): Record<string, string> {
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

export type Parameters = Record<string, string>;

/**
 * Compares the parameters with an action's table; an empty required one counts as missing.
 * @throws Rejection that names the parameter that is missing or unknown
 */
export function checkNames(parameters: Parameters, required: string[], optional: string[]): void {
	for (const name of required) if (!parameters[name]) throw missing(name);
	for (const name of Object.keys(parameters)) {
		if (required.includes(name) || optional.includes(name)) continue;
		// The live gateway ignores these; here they are rejected, so that a misspelled name is noticed.
		throw new Rejection(400, 'InvalidParameter', `This action has no parameter ${name}.`);
	}
}

/** Reads `true` or `false`. @throws Rejection unless the value is `true`, `false` or absent */
export function readBoolean(parameters: Parameters, name: string): boolean | undefined {
	const value = parameters[name];
	if (value === undefined) return undefined;
	if (value !== 'true' && value !== 'false') throw invalid(name, 'it is neither true nor false');
	return value === 'true';
}

/** Reads a whole number. @throws Rejection unless the value is absent or in the range */
export function readInteger(
	parameters: Parameters,
	name: string,
	range: { min: number; max?: number },
): number | undefined {
	const value = parameters[name];
	return value === undefined
		? undefined
		: checkInteger(name, /^\d{1,15}$/.test(value) ? Number(value) : NaN, range);
}

/** Checks a whole number. @throws Rejection unless the value is in the range */
export function checkInteger(
	name: string,
	value: unknown,
	range: { min: number; max?: number },
): number {
	const max = range.max ?? Number.MAX_SAFE_INTEGER;
	if (typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= max)
		return value;
	throw invalid(
		name,
		`it is not a whole number from ${range.min}${range.max ? ` to ${range.max}` : ''}`,
	);
}

/** Checks a choice. @throws Rejection unless the value is absent or allowed */
export function checkChoice(parameters: Parameters, name: string, allowed: string[]): void {
	const value = parameters[name];
	if (value && !allowed.includes(value))
		throw invalid(name, `it is not one of ${allowed.join(', ')}`);
}

/** Reads JSON. @throws Rejection unless the value is JSON */
export function readJson(parameters: Parameters, name: string): unknown {
	try {
		return JSON.parse(parameters[name] ?? '') as unknown;
	} catch {
		throw invalid(name, 'it is not JSON');
	}
}
