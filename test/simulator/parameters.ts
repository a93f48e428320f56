import { invalid, missing, Rejection } from './refusal';

export type Parameters = Record<string, string>;

/**
 * Holds the parameters against an action's table; an empty value of a required one counts as missing.
 * @throws Refusal naming the parameter that is missing or that the action doesn't have
 */
export function checkNames(parameters: Parameters, required: string[], optional: string[]): void {
	for (const name of required) if (!parameters[name]) throw missing(name);
	for (const name of Object.keys(parameters)) {
		if (required.includes(name) || optional.includes(name)) continue;
		// The live gateway ignores these; here they are refused so that a misspelled name shows.
		throw new Rejection(400, 'InvalidParameter', `This action has no parameter ${name}.`);
	}
}

/** @throws Refusal unless the value is `true`, `false` or absent */
export function readBoolean(parameters: Parameters, name: string): boolean | undefined {
	const value = parameters[name];
	if (value === undefined) return undefined;
	if (value !== 'true' && value !== 'false') throw invalid(name, 'it is neither true nor false');
	return value === 'true';
}

/** @throws Refusal unless the value is absent or a whole number in the range */
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

/** @throws Refusal unless the value is a whole number in the range */
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

/** @throws Refusal unless the value is absent or one of those allowed */
export function checkChoice(parameters: Parameters, name: string, allowed: string[]): void {
	const value = parameters[name];
	if (value && !allowed.includes(value))
		throw invalid(name, `it is not one of ${allowed.join(', ')}`);
}

/** @throws Refusal unless the value is JSON */
export function readJson(parameters: Parameters, name: string): unknown {
	try {
		return JSON.parse(parameters[name] ?? '') as unknown;
	} catch {
		throw invalid(name, 'it is not JSON');
	}
}
