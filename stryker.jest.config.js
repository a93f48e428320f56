const config = require('./jest.config.js');
const rooms = require('./test/mutation/rooms.cjs');

const { own, inEngine } = rooms[process.env.MUTATION_ROOM];
const engine = process.env.MUTATION_TESTS === 'all' ? inEngine.map((name) => `node/${name}`) : [];

/** The tests of a room's mutation run, without the types' check that only costs time. */
module.exports = {
	...config,
	testMatch: [...own, ...engine].map((name) => `**/test/${name}.test.ts`),
	transform: { '^.+\\.ts$': ['ts-jest', { isolatedModules: true, diagnostics: false }] },
	// It needs a process of its own.
	testPathIgnorePatterns: ['test/transport/proxy.test.ts'],
};
