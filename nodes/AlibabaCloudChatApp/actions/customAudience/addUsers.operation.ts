import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Clock } from '../../transport/clock';
import { redact } from '../../transport/redact';
import { onErrorOf, type OnError, type OperationResult } from '../output';
import { createPause } from '../pause';
import { accountRows } from './accountRows';
import { optionsField } from './addUsers.options';
import { readOutput } from './readOptions';
import { groupByAudience } from './audienceIds';
import { rawContactReader } from './collectContacts';
import { deliverAll } from './deliver';
import { prepareSubmission, type Prepared, type ReadySubmission } from './prepareSubmission';
import { cannotGoOn } from './stopped';

const showForMapping = { show: { mappingMode: ['defineBelow'] } };

export const fields: INodeProperties[] = [
	{
		displayName: 'Mapping Mode',
		name: 'mappingMode',
		type: 'options',
		options: [
			{
				name: 'Map Automatically',
				value: 'autoMapInputData',
				description: 'Find email, phone and country by the names that CRMs use',
			},
			{
				name: 'Map Each Field',
				value: 'defineBelow',
				description: 'Say where email, phone and country are',
			},
		],
		default: 'autoMapInputData',
		description: "How each contact's email and phone number are found in the input",
	},
	pathField('Email Field', 'emailField', 'e.g. contact.email', 'email'),
	pathField('Phone Field', 'phoneField', 'e.g. contact.mobile', 'phone number'),
	pathField('Country Field', 'countryField', 'e.g. contact.country', 'country'),
	optionsField,
];

/** The API answers "OK" long before Meta has matched anybody. */
const WHEN_MATCHED =
	"Submitted is not matched yet: matches show up within a day. To check, run 'Sync' and then 'Get Many' of 'Subscription Token', or look at 'tokenTotal' in 'Get Many' of 'Custom Audience'";

function pathField(
	displayName: string,
	name: string,
	placeholder: string,
	holds: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		requiresDataPath: 'single',
		default: '',
		placeholder,
		displayOptions: showForMapping,
		description: `Where the ${holds} is in each input item. Drag the field from the input panel here, or leave it empty if your contacts have none.`,
	};
}

/** Sends the input's contacts to their audiences, each audience's as one submission, and accounts for every item. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const onError = onErrorOf(context);
	const pause = createPause();
	const settings = { readContact: rawContactReader(context), onError, pause };
	// All are prepared before anything is sent: what can't go on shall not leave half a run behind.
	const prepared: Prepared[] = [];
	for (const group of await groupByAudience(context, pause)) {
		prepared.push(await prepareSubmission(context, group, settings));
	}
	const unusable = prepared.find(({ stop }) => stop)?.stop;
	if (unusable && onError === 'stop') throw cannotGoOn(context, unusable);
	const output = outputOf(context, onError);
	await deliverAll({ context, clock, onError }, prepared.filter(isReady));
	const accounts = prepared.map(({ account }) => account);
	// Several submissions may say the same.
	for (const message of new Set(accounts.flatMap(({ warnings }) => warnings))) {
		context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}
	if (accounts.some(({ delivery }) => delivery.batches.some(({ refused }) => !refused))) {
		context.addExecutionHints({ message: WHEN_MATCHED, type: 'info', location: 'outputPane' });
	}
	return await accountRows(accounts, context.getInputData(), { output, onError, pause });
}

function isReady(submission: Prepared): submission is Prepared & { ready: ReadySubmission } {
	return submission.ready !== undefined;
}

function outputOf(context: IExecuteFunctions, onError: OnError): 'summary' | 'users' {
	try {
		return readOutput(context);
	} catch (error) {
		const message = redact((error as Error).message);
		if (onError === 'stop') throw cannotGoOn(context, { code: 'parameter', message });
		// Nothing may throw here, and the figures are worth having in any form.
		return 'summary';
	}
}
