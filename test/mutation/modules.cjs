const NODE = 'nodes/AlibabaCloudChatApp';

/**
 * What is changed in each module, and the tests that should notice. The module's own tests run first; only mutants that
 * survive them are tried in n8n's engine, which takes seconds to load.
 * @type {Record<string, { mutate: string[], own: string[], inEngine: string[] }>}
 */
module.exports = {
	credentials: {
		mutate: ['credentials/**/*.ts', '!credentials/*.credentials.ts'],
		own: ['credentials/*', 'transport/http', 'transport/client'],
		inEngine: ['httpRequest', 'credentialKinds'],
	},
	transport: {
		mutate: [`${NODE}/transport/**/*.ts`],
		own: ['transport/*'],
		inEngine: ['answers', 'credential', 'credentialKinds', 'lists', 'usersPlacement', 'wholeLists'],
	},
	upload: {
		mutate: [`${NODE}/upload/**/*.ts`],
		own: ['upload/*'],
		inEngine: ['fields', 'longUploads', 'operationsOnError', 'result', 'uploads'],
	},
	contacts: {
		mutate: [`${NODE}/contacts/**/*.ts`],
		own: ['contacts/**/*'],
		inEngine: [],
	},
	ids: {
		mutate: [`${NODE}/ids.ts`],
		own: ['ids*'],
		inEngine: ['ids'],
	},
	store: {
		mutate: [`${NODE}/store/**/*.ts`],
		own: ['store/*'],
		inEngine: ['collect'],
	},
	sources: {
		mutate: [`${NODE}/sources/**/*.ts`],
		own: ['sources/**/*'],
		inEngine: ['files', 'fields'],
	},
	actions: {
		mutate: [`${NODE}/actions/**/*.ts`, `${NODE}/methods/**/*.ts`],
		own: ['actions/*'],
		inEngine: ['*'],
	},
};
