const NODE = 'nodes/AlibabaCloudChatApp';
const N8N = '^node_modules/n8n-workflow/';
const CREDENTIALS = '^credentials/(credential|signing)\\.ts$';

/** @param {string[]} names */
const root = (...names) => `^${NODE}/(${names.join('|')})\\.ts$`;
/** @param {string[]} names */
const modules = (...names) => `^${NODE}/(${names.join('|')})/`;
/** @param {string[]} names */
const libraries = (...names) => `^(node_modules/(${names.join('|')})/|crypto$)`;

/**
 * What each module may import, besides itself. The order is that of ARCHITECTURE.md: a module imports only from those
 * above it.
 * @type {Record<string, string[]>}
 */
const allowed = {
	'(message|redact|ids|async|setLatest)\\.ts': [N8N, libraries('lodash')],
	'contacts/': [
		libraries('libphonenumber-js', 'validator', 'i18n-iso-countries', 'lodash', '@types/validator'),
	],
	'sources/': [
		modules('contacts'),
		root('message', 'redact', 'async'),
		libraries('papaparse', '@types/papaparse', 'chardet', 'crc-32', 'saxes', 'hucre', 'lodash'),
	],
	'transport/': [
		root('message', 'redact', 'ids', 'async', 'setLatest'),
		CREDENTIALS,
		N8N,
		libraries('@alicloud', 'lodash'),
	],
	'upload/': [
		modules('contacts'),
		`^${NODE}/(sources/source|transport/(apiError|usersPlacement))\\.ts$`,
		root('message', 'redact', 'ids', 'async', 'setLatest'),
		libraries('async-mutex', 'lodash'),
	],
	'store/': [
		modules('contacts'),
		`^${NODE}/upload/(batches|packedUsers)\\.ts$`,
		root('message', 'redact', 'ids', 'async', 'setLatest'),
	],
	'methods/': [
		modules('transport'),
		root('message', 'redact', 'ids', 'async'),
		CREDENTIALS,
		N8N,
		libraries('lodash'),
	],
	'actions/': [
		modules('contacts', 'sources', 'upload', 'store', 'transport'),
		root('message', 'redact', 'ids', 'async', 'setLatest'),
		CREDENTIALS,
		N8N,
		libraries('lodash', '@types/lodash'),
	],
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
	forbidden: [
		{
			name: 'no-cycles',
			comment: 'A cycle, even of types alone, joins its files into one that is hard to read',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
		{
			name: 'sending-is-shared',
			comment: "What 'Add Users' and 'Send Collected Users' share imports neither",
			severity: 'error',
			from: { path: `^${NODE}/actions/customAudience/sending/` },
			to: { path: `^${NODE}/actions/customAudience/(addUsers/|sendCollected\\.ts)` },
		},
		{
			name: 'no-unresolved',
			severity: 'error',
			from: {},
			to: { couldNotResolve: true },
		},
		{
			name: 'credentials',
			severity: 'error',
			from: { path: '^credentials/' },
			to: { pathNot: ['^credentials/', N8N, libraries('@alicloud')] },
		},
		...Object.entries(allowed).map(([module, may]) => ({
			name: module.replace(/\W+$/, ''),
			comment: `What ${module} may import is in .dependency-cruiser.mjs`,
			severity: 'error',
			from: { path: `^${NODE}/${module}` },
			to: { pathNot: [`^${NODE}/${module}`, ...may] },
		})),
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require'] },
		preserveSymlinks: true,
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
	},
};
