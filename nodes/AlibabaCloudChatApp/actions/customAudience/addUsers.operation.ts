import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { SubmissionPlan } from '../../submission/submit';
import { submit } from '../../submission/submit';
import { inTurn } from '../../submission/turns';
import { connectApi } from '../../transport/cams';
import type { Clock } from '../../transport/clock';
import { createRetrier } from '../../transport/retry';
import { connect } from '../connection';
import { onErrorOf, type OperationResult } from '../output';
import { accountRows } from './accountRows';
import { optionsField, readOutput } from './addUsers.options';
import { groupByAudience } from './audienceIds';
import { rawContactReader } from './collectContacts';
import { prepareSubmission, type Prepared, type ReadySubmission } from './prepareSubmission';
import { batchSender, type RunState } from './sendBatch';
import { batchNotAccepted, cannotGoOn } from './stopped';
import { deliveryWarnings } from './warnings';

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
	pathField('Email Field', 'emailField', 'e.g. contact.email'),
	pathField('Phone Field', 'phoneField', 'e.g. contact.mobile'),
	pathField('Country Field', 'countryField', 'e.g. contact.country'),
	optionsField,
];

function pathField(displayName: string, name: string, placeholder: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		requiresDataPath: 'single',
		default: '',
		placeholder,
		displayOptions: showForMapping,
		description: 'Where it is in each input item. Drag the field from the input panel here.',
	};
}

/** Sends the input's contacts to their audiences, each audience's as one submission, and accounts for every item. */
export async function execute(context: IExecuteFunctions, clock: Clock): Promise<OperationResult> {
	const onError = onErrorOf(context);
	const output = readOutput(context);
	const readContact = rawContactReader(context);
	// All are prepared before anything is sent: what can't go on shall not leave half a run behind.
	const prepared = groupByAudience(context).map((group) =>
		prepareSubmission(context, group, readContact),
	);
	const unusable = prepared.find(({ stop }) => stop)?.stop;
	if (unusable && onError === 'stop') throw cannotGoOn(context, unusable);

	const run: RunState = {};
	let finished = 0;
	for (const submission of prepared) {
		if (!submission.ready) continue;
		await deliver(context, clock, submission as Prepared & { ready: ReadySubmission }, run);
		const { account } = submission;
		if (onError === 'stop' && account.unsent.status === 'failed') {
			throw cannotGoOn(context, account.unsent);
		}
		if (onError === 'stop' && account.delivery.batches.some(({ refused }) => refused)) {
			throw batchNotAccepted(context, account, finished);
		}
		finished++;
	}
	const accounts = prepared.map(({ account }) => account);
	for (const { warnings } of accounts) {
		for (const message of warnings) {
			context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
		}
	}
	return accountRows(accounts, context.getInputData(), { output, onError });
}

async function deliver(
	context: IExecuteFunctions,
	clock: Clock,
	submission: Prepared & { ready: ReadySubmission },
	run: RunState,
): Promise<void> {
	const { account, ready } = submission;
	const { options } = ready;
	const plan: SubmissionPlan = { ...ready.plan, stopAtRefusal: onErrorOf(context) === 'stop' };
	const cancelSignal = context.getExecutionCancelSignal();
	let connection;
	try {
		connection = await connect(context, clock, options.timeout);
	} catch (error) {
		account.unsent = {
			status: 'failed',
			code: 'no_credential',
			message: `The credential can't be used: ${(error as Error).message}`,
		};
		account.warnings.push(account.unsent.message);
		return;
	}
	const { audience } = account;
	const send = batchSender({
		audience,
		callApi: connectApi(connection),
		withRetry: createRetrier({ maxTries: options.maxTries, clock, cancelSignal }),
		run,
	});
	const key = JSON.stringify([connection.origin, audience.custSpaceId, audience.customAudienceId]);
	account.delivery = await inTurn(key, cancelSignal, async () => await submit(plan, send));
	account.warnings.push(...deliveryWarnings(account.delivery, plan));
}
