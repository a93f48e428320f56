const base = require('./jest.config');
const { n8n } = require('./package.json');

const mapped = (path) => `<rootDir>/node_modules/.cache/packed/package/${path}`;

/**
 * What drives the node in n8n's engine, with the packed file in place of the source.
 * @type {import('jest').Config}
 */
module.exports = {
	...base,
	testMatch: ['**/test/{faults,node,transport}/**/*.test.ts', '**/test/package/**/*.packed.ts'],
	// The first pattern that matches counts.
	moduleNameMapper: {
		'^.+/AlibabaCloudChatApp\\.node(\\.js)?$': mapped(n8n.nodes[0]),
		'^.+/AlibabaCloudOpenApi\\.credentials$': mapped(n8n.credentials[0]),
		...base.moduleNameMapper,
	},
};
