import { parseArgs } from 'node:util';
import { ACTIONS } from './actions';
import { DEFAULT_KEY, KNOWN, startSimulator, type RecordedRequest } from './simulator';

/** One line about a request, without personal data: no query, form, users, or free text from headers. */
function line(call: RecordedRequest): string {
	const time = new Date(call.at).toISOString().slice(11, 23);
	const { EstimatedNumTotal: total, BatchLastFlag: last } = { ...call.query, ...call.form };
	const upload = call.users
		? `users ${call.users.length}, last ${last ?? '-'}, total ${total ?? '-'}, `
		: '';
	return `${time} ${call.action in ACTIONS ? call.action : '(unknown action)'} ${upload}status ${call.status} ${call.code}`;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			'ignore-body': { type: 'boolean', default: false },
			// Percent, and seconds.
			'match-rate': { type: 'string', default: '0' },
			'match-delay': { type: 'string', default: '0' },
		},
	});
	const simulator = await startSimulator({
		port: Number(values.port),
		ignoreBody: values['ignore-body'],
		matching: {
			rate: Number(values['match-rate']) / 100,
			delayMs: Number(values['match-delay']) * 1000,
		},
		onRequest: (call) => console.log(line(call)),
	});
	console.log(`CAMS simulator at ${simulator.url}: enter it as the credential's Endpoint`);
	console.log(`AccessKey ID ${DEFAULT_KEY.accessKeyId}, secret ${DEFAULT_KEY.accessKeySecret}`);
	console.log(
		`Channel ${KNOWN.custSpaceId}, page ${KNOWN.pageId}, ad account ${KNOWN.adAccountId}, custom audience ${KNOWN.customAudienceId}`,
	);
	console.log(`Role ${KNOWN.roleArn} (AssumeRole at the same address)`);
	process.once('SIGINT', () => void simulator.close());
}

void main();
