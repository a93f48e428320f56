import { choice, number, wholeNumber } from './optionKinds';

/** Seconds: a timer takes at most 2^31 - 1 milliseconds. */
const LONGEST_TIMEOUT = 2_000_000;

/** The options of how calls are made. */
export const CALL_OPTIONS = {
	maxTries: wholeNumber({
		displayName: 'Max Tries',
		default: 5,
		min: 1,
		description:
			'When a run has to end soon, lower it: how often one call is made at most while the service is busy or out of reach',
	}),
	sendUsersIn: choice({
		displayName: 'Send Users In',
		default: 'auto',
		choices: {
			auto: ['Automatic', 'The body, and the query where a gateway reads nothing else'],
			body: ['Body', 'The body of the request, in calls of up to 10,000 users'],
			query: ['Query', 'The URL, in calls of some 60 users'],
		},
		description:
			'When Alibaba Cloud answers that users are missing, choose where a call carries them. Choose Query only when you know that Alibaba Cloud does not read the body: it takes far more calls, and addresses are in the URLs that Alibaba Cloud gets, over TLS.',
	}),
	timeout: number({
		displayName: 'Timeout',
		default: 60,
		min: 0.001,
		max: LONGEST_TIMEOUT,
		unit: 'seconds',
		hint: 'In seconds',
		description: 'When the network is slow, raise it: how many seconds one call may take',
	}),
};
