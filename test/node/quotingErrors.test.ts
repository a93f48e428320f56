import { byId, PAGE } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const QUOTED = 'went wrong for ada@example.com, +1 555 010 0101';
const PERSONAL = /ada|example\.com|0101/;
const contacts = [{ email: 'grace@example.org' }];

const simulator = useSimulator();

/** A clock on which waiting fails with an error that quotes a contact. */
const quotingClock = () => ({
	...stillClock(),
	sleep: async () => {
		throw new Error(QUOTED);
	},
});

const ERRORS: Array<[name: string, options: Partial<NodeRun>, throttled: boolean]> = [
	['the credential', { credential: { unreadable: QUOTED } }, false],
	['a call', { clock: quotingClock() }, true],
	["an option's expression", { set: { batchSize: `={{ $('${QUOTED}').item.json.x }}` } }, false],
	["the output's expression", { set: { output: `={{ $('${QUOTED}').item.json.x }}` } }, false],
];

describe.each(ERRORS)(
	"an error of n8n's own that quotes a contact, in %s,",
	(_, options, throttled) => {
		it.each(['stop', 'continue', 'output'] as const)(
			'is reported without it (%s)',
			async (onError) => {
				if (throttled) simulator.misbehave(() => true, { kind: 'throttle' });
				const clock = stillClock();
				const { error, output, errorOutput, hints } = await runNode({
					simulator,
					items: contacts,
					clock,
					onError,
					...options,
				});
				const shown = JSON.stringify([error, output, errorOutput, hints]);
				expect(shown).not.toMatch(PERSONAL);
				expect(shown).toMatch(/hidden|can't be evaluated/);
			},
		);
	},
);

describe.each<[name: string, options: Partial<NodeRun>, throttled: boolean]>([
	['the credential', { credential: { unreadable: QUOTED } as never }, false],
	['a call', { clock: quotingClock() }, true],
])('the same for an operation on items, in %s,', (_, options, throttled) => {
	it.each(['stop', 'continue', 'output'] as const)(
		'is reported without it (%s)',
		async (onError) => {
			if (throttled) simulator.misbehave(() => true, { kind: 'throttle' }, 'ListPageAdAccount');
			const { error, output, errorOutput } = await runNode({
				simulator,
				operation: 'adAccount:getMany',
				set: PAGE,
				onError,
				...options,
			});
			const shown = JSON.stringify([
				error?.message,
				error?.description,
				error?.context,
				output,
				errorOutput,
			]);
			expect(shown).not.toMatch(PERSONAL);
			expect(shown).toContain('[hidden]');
		},
	);
});

describe('a rejected permission', () => {
	const SPACES = ['cams-a', 'cams-b'];
	const items = SPACES.map((space) => ({ space, email: 'grace@example.org' }));
	const refuse = (code: string, action: string) =>
		simulator.misbehave(1, { kind: 'error', status: 403, code }, action);

	it('blocks only its own channel; calls to another are made', async () => {
		refuse('NoPermission', 'AddCustomAudienceUser');
		const { output } = await runNode({
			simulator,
			items: items,
			onError: 'continue',
			set: { custSpaceId: '={{ $json.space }}', minimumUsers: 0 },
		});
		expect(output?.map(({ submitted }) => submitted)).toEqual([0, 1]);
	});

	it.each([
		['NoPermission', 3, 1],
		['InvalidAccessKeyId.NotFound', 1, 0],
	])('and a rejected key (%s): %i calls are made for three items', async (code, calls, rows) => {
		refuse(code, 'ListPageAdAccount');
		const { errorOutput } = await runNode({
			simulator,
			operation: 'adAccount:getMany',
			set: { ...PAGE, custSpaceId: byId('={{ $json.space }}') },
			items: [...items, ...items.slice(0, 1)],
			onError: 'output',
		});
		expect(errorOutput).toHaveLength(3 - rows);
		expect(simulator.requests).toHaveLength(calls - (code === 'NoPermission' ? 1 : 0));
	});
});
