import type { INodeProperties } from 'n8n-workflow';
import { optionFields } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/options';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

// Each contact's value decides in 'Consent Field': one that is missing is not a yes.
const options = optionFields
	.flatMap((field) =>
		field.type === 'collection' ? (field.options as INodeProperties[]) : [field],
	)
	.filter(({ name }) => name !== 'consentField');
const contacts = Array.from({ length: 150 }, (_, index) => ({ email: `user${index}@example.com` }));
const content = ['email', ...contacts.map(({ email }) => email)].join('\n');
const fileOptions = optionFields.find(({ name }) => name === 'fileOptions')?.options ?? [];
const isForFiles = (name: string) => fileOptions.some((option) => option.name === name);

async function run(set: Record<string, unknown>, onError: 'stop' | 'continue' = 'stop') {
	// 'Is Last Batch' counts only where it decides.
	const needed = 'isLastBatch' in set ? { lastBatch: 'set', estimatedTotal: 900 } : {};
	const clock = stillClock();
	const files = Object.keys(set).some(isForFiles) ? [{ name: 'contacts.csv', content }] : undefined;
	return await runNode({
		simulator,
		items: contacts,
		files,
		set: { ...needed, ...set },
		onError,
		clock,
	});
}

describe.each(options.map(({ name, displayName }) => [displayName, name]))(
	"the option '%s'",
	(label, name) => {
		it.each(['={{ $json.nothing }}', '={{ null }}', '={{ ({}) }}'])(
			'is rejected by its name if its expression returns no valid value: %s',
			async (expression) => {
				const { error, calls } = await run({ [name]: expression });
				expect(error?.message).toContain(`'${label}' `);
				expect(error?.code).toBe('parameter');
				expect(calls).toEqual([]);
			},
		);

		it("with 'Continue', fails every contact and says why", async () => {
			const { output, calls } = await run({ [name]: '={{ $json.nothing }}' }, 'continue');
			// A value that changes its form is still sent.
			const isSent = name === 'output';
			// A file isn't even opened.
			const count = isForFiles(name) ? 0 : 150;
			expect(output).toMatchObject([{ received: count, [isSent ? 'submitted' : 'failed']: count }]);
			expect(calls).toHaveLength(isSent ? 1 : 0);
			expect(String(output?.[0]?.warnings)).toContain(`'${label}' `);
		});
	},
);

it.each([
	['batchSize', 0],
	['batchSize', 10_001],
	['batchSize', 1.5],
	['estimatedTotal', -1],
	['maxTries', 0],
	['minimumUsers', -1],
	['minimumUsers', '={{ "" }}'],
	['timeout', 0],
	['timeout', 2_000_001],
	['timeout', 'soon'],
	['hash', 'md5'],
	['defaultCountry', 'Atlantis'],
	['dryRun', 'yes'],
])('%s = %j is rejected before anything is sent', async (name, value) => {
	const { error, calls } = await run({ [name]: value });
	expect(error?.code).toBe('parameter');
	expect(calls).toEqual([]);
});

it.each([
	['maxTries', '3', 3],
	['maxTries', 1, 1],
	['maxTries', undefined, 5],
])('a call is made at most %s = %j times: %s', async (name, value, tries) => {
	simulator.misbehave(() => true, { kind: 'throttle' });
	const { error, calls } = await run(value === undefined ? {} : { [name]: value });
	expect(calls).toHaveLength(tries);
	expect(error?.description).toContain(`Attempts: ${tries}.`);
});

it.each([
	[undefined, 60_000],
	[2.5, 2500],
])('a call with a timeout of %j is given up after %s milliseconds', async (timeout, ms) => {
	const limits = new Set<number>();
	const timer = (limit: number) => {
		limits.add(limit);
		return new AbortController().signal;
	};
	const set = timeout === undefined ? {} : { timeout };
	const clock = { ...stillClock(), timer };
	const { calls } = await runNode({ simulator, items: contacts, set, clock });
	expect(calls).toHaveLength(1);
	expect([...limits]).toContain(ms);
});

it.each(['latin1', 'GBK', 'utf8'])(
	'accepts an encoding by its usual name: %s',
	async (encoding) => {
		const { output } = await run({ encoding });
		expect(output).toMatchObject([{ submitted: 150 }]);
	},
);
