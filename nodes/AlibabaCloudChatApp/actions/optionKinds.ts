import type { INodeProperties } from 'n8n-workflow';
import { UnusableValue } from '../../../credentials/credential';
import { resolveCountry } from '../contacts/country';

/** An option as the panel shows it, and how its value is read. */
export interface Option<T> {
	property: Omit<INodeProperties, 'name'>;
	/** @throws UnusableValue that names the option */
	read(value: unknown): T;
}

export type Shown<T> = Pick<
	INodeProperties,
	'displayName' | 'description' | 'displayOptions' | 'hint'
> & {
	default: T;
};

/** A whole number from `min` to `max`. */
export function wholeNumber({
	min,
	max,
	...shown
}: Shown<number> & { min: number; max?: number }): Option<number> {
	const range = max === undefined ? ` of at least ${min}` : ` from ${min} to ${max}`;
	return {
		property: {
			...shown,
			type: 'number',
			typeOptions: { minValue: min, ...(max && { maxValue: max }), numberPrecision: 0 },
		},
		read(value) {
			const number = numberOf(value);
			if (Number.isSafeInteger(number) && number >= min && number <= (max ?? number)) return number;
			throw notUsable(shown.displayName, `Enter a whole number${range}`);
		},
	};
}

/** A number with fractions of at least `min`, in the unit that the person enters. */
export function number({
	min,
	max,
	unit,
	...shown
}: Shown<number> & { min: number; max: number; unit: string }): Option<number> {
	return {
		property: { ...shown, type: 'number', typeOptions: { minValue: min } },
		read(value) {
			const given = numberOf(value);
			if ((given > 0 || given === min) && given <= max) return given;
			const least = min === 0 ? 'of at least 0' : 'above 0';
			throw notUsable(shown.displayName, `Enter a number of ${unit} ${least}`);
		},
	};
}

/** True or false. */
export function boolean(shown: Shown<boolean>): Option<boolean> {
	return {
		property: { ...shown, type: 'boolean' },
		read(value) {
			if (value === true || value === 'true') return true;
			if (value === false || value === 'false') return false;
			throw new UnusableValue(
				`'${shown.displayName}' is neither true nor false`,
				'Check the value or its expression',
			);
		},
	};
}

/** One of several values, each with its name and description in the panel. */
export function choice<T extends string>({
	choices,
	...shown
}: Shown<NoInfer<T>> & { choices: Record<T, [name: string, description: string]> }): Option<T> {
	const entries = Object.entries(choices) as Array<[T, [string, string]]>;
	return {
		property: {
			...shown,
			type: 'options',
			options: entries.map(([value, [name, description]]) => ({ name, value, description })),
		},
		read(value) {
			const found = entries.find(([candidate]) => candidate === value);
			if (found) return found[0];
			const names = entries.map(([candidate]) => candidate).join(', ');
			throw notUsable(shown.displayName, `Choose one of: ${names}`);
		},
	};
}

/** A text that is not empty. */
export function text(shown: Shown<string>): Option<string> {
	return {
		property: { ...shown, type: 'string' },
		read(value) {
			if (typeof value === 'string' && value.trim() !== '') return value.trim();
			throw notUsable(shown.displayName, 'Enter a name');
		},
	};
}

/** A country as its ISO 3166 alpha-2 code, or empty; names are understood too. */
export function country(shown: Shown<string> & { placeholder: string }): Option<string> {
	return {
		property: { ...shown, type: 'string' },
		read(value) {
			if (typeof value !== 'string') {
				throw new UnusableValue(`'${shown.displayName}' is not a text`, 'Enter e.g. DE');
			}
			if (value.trim() === '') return '';
			const code = resolveCountry(value);
			if (code !== undefined) return code;
			throw new UnusableValue(
				`'${shown.displayName}' is not a country`,
				'Enter its two-letter code, e.g. DE, or its English name',
			);
		},
	};
}

/** A value that the option can't take, with what to enter. */
export function notUsable(label: string, fix: string): UnusableValue {
	return new UnusableValue(`'${label}' is not usable`, fix);
}

/** NaN for what is no number, an empty text among it. */
function numberOf(value: unknown): number {
	if (typeof value === 'string' && value.trim() !== '') return Number(value);
	return typeof value === 'number' ? value : NaN;
}
