import type { IExecuteFunctions } from 'n8n-workflow';
import { OPTIONS } from './options';

type Values = { [Name in keyof typeof OPTIONS]: ReturnType<(typeof OPTIONS)[Name]['read']> };

/** The options of a submission; `timeout` in seconds. */
export type AddUsersOptions = Omit<Values, 'isLastBatch' | 'output'>;

/**
 * The options as they hold for a submission, read at one of its items. One whose expression gives nothing is refused:
 * the run would send what it was only to plan, or take 100 for the person's own minimum.
 * @throws UnusableValue that names the option when a value is out of its range
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): AddUsersOptions {
	const given = context.getNodeParameter('options', itemIndex, {});
	const chosen: Record<string, unknown> = given;
	const entries = Object.entries(OPTIONS)
		.filter(([name]) => name !== 'isLastBatch' && name !== 'output')
		.map(([name, { property, read }]) => [
			name,
			read(Object.hasOwn(chosen, name) ? chosen[name] : property.default),
		]);
	return Object.fromEntries(entries) as AddUsersOptions;
}

/** Whether the run's last batch closes the submission; 'Is Last Batch' is read at the submission's last item. */
export function readCloses(
	context: IExecuteFunctions,
	lastBatch: AddUsersOptions['lastBatch'],
	lastItem: number,
): boolean {
	if (lastBatch !== 'set') return lastBatch === 'auto';
	const value = context.getNodeParameter('options.isLastBatch', lastItem, true);
	return OPTIONS.isLastBatch.read(value);
}

/** @throws UnusableValue when it is neither */
export function readOutput(context: IExecuteFunctions): 'summary' | 'users' {
	return OPTIONS.output.read(context.getNodeParameter('options.output', 0, 'summary'));
}
