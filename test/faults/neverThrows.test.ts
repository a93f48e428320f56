import type { IDataObject } from 'n8n-workflow';
import { runNode, type NodeRun } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { clockWithoutWaiting } from './runCase';

jest.setTimeout(60_000);

const simulator = useSimulator();

const contacts: IDataObject[] = [
	{ email: 'mary@example.com', audience: '500000000000001' },
	{ email: 'not an address', audience: '500000000000001' },
	{ email: 'ada@example.com' },
];

const BROKEN = "={{ $('No such node').item.json.id }}";

const run = async (options: Partial<NodeRun>) =>
	await runNode({ simulator, items: contacts, clock: clockWithoutWaiting(), ...options });

/** Any input, and how many of the three contacts are still sent. */
const TROUBLE: Array<[name: string, options: Partial<NodeRun>, submitted: number]> = [
	['an expression in an ID is broken', { set: { pageId: BROKEN } }, 0],
	['an ID is empty for some items', { set: { customAudienceId: '={{ $json.audience }}' } }, 1],
	['an expression in an option is broken', { set: { batchSize: BROKEN } }, 0],
	['an option is out of its range', { set: { batchSize: 0 } }, 0],
	["an expression in 'Output' is broken", { set: { output: BROKEN } }, 0],
	[
		'an expression in a field is broken',
		{ set: { mappingMode: 'defineBelow', emailField: BROKEN } },
		0,
	],
	[
		'an expression in a field is broken for some items',
		{
			set: {
				mappingMode: 'defineBelow',
				emailField: "={{ $json.audience ? $json.email : $('No such node').item.json.x }}",
			},
		},
		1,
	],
	["'Invalid Users' is Stop", { set: { invalidContacts: 'stop' } }, 0],
	["'Under Minimum' is Stop", { set: { underMinimum: 'stop' } }, 0],
	['the endpoint is no host', { credential: { endpoint: 'https://' } }, 0],
	['the endpoint is plain http elsewhere', { credential: { endpoint: 'http://192.0.2.1' } }, 0],
	['the key has a line break', { credential: { accessKeyId: 'LTAI5t\u0000Key' } }, 0],
	['the secret is missing', { credential: { accessKeySecret: undefined } }, 0],
	['nothing listens there', { credential: { endpoint: 'http://127.0.0.1:9' } }, 0],
];

test.each(TROUBLE)(
	'Continue returns a status for every item if %s',
	async (_name, options, submitted) => {
		const { output = [], error } = await run({ ...options, onError: 'continue' });
		expect(error).toBeUndefined();
		const sum = (key: string) => output.reduce((total, json) => total + Number(json[key]), 0);
		expect(sum('received')).toBe(3);
		expect(sum('submitted')).toBe(submitted);
		expect(
			sum('submitted') + sum('duplicates') + sum('invalid') + sum('failed') + sum('held'),
		).toBe(3);
		expect(simulator.uploads.flatMap(({ users }) => users)).toHaveLength(submitted);
		expect(output.flatMap(({ warnings }) => warnings as string[]).join()).not.toBe('');
	},
);

test.each(TROUBLE)('the error output returns every item if %s', async (_name, options) => {
	const set = { output: 'users', ...options.set };
	const {
		output = [],
		errorOutput = [],
		error,
	} = await run({ ...options, set, onError: 'output' });
	expect(error).toBeUndefined();
	const items = output.filter(({ customAudience }) => customAudience !== undefined);
	const broken = options.set?.output === BROKEN;
	expect(items.length + errorOutput.length).toBe(broken ? errorOutput.length : 3);
	for (const item of errorOutput) {
		expect(item).toMatchObject({
			error: expect.stringMatching(/./),
			details: { status: expect.any(String) },
		});
	}
});

test("a contact's own 'error' field neither loses the contact nor makes Retry On Fail send it again", async () => {
	const own: IDataObject[] = [{ email: 'mary@example.com', error: 'from the CRM', details: 'too' }];
	for (const onError of ['continue', 'output'] as const) {
		simulator.reset();
		const { output, errorOutput } = await run({
			items: own,
			set: { output: 'users' },
			onError,
			retryOnFail: true,
		});
		expect(output).toMatchObject([
			{ inputError: 'from the CRM', customAudience: { status: 'submitted' } },
		]);
		expect(errorOutput).toEqual([]);
		expect(simulator.attempts).toHaveLength(1);
	}
});

test('Retry On Fail repeats an upload only if no batch was accepted', async () => {
	simulator.misbehave(1, { kind: 'businessError', code: 'Audience.NotReady' });
	const set = { output: 'users', batchSize: 1 };
	const two = [{ email: 'mary@example.com' }, { email: 'ada@example.com' }];
	await run({ items: two, set, onError: 'output', retryOnFail: true });
	expect(simulator.attempts).toHaveLength(2);
	simulator.reset();
	simulator.misbehave(1, { kind: 'businessError', code: 'Audience.NotReady' });
	const again = await run({ items: two.slice(1), set, onError: 'output', retryOnFail: true });
	expect(simulator.attempts).toHaveLength(2);
	expect(again.output).toMatchObject([{ customAudience: { status: 'submitted' } }]);
});
