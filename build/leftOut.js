/**
 * The parts of the bundled libraries that aren't packed. n8n forbids Node's modules (except crypto) and the globals that
 * bundle.js checks in community nodes. Nothing that the node calls needs them: it uses the client, the models, and the
 * signer of Alibaba Cloud's SDK, and sends requests with n8n's own HTTP helper.
 *
 * The build fails if a library needs something that isn't listed here, if an entry is no longer needed, and if a call of
 * this node could reach something that is left out (reach.js).
 */

/** Replaced by something that throws when it is used. */
exports.leftOut = [
	// The SDK's transport: transport/client.ts overrides the one method that leads to it.
	{ from: '@alicloud/tea-typescript', need: 'http' },
	{ from: '@alicloud/tea-typescript', need: 'https' },
	{ from: '@alicloud/tea-typescript', need: 'httpx' },
	{ from: '@alicloud/tea-typescript', need: 'url' },
	{ from: '@alicloud/tea-typescript', need: 'querystring' },
	// Waits between the transport's own attempts.
	{ from: '@alicloud/tea-typescript', need: 'setTimeout' },
	{ from: '@alicloud/tea-util', need: 'setTimeout' },
	// Nonces and dates of older signatures: credentials/signing.ts creates its own.
	{ from: '@alicloud/openapi-util', need: 'kitx' },
	{ from: '@alicloud/tea-util', need: 'kitx' },
	// Sources of keys (files, environment, the host's role): here, keys come only from n8n's credential.
	{ from: '@alicloud/openapi-client', need: '@alicloud/credentials' },
	// Other gateways, and responses in XML: transport/ reads a response's text.
	{ from: '@alicloud/openapi-client', need: '@alicloud/gateway-spi' },
	{ from: '@alicloud/openapi-client', need: '@alicloud/tea-xml' },
	// Detecting the encoding of a file on disk: sources/file passes bytes.
	{ from: 'chardet', need: 'fs' },
	// Reading files: sources/file passes text to the parser.
	{ from: 'papaparse', need: 'stream' },
	{ from: 'papaparse', need: 'setTimeout' },
];

/** Replaced by a stand-in, which has the only parts that are used. */
exports.standIns = [
	// The class that the transport's bodies extend, and that bodies are checked against.
	{ from: '@alicloud/tea-typescript', need: 'stream', standIn: 'stream' },
	{ from: '@alicloud/tea-util', need: 'stream', standIn: 'stream' },
	// The transport's user agent, which is built when the file is loaded.
	{ from: '@alicloud/tea-util', need: 'os', standIn: 'os' },
	{ from: '@alicloud/tea-util', need: 'process', standIn: 'process' },
	// Encoding and decoding of forms.
	{ from: '@alicloud/openapi-util', need: 'querystring', standIn: 'querystring' },
	{ from: '@alicloud/tea-util', need: 'querystring', standIn: 'querystring' },
	// lodash finds the global object by compiling a string.
	{ from: 'lodash', need: './_root', standIn: 'lodashRoot' },
	// Warnings for developers.
	{ from: 'libphonenumber-js', need: 'console', standIn: 'console' },
	{ from: 'papaparse', need: 'console', standIn: 'console' },
];

/**
 * Functions that need something left out, or call one that does. Code that runs mentions their names, but never calls
 * them.
 */
exports.neverCalled = [
	// Overridden in transport/client.ts.
	{ from: '@alicloud/openapi-client', function: 'Client.doRequest' },
	// callApi calls them only for the signatures V2 and V4; client.ts sets neither.
	{ from: '@alicloud/openapi-client', function: 'Client.doRPCRequest' },
	{ from: '@alicloud/openapi-client', function: 'Client.doROARequest' },
	{ from: '@alicloud/openapi-client', function: 'Client.doROARequestWithForm' },
	{ from: '@alicloud/openapi-client', function: 'Client.execute' },
	// Creates a credential from a key; client.ts passes none, since it signs calls itself.
	{ from: '@alicloud/openapi-client', function: 'Client.constructor' },
	// Names the class of a credential, for reading a configuration from JSON.
	{ from: '@alicloud/openapi-client', function: 'Config.types' },
	// Only has the same name as n8n's `sleep`, which is the one called.
	{ from: '@alicloud/tea-typescript', function: 'sleep' },
	{ from: '@alicloud/tea-util', function: 'Client.sleep' },
	// `analyse` is called, with bytes.
	{ from: 'chardet', function: 'default' },
	{ from: 'chardet', function: 'detectFile' },
	{ from: 'chardet', function: 'detectFileSync' },
	{ from: 'chardet', function: 'handler' },
	// Papa Parse's readers of whole files; only `Parser` is called, with text.
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
