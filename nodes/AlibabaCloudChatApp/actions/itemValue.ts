import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import get from 'lodash/get';
import toPath from 'lodash/toPath';
import { locatorValue } from '../ids/readId';

/** Reads a parameter's value for one input item. */
export type ReadItem = (itemIndex: number) => unknown;

const NAME = String.raw`[A-Za-z_$][\w$]*`;
const STEP = String.raw`(?:\.${NAME}|\[\d+\]|\["[^"\\]*"\]|\['[^'\\]*'\])`;
const PLAIN_PATH = new RegExp(String.raw`^=\s*\{\{\s*\$json(${STEP}+)\s*\}\}\s*$`);

/** The data path of an expression that does nothing but name a field, e.g. `a.b` for `={{ $json.a.b }}`. */
export function pathOfExpression(value: string): string | undefined {
	return PLAIN_PATH.exec(value)?.[1]?.replace(/^\./, '');
}

/** The value as it stands in the workflow, before any expression in it is evaluated. */
export function rawParameter(context: IExecuteFunctions, name: string): unknown {
	return locatorValue(context.getNodeParameter(name, 0, '', { rawExpressions: true }));
}

/** Whether a person wrote an expression into the parameter, so that its value may differ from item to item. */
export function holdsExpression(context: IExecuteFunctions, name: string): boolean {
	const raw = rawParameter(context, name);
	return typeof raw === 'string' && raw.startsWith('=');
}

/**
 * A reader of a parameter that may hold an expression.
 * n8n takes 0.45 ms to evaluate an expression for an item, so a fixed value is read once, and an expression that only
 * names a field is read from the item itself.
 */
export function parameterReader(context: IExecuteFunctions, name: string): ReadItem {
	const raw = rawParameter(context, name);
	const evaluate: ReadItem = (itemIndex) =>
		context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	if (typeof raw !== 'string' || !raw.startsWith('=')) {
		const fixed = evaluate(0);
		return () => fixed;
	}
	const path = pathOfExpression(raw);
	if (path === undefined) return evaluate;
	const items = context.getInputData();
	const steps = toPath(path);
	return (itemIndex) => get(items[itemIndex]?.json as IDataObject, steps) as unknown;
}
