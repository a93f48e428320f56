const config = require('./jest.config.js');
const modules = require('./test/mutation/modules.cjs');

const { own, inEngine } = modules[process.env.MUTATION_MODULE];
const engine = process.env.MUTATION_TESTS === 'all' ? inEngine.map((name) => `node/${name}`) : [];

/** The tests of a module's mutation run. */
module.exports = {
	...config,
	testMatch: [...own, ...engine].map((name) => `**/test/${name}.test.ts`),
	// It needs a process of its own.
	testPathIgnorePatterns: ['test/transport/http.proxy.test.ts'],
};
