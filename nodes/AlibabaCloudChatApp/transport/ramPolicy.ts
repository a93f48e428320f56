/** The API's actions behind this node's operations and lists. */
export const ACTIONS = [
	'AddCustomAudienceUser',
	'CreateCustomAudience',
	'ListCustomAudience',
	'ListInstance',
	'ListMessengerSubscriptionToken',
	'ListPageAdAccount',
	'SyncMessengerSubscriptionToken',
];

/** The RAM policy that allows them all, as JSON to be pasted into the RAM console; with blanks, where n8n can break it. */
export const WHOLE_POLICY = JSON.stringify({
	Version: '1',
	Statement: [
		{ Effect: 'Allow', Action: ACTIONS.map((action) => `cams:${action}`), Resource: '*' },
	],
}).replaceAll(',', ', ');
