import { writeFileSync } from 'node:fs';
import { NODE_NAME, runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { startSimulator, type Fault } from '../simulator/simulator';

/** One run as the parent looks at it: what n8n would store of the node, what the server saw beside the body. */
export interface LoggedRun {
	name: string;
	usersIn: 'body' | 'query';
	stored: string;
	requests: string[];
	users: number;
}

/** The runs, by name; all but the first end without a word about anybody. */
const FAULTS: Record<string, Fault | undefined> = {
	'sentinel from the server': {
		kind: 'businessError',
		code: 'Sentinel',
		message: 'sentinel from the server',
	},
	'all goes well': undefined,
	'the server quotes a contact': { kind: 'quoteContact' },
	'an error page echoes the request': { kind: 'echo', status: 500, format: 'html' },
	'a JSON answer echoes the request': { kind: 'echo', status: 400, format: 'json' },
	'the connection is reset': { kind: 'reset' },
	'the server sends the call elsewhere': {
		kind: 'redirect',
		status: 307,
		location: 'http://127.0.0.1:1/',
	},
};

const WAYS = [
	['stop', 'body'],
	['continue', 'body'],
	['stop', 'query'],
	['continue', 'query'],
] as const;

/** A separate program, since n8n's logger keeps the console that it finds when it is loaded. */
async function main(resultFile: string, contacts: NodeRun['items']): Promise<void> {
	const simulator = await startSimulator();
	const runs: LoggedRun[] = [];
	for (const [name, fault] of Object.entries(FAULTS)) {
		for (const [onError, usersIn] of WAYS) {
			simulator.reset();
			if (fault) simulator.misbehave(() => true, fault);
			const { run } = await runNode({
				simulator,
				items: contacts,
				onError,
				set: { maxTries: 2, sendUsersIn: usersIn },
				clock: stillClock(),
			});
			runs.push({
				name: `${name} (${onError}, ${usersIn})`,
				usersIn,
				stored: JSON.stringify([
					run?.data.resultData.runData[NODE_NAME],
					run?.data.resultData.error,
				]),
				requests: simulator.requests.map(({ url, headers }) =>
					decodeURIComponent(url + JSON.stringify(headers)),
				),
				users: simulator.uploads.flatMap(({ users }) => users).length,
			});
		}
	}
	await simulator.close();
	writeFileSync(resultFile, JSON.stringify(runs));
}

const [resultFile = '', contacts = '[]'] = process.argv.slice(2);
void main(resultFile, JSON.parse(contacts) as NodeRun['items']);
