/**
 * Mutation testing: what could be changed in the code without a test turning red. `npm run test:mutation -- --mutate FILE`
 * looks at one file; all of them take hours on two cores.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: [
		'credentials/**/*.ts',
		'nodes/AlibabaCloudChatApp/{contacts,submission,transport}/**/*.ts',
		'!credentials/*.credentials.ts',
	],
	testRunner: 'jest',
	jest: { configFile: 'stryker.jest.config.js' },
	coverageAnalysis: 'perTest',
	concurrency: 2,
	timeoutMS: 20_000,
	ignoreStatic: true,
	reporters: ['clear-text', 'html', 'json'],
	htmlReporter: { fileName: 'node_modules/.cache/mutation/index.html' },
	jsonReporter: { fileName: 'node_modules/.cache/mutation/report.json' },
	clearTextReporter: { allowColor: false, reportTests: false },
	// Jest transforms nothing below node_modules.
	tempDirName: '.stryker-tmp',
	thresholds: { high: 95, low: 85, break: 85 },
};
