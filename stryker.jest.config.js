const config = require('./jest.config.js');
const rooms = require('./test/mutation/rooms.cjs');

const { own, inEngine } = rooms[process.env.MUTATION_ROOM];
const engine = process.env.MUTATION_TESTS === 'all' ? inEngine.map((name) => `node/${name}`) : [];

/** The tests of a room's mutation run. */
module.exports = {
	...config,
	testMatch: [...own, ...engine].map((name) => `**/test/${name}.test.ts`),
	// It needs a process of its own.
	testPathIgnorePatterns: ['test/transport/proxy.test.ts'],
};
