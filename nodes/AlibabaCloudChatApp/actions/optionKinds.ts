import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { UnusableValue } from '../../../credentials/credential';
import type { Pause } from '../async';
import { resolveCountry } from '../contacts/country';
import type { Failure } from './nodeErrors';
import { mayDiffer, parameterReader } from './parameters';

/** An option as the panel shows it, and how its value is read. */
export interface Option<T> {
	property: Omit<INodeProperties, 'name'>;
	/** Its value when it isn't added; `property.default` is what it starts with when it is. */
	absent: T;
	/** @throws UnusableValue that names the option */
	read(value: unknown): T;
}

/** Options by name, as one collection of the panel shows them. */
export type Options = Record<string, Option<unknown>>;

type Values<O extends Options> = { [Name in keyof O]: O[Name] extends Option<infer T> ? T : never };

/** What the panel shows of an option. */
export type Shown<T> = Pick<
	INodeProperties,
	'displayName' | 'description' | 'displayOptions' | 'placeholder'
> & { default: T };

/** A collection of options in the panel, sorted by label. */
export function optionsField(
	field: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'displayOptions'>,
	options: Options,
): INodeProperties {
	return {
		...field,
		type: 'collection',
		default: {},
		options: Object.entries(options)
			.map(([name, option]) => fieldOf(name, option))
			.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}

/** An option as a separate field. */
export function fieldOf(name: string, { property }: Option<unknown>): INodeProperties {
	return { ...property, name };
}

/**
 * The values of a collection's options for an item; one that isn't added has its value for that: `absent`, or else its default.
 * An added one whose expression returns nothing is invalid: with the default instead, a minimum of 1,000 would become 100.
 * @throws UnusableValue that names the option
 */
export function readOptionsOf<O extends Options>(
	context: IExecuteFunctions,
	collection: { name: string; options: O },
	itemIndex: number,
): Values<O> {
	const given = context.getNodeParameter(collection.name, itemIndex, {}) as Record<string, unknown>;
	const entries = Object.entries(collection.options).map(([name, { absent, read }]) => [
		name,
		Object.hasOwn(given, name) ? read(given[name]) : absent,
	]);
	return Object.fromEntries(entries) as Values<O>;
}

/** The value of an option that is a separate field. @throws UnusableValue that names it */
export function readField<T>(
	context: IExecuteFunctions,
	name: string,
	{ absent, read }: Option<T>,
	itemIndex: number,
): T {
	return read(context.getNodeParameter(name, itemIndex, absent as string));
}

/** A collection's options by their paths in the node's parameters, such as `options.hash`. */
export function keyByPath(collection: string, options: Options): Options {
	const entries = Object.entries(options);
	return Object.fromEntries(entries.map(([name, option]) => [`${collection}.${name}`, option]));
}

/**
 * Finds out whether options that are read at the first of several items have another value at a later one: what a person
 * set for that item would be ignored.
 * @param options by their paths
 * @returns what to report, with the first item that differs
 */
export function differenceFinder(
	context: IExecuteFunctions,
	options: Options,
	pause: Pause,
): (items: readonly number[]) => Promise<Failure | undefined> {
	const readers = Object.entries(options)
		.filter(([path]) => mayDiffer(context, path))
		.map(([path, option]) => ({ option, given: parameterReader(context, path) }));
	return async (items) => {
		for (const { option, given } of readers) {
			const valueAt = (item: number) => valueOrNone(() => option.read(given(item)));
			const item = await firstDifferent(items, valueAt, pause);
			if (item !== undefined) return differenceAt(option.property.displayName, item);
		}
		return undefined;
	};
}

// Where the first item has none, reading the option says why.
function valueOrNone(read: () => unknown): unknown {
	try {
		return read();
	} catch {
		return undefined;
	}
}

async function firstDifferent(
	items: readonly number[],
	valueAt: (item: number) => unknown,
	pause: Pause,
): Promise<number | undefined> {
	const first = valueAt(items[0] as number);
	if (first === undefined) return undefined;
	for (const item of items) {
		await pause();
		if (valueAt(item) !== first) return item;
	}
	return undefined;
}

function differenceAt(label: string, item: number): Failure {
	return {
		code: 'parameter',
		what: `'${label}' must be the same for all items, but item ${item} has another value`,
		fix: 'To treat items differently, use an If node and two of these nodes',
		item,
	};
}

const CHECK = 'Check the value or its expression';

/** A whole number from `min` to `max`. */
export function wholeNumber({
	min,
	max,
	...shown
}: Shown<number> & { min: number; max?: number }): Option<number> {
	return {
		property: {
			...shown,
			type: 'number',
			typeOptions: { minValue: min, ...(max && { maxValue: max }), numberPrecision: 0 },
		},
		absent: shown.default,
		read(value) {
			const number = numberOf(value);
			if (Number.isSafeInteger(number) && number >= min && number <= (max ?? number)) return number;
			throw mustBe(shown.displayName, `a whole number${rangeOf(min, max)}`);
		},
	};
}

/** A number, with or without a fraction, from `min` to `max`. */
export function number({
	min,
	max,
	...shown
}: Shown<number> & { min: number; max: number }): Option<number> {
	return {
		property: { ...shown, type: 'number', typeOptions: { minValue: min, maxValue: max } },
		absent: shown.default,
		read(value) {
			const given = numberOf(value);
			if (given >= min && given <= max) return given;
			throw mustBe(shown.displayName, `a number${rangeOf(min, max)}`);
		},
	};
}

function rangeOf(min: number, max?: number): string {
	if (max === undefined) return `, ${min} or higher`;
	return ` from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
}

/** True or false. @param absent the value when the option isn't added, if not the one it starts with */
export function boolean({
	absent,
	...shown
}: Shown<boolean> & { absent?: boolean }): Option<boolean> {
	return {
		property: { ...shown, type: 'boolean' },
		absent: absent ?? shown.default,
		read(value) {
			if (value === true || value === 'true') return true;
			if (value === false || value === 'false') return false;
			throw mustBe(shown.displayName, 'true or false');
		},
	};
}

/** One of several values, each with its name and description in the panel. */
export function choice<T extends string>({
	choices,
	...shown
}: Shown<NoInfer<T>> & {
	choices: Record<T, readonly [name: string, description: string]>;
}): Option<T> {
	const entries = Object.entries(choices) as Array<[T, readonly [string, string]]>;
	return {
		property: {
			...shown,
			type: 'options',
			options: entries.map(([value, [name, description]]) => ({ name, value, description })),
		},
		absent: shown.default,
		read(value) {
			const found = entries.find(([candidate]) => candidate === value);
			if (found) return found[0];
			throw mustBe(shown.displayName, anyOf(entries.map(([candidate]) => candidate)));
		},
	};
}

function anyOf(values: string[]): string {
	return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

/** One of several characters or one that the person enters; `auto`: detected. */
export function character({
	characters,
	...shown
}: Shown<'auto'> & { characters: Record<string, string> }): Option<string> {
	const listed = Object.entries(characters).map(([name, value]) => ({ name, value }));
	return {
		property: {
			...shown,
			type: 'options',
			options: [
				{ name: 'Automatic', value: 'auto', description: "Detect it from the file's first rows" },
				...listed,
			],
		},
		absent: shown.default,
		read(value) {
			const given = value === '\\t' || value === 'tab' ? '\t' : value;
			if (given === 'auto' || (typeof given === 'string' && /^[^\r\n"]$/.test(given))) return given;
			throw mustBe(shown.displayName, 'one character, or auto');
		},
	};
}

/** Text that is not empty. */
export function text(shown: Shown<string>): Option<string> {
	return {
		property: { ...shown, type: 'string' },
		absent: shown.default,
		read(value) {
			if (typeof value === 'string' && value.trim() !== '') return value.trim();
			throw new UnusableValue(`'${shown.displayName}' is empty`, CHECK);
		},
	};
}

/** Text that may be empty. */
export function optionalText(shown: Shown<string>): Option<string> {
	return {
		property: { ...shown, type: 'string' },
		absent: shown.default,
		read(value) {
			if (typeof value === 'string') return value.trim();
			throw mustBe(shown.displayName, 'text');
		},
	};
}

/** A field's data path, which may be empty. A dragged field inserts its path. */
export function dataPath(shown: Shown<string>): Option<string> {
	return {
		property: { ...shown, type: 'string', requiresDataPath: 'single' },
		absent: shown.default,
		read: (value) => (typeof value === 'string' ? value.trim() : ''),
	};
}

// The countries with phone numbers, as ISO 3166 alpha-2 codes. The phone library has them too, but it is the heaviest
// dependency, and n8n reads this list whenever it starts.
const COUNTRIES =
	'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';

function countries() {
	const names = new Intl.DisplayNames('en', { type: 'region' });
	return COUNTRIES.split(' ')
		.map((value) => ({ name: `${names.of(value)} (${value})`, value }))
		.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** A country as its ISO 3166 alpha-2 code, or empty; an expression may return a name. */
export function country(shown: Shown<string>): Option<string> {
	return {
		property: {
			...shown,
			type: 'options',
			options: [{ name: 'None', value: '' }, ...countries()],
		},
		absent: shown.default,
		read(value) {
			if (typeof value === 'string' && value.trim() === '') return '';
			const code = typeof value === 'string' ? resolveCountry(value) : undefined;
			if (code !== undefined) return code;
			throw new UnusableValue(
				`'${shown.displayName}' isn't a country`,
				'Choose one from the list, or use an expression that returns a code or an English name, such as SG or Singapore',
			);
		},
	};
}

/** What an option's value must be, as its label names it. */
export function mustBe(label: string, what: string): UnusableValue {
	return new UnusableValue(`'${label}' must be ${what}`, CHECK);
}

/** NaN for anything but a number, such as an empty string. */
function numberOf(value: unknown): number {
	if (typeof value === 'string' && value.trim() !== '') return Number(value);
	return typeof value === 'number' ? value : NaN;
}
