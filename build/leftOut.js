/**
 * What of the bundled libraries stays out of the package. n8n lets a community node use neither Node's modules (but
 * for crypto) nor the globals that bundle.js watches, and the node reaches nothing of what needs them: it takes the
 * client, the models and the signer of Alibaba Cloud's SDK, and sends with n8n's own HTTP helper.
 *
 * The build fails when a library needs something that isn't listed here, when an entry is no longer needed, and when
 * a call of ours could reach something that is left out (reach.js).
 */

/** Throws as soon as it is touched. */
exports.leftOut = [
	// The SDK's transport: transport/client.ts overrides the one method that leads to it.
	{ from: '@alicloud/tea-typescript', need: 'http' },
	{ from: '@alicloud/tea-typescript', need: 'https' },
	{ from: '@alicloud/tea-typescript', need: 'httpx' },
	{ from: '@alicloud/tea-typescript', need: 'url' },
	{ from: '@alicloud/tea-typescript', need: 'querystring' },
	// The waits between the transport's own attempts.
	{ from: '@alicloud/tea-typescript', need: 'setTimeout' },
	{ from: '@alicloud/tea-util', need: 'setTimeout' },
	// Nonces and dates of older signatures: credentials/signing.ts makes those of its own.
	{ from: '@alicloud/openapi-util', need: 'kitx' },
	{ from: '@alicloud/tea-util', need: 'kitx' },
	// Where keys come from (files, environment, the host's role): here from n8n's credential alone.
	{ from: '@alicloud/openapi-client', need: '@alicloud/credentials' },
	// Other gateways, and answers in XML: the answer's text is read by transport/.
	{ from: '@alicloud/openapi-client', need: '@alicloud/gateway-spi' },
	{ from: '@alicloud/openapi-client', need: '@alicloud/tea-xml' },
	// Detecting the encoding of a file on disk: sources/file hands over bytes.
	{ from: 'chardet', need: 'fs' },
	// Reading files by itself: sources/file hands texts to its parser.
	{ from: 'papaparse', need: 'stream' },
	{ from: 'papaparse', need: 'setTimeout' },
];

/** Touched, but only for what the stand-in has. */
exports.standIns = [
	// The class that the transport's bodies extend, and that bodies are compared with.
	{ from: '@alicloud/tea-typescript', need: 'stream', standIn: 'stream' },
	{ from: '@alicloud/tea-util', need: 'stream', standIn: 'stream' },
	// The user agent of the transport, put together while the file is loaded.
	{ from: '@alicloud/tea-util', need: 'os', standIn: 'os' },
	{ from: '@alicloud/tea-util', need: 'process', standIn: 'process' },
	// Forms of names and texts.
	{ from: '@alicloud/openapi-util', need: 'querystring', standIn: 'querystring' },
	{ from: '@alicloud/tea-util', need: 'querystring', standIn: 'querystring' },
	// lodash looks for the global object by compiling a text.
	{ from: 'lodash', need: './_root', standIn: 'lodashRoot' },
	// Notes to a developer.
	{ from: 'libphonenumber-js', need: 'console', standIn: 'console' },
	{ from: 'papaparse', need: 'console', standIn: 'console' },
];

/**
 * Functions that need something left out, or lead to it, whose names are mentioned by what runs, though they are never
 * called.
 */
exports.neverCalled = [
	// Overridden in transport/client.ts.
	{ from: '@alicloud/openapi-client', function: 'Client.doRequest' },
	// callApi goes there for the signatures V2 and V4 alone; client.ts sets neither.
	{ from: '@alicloud/openapi-client', function: 'Client.doRPCRequest' },
	{ from: '@alicloud/openapi-client', function: 'Client.doROARequest' },
	{ from: '@alicloud/openapi-client', function: 'Client.doROARequestWithForm' },
	{ from: '@alicloud/openapi-client', function: 'Client.execute' },
	// Makes a credential when it is given a key; client.ts signs for itself and gives none.
	{ from: '@alicloud/openapi-client', function: 'Client.constructor' },
	// Names the class of a credential, for reading a configuration out of JSON.
	{ from: '@alicloud/openapi-client', function: 'Config.types' },
	// Of the same name as n8n's, which waits here.
	{ from: '@alicloud/tea-typescript', function: 'sleep' },
	{ from: '@alicloud/tea-util', function: 'Client.sleep' },
	// `analyse` is called, with bytes.
	{ from: 'chardet', function: 'default' },
	{ from: 'chardet', function: 'detectFile' },
	{ from: 'chardet', function: 'detectFileSync' },
	{ from: 'chardet', function: 'handler' },
	// Papa Parse's own way through a whole file; `Parser` is called, with texts.
	{ from: 'papaparse', function: 'CsvToJson' },
	{ from: 'papaparse', function: 'DuplexStreamStreamer' },
	{ from: 'papaparse', function: '_input' },
];

/** The packages that are bundled, each with its license in dist/LICENSES.txt. */
exports.bundled = [
	'@alicloud/openapi-client',
	'@alicloud/openapi-util',
	'@alicloud/tea-typescript',
	'@alicloud/tea-util',
	'async-mutex',
	'chardet',
	'crc-32',
	'diacritics',
	'hucre',
	'i18n-iso-countries',
	'libphonenumber-js',
	'lodash',
	'papaparse',
	'saxes',
	'validator',
	'xmlchars',
];
