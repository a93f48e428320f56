import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { n8n } from '../../package.json';

const ROOT = resolve(__dirname, '..', '..');
const UNPACKED = join(ROOT, 'node_modules', '.cache', 'packed', 'package');

describe('the packed file', () => {
	it('is what these tests run', () => {
		expect([
			require.resolve('../../nodes/AlibabaCloudChatApp/AlibabaCloudChatApp.node.js'),
			require.resolve('../../credentials/AlibabaCloudOpenApi.credentials'),
		]).toEqual([...n8n.nodes, ...n8n.credentials].map((path) => join(UNPACKED, path)));
	});

	it('loads neither the SDK nor the numbering plans when n8n reads the node and the credential', () => {
		const files = [...n8n.nodes, ...n8n.credentials].map((path) => join(UNPACKED, path));
		// Each bundled file of a library is a function that is named after it.
		const program = `
			const session = new (require('node:inspector').Session)();
			session.connect();
			session.post('Profiler.enable');
			session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
			const files = ${JSON.stringify(files)};
			for (const file of files) for (const Type of Object.values(require(file))) new Type();
			session.post('Profiler.takePreciseCoverage', (error, { result }) => {
				const ours = result.filter(({ url }) => files.some((file) => url.endsWith(file)));
				const run = ours.flatMap(({ functions }) => functions)
					.filter(({ functionName, ranges }) => functionName.startsWith('node_modules/') && ranges[0].count > 0);
				console.log(JSON.stringify(run.map(({ functionName }) => functionName.split('/').slice(1).join('/'))));
			});
		`;
		const printed = execFileSync(process.execPath, ['--eval', program], { encoding: 'utf8' });
		const loaded = JSON.parse(printed) as string[];
		expect(loaded.length).toBeGreaterThan(0);
		expect(loaded.filter((path) => /^(@alicloud|libphonenumber-js|i18n)/.test(path))).toEqual([]);
	});
});
