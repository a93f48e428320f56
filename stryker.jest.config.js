const config = require('./jest.config.js');

/** The tests for mutation runs: those that need no process of their own, without the types' check that only costs time. */
module.exports = {
	...config,
	transform: { '^.+\\.ts$': ['ts-jest', { isolatedModules: true, diagnostics: false }] },
	testPathIgnorePatterns: [
		'<rootDir>/test/package/',
		'<rootDir>/test/simulator/',
		'test/node/privacy.test.ts',
		'test/transport/proxy.test.ts',
	],
};
