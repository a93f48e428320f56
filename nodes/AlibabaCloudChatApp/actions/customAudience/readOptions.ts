import { UserError, type IExecuteFunctions } from 'n8n-workflow';
import { resolveCountry } from '../../contacts/country';
import type { HashMode } from '../../contacts/hash';
import { MAX_USERS } from '../../submission/batches';

/** A parameter's value that is out of its range; the message names the parameter and says what to enter. */
export class UnusableValue extends UserError {}

export interface AddUsersOptions {
	batchSize: number;
	/** ISO 3166 alpha-2, or empty. */
	defaultCountry: string;
	dryRun: boolean;
	/** 0 when nobody knows it. */
	estimatedTotal: number;
	hash: HashMode;
	invalidUsers: 'skip' | 'stop';
	lastBatch: 'auto' | 'more' | 'set';
	maxTries: number;
	minimumUsers: number;
	removeDuplicates: boolean;
	/** Milliseconds. */
	timeout: number;
	underMinimum: 'hold' | 'stop' | 'warn';
}

/**
 * The options as they hold for a submission, read at one of its items.
 * @throws UnusableValue that names the option when a value is out of its range
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): AddUsersOptions {
	const given = context.getNodeParameter('options', itemIndex, {});
	// An expression that gives nothing is no option left out: the run would send what it was only to plan.
	const chosen = (name: string, otherwise: unknown) => (name in given ? given[name] : otherwise);
	// An agent's tool call hands over one contact, which is lost below the 100 rule.
	const underMinimum = context.isToolExecution() ? 'hold' : 'warn';
	return {
		batchSize: wholeNumber('Batch Size', given.batchSize ?? MAX_USERS, { min: 1, max: MAX_USERS }),
		defaultCountry: country(given.defaultCountry ?? ''),
		dryRun: booleanOption('Dry Run', chosen('dryRun', false)),
		estimatedTotal: wholeNumber('Estimated Total', given.estimatedTotal ?? 0, { min: 0 }),
		hash: oneOf('Hash', chosen('hash', 'none'), ['none', 'sha256']),
		invalidUsers: oneOf('Invalid Users', chosen('invalidUsers', 'skip'), ['skip', 'stop']),
		lastBatch: oneOf('Last Batch', chosen('lastBatch', 'auto'), ['auto', 'more', 'set']),
		maxTries: wholeNumber('Max Tries', given.maxTries ?? 5, { min: 1 }),
		minimumUsers: wholeNumber('Minimum Users', given.minimumUsers ?? 100, { min: 0 }),
		removeDuplicates: booleanOption('Remove Duplicates', chosen('removeDuplicates', true)),
		timeout: seconds('Timeout', given.timeout ?? 60),
		underMinimum: oneOf('Under Minimum', chosen('underMinimum', underMinimum), [
			'hold',
			'stop',
			'warn',
		]),
	};
}

/** Whether the run's last batch closes the submission; 'Is Last Batch' is read at the submission's last item. */
export function readCloses(
	context: IExecuteFunctions,
	lastBatch: AddUsersOptions['lastBatch'],
	lastItem: number,
): boolean {
	if (lastBatch !== 'set') return lastBatch === 'auto';
	const value = context.getNodeParameter('options.isLastBatch', lastItem, true);
	return booleanOption('Is Last Batch', value);
}

/** @throws UnusableValue when it is neither */
export function readMappingMode(context: IExecuteFunctions): 'autoMapInputData' | 'defineBelow' {
	const mode = context.getNodeParameter('mappingMode', 0, 'autoMapInputData');
	return oneOf('Mapping Mode', mode, ['autoMapInputData', 'defineBelow']);
}

/** @throws UnusableValue when it is neither */
export function readOutput(context: IExecuteFunctions): 'summary' | 'users' {
	const output = context.getNodeParameter('options.output', 0, 'summary');
	return oneOf('Output', output, ['summary', 'users']);
}

function wholeNumber(label: string, value: unknown, range: { min: number; max?: number }): number {
	const { min, max = Number.MAX_SAFE_INTEGER } = range;
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) {
		return number;
	}
	const upTo = range.max === undefined ? ` of at least ${min}` : ` from ${min} to ${max}`;
	throw new UnusableValue(`'${label}' is not usable. Enter a whole number${upTo}`);
}

function seconds(label: string, value: unknown): number {
	const number = Number(value);
	// A timer takes at most 2^31 - 1 milliseconds.
	if (number > 0 && number <= 2_000_000) return Math.max(1, Math.round(number * 1000));
	throw new UnusableValue(`'${label}' is not usable. Enter a number of seconds above 0`);
}

function booleanOption(label: string, value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw new UnusableValue(
		`'${label}' is neither true nor false. Check the value or its expression`,
	);
}

function oneOf<T extends string>(label: string, value: unknown, allowed: T[]): T {
	const found = allowed.find((candidate) => candidate === value);
	if (found !== undefined) return found;
	throw new UnusableValue(`'${label}' is not usable. Choose one of: ${allowed.join(', ')}`);
}

function country(value: unknown): string {
	if (typeof value !== 'string')
		throw new UnusableValue("'Default Country' is not a text. Enter e.g. DE");
	if (value.trim() === '') return '';
	const code = resolveCountry(value);
	if (code === undefined) {
		throw new UnusableValue(
			"'Default Country' is not a country. Enter its two-letter code, e.g. DE, or its English name",
		);
	}
	return code;
}
