const n8n = require('./test/engine/n8nBundle');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// One core less is Jest's default, which leaves half of two idle.
	maxWorkers: '100%',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	globalSetup: '<rootDir>/test/engine/globalSetup.ts',
	globalTeardown: '<rootDir>/test/engine/globalTeardown.ts',
	// Loading n8n's engine takes seconds on a busy machine, and the first test of a file waits for it.
	testTimeout: 30_000,
	transform: { '^.+\\.ts$': '<rootDir>/test/engine/transform.js' },
	moduleNameMapper: {
		...n8n.moduleNameMapper,
		// Written with its ending, since Node would take the codex file (.node.json) for the node.
		'^(.+/AlibabaCloudChatApp\\.node)\\.js$': '$1',
	},
};
