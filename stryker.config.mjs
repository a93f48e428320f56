import modules from './test/mutation/modules.cjs';

const module = process.env.MUTATION_MODULE;
const reports = `node_modules/.cache/mutation/${module}`;

/**
 * Mutation testing: finds changes to the code that no test notices. `npm run test:mutation -- MODULE` checks one module of
 * `test/mutation/modules.cjs`; add `--mutate FILE` for one of its files.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: modules[module].mutate,
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
