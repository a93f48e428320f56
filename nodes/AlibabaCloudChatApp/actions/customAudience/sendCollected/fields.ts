import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { audienceFields } from '../../../descriptions/audience';
import { COLLECT_OPTIONS } from '../addUsers/collectOptions';
import { OPTIONS } from '../addUsers/options';
import { boolean, choice } from '../addUsers/optionKinds';
import { optionsFieldOf } from '../addUsers/optionsField';

const audiences = choice({
	displayName: 'Audiences',
	default: 'one',
	choices: {
		one: ['One Audience', 'The audience that is chosen below'],
		all: ['All Audiences of the Table', 'Every audience for which contacts wait'],
	},
	description: 'Whose collected users are sent',
});

const { oneSender: _always, ...collect } = COLLECT_OPTIONS;
const { batchSize, hash, maxTries, minimumUsers, timeout } = OPTIONS;

const SEND_OPTIONS = {
	batchSize,
	...collect,
	force: boolean({
		displayName: 'Force',
		default: false,
		description:
			"Whether to send what is there even if it is not time. Choose it only when the contacts can't wait: nobody of an upload with fewer than 100 matches can be messaged.",
	}),
	hash,
	maxTries,
	minimumUsers: {
		...minimumUsers,
		property: {
			...minimumUsers.property,
			description:
				'When you know your match rate, lower it: a warning is given when fewer users are sent. 0 switches it off.',
		},
	},
	timeout,
};

export type SendOptions = {
	[Name in keyof typeof SEND_OPTIONS]: ReturnType<(typeof SEND_OPTIONS)[Name]['read']>;
};

export const fields: INodeProperties[] = [
	{ ...audiences.property, name: 'audiences' },
	...audienceFields.map((field) => ({
		...field,
		displayOptions: { show: { audiences: ['one'] } },
	})),
	optionsFieldOf(SEND_OPTIONS),
];

/** @throws UnusableValue that names the option */
export function readSendOptions(context: IExecuteFunctions): SendOptions {
	const given: Record<string, unknown> = context.getNodeParameter('options', 0, {});
	const entries = Object.entries(SEND_OPTIONS).map(([name, { property, read }]) => [
		name,
		read(Object.hasOwn(given, name) ? given[name] : property.default),
	]);
	return Object.fromEntries(entries) as SendOptions;
}

/** @throws UnusableValue when it is neither */
export function readAudiences(context: IExecuteFunctions): 'one' | 'all' {
	return audiences.read(context.getNodeParameter('audiences', 0, 'one'));
}
