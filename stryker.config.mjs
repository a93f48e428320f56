import rooms from './test/mutation/rooms.cjs';

const room = process.env.MUTATION_ROOM;
const reports = `node_modules/.cache/mutation/${room}`;

/**
 * Mutation testing: what could be changed in the code without a test turning red. `npm run test:mutation -- ROOM` looks at
 * one room of `test/mutation/rooms.cjs`, with `--mutate FILE` at one file of it.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: rooms[room].mutate,
	testRunner: 'jest',
	// Tests in n8n's engine load the node by its path, which Jest knows nothing of.
	jest: { configFile: 'stryker.jest.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	concurrency: 2,
	timeoutMS: 20_000,
	ignoreStatic: true,
	incrementalFile: `${reports}/incremental.json`,
	reporters: ['clear-text', 'html', 'json'],
	htmlReporter: { fileName: `${reports}/index.html` },
	jsonReporter: { fileName: `${reports}/report.json` },
	clearTextReporter: { allowColor: false, reportTests: false },
	// Jest transforms nothing below node_modules.
	tempDirName: '.stryker-tmp',
	thresholds: { high: 95, low: 85, break: 85 },
};
