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
	// hucre comes as ES modules only.
	transform: { '^.+\\.(?:ts|mjs)$': '<rootDir>/test/engine/transform.js' },
	transformIgnorePatterns: ['/node_modules/(?!hucre/)'],
	moduleFileExtensions: ['js', 'mjs', 'ts', 'json', 'node'],
	moduleNameMapper: {
		...n8n.moduleNameMapper,
		// What the node takes of it: all of it takes longer to load than the node itself.
		'^hucre$': '<rootDir>/node_modules/hucre/dist/xlsx/stream-writer.mjs',
		// Written with its ending, since Node would take the codex file (.node.json) for the node.
		'^(.+/AlibabaCloudChatApp\\.node)\\.js$': '$1',
	},
};
