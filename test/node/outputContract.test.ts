import { REASONS } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import contract from './output-contract.json';

interface Case {
	name: string;
	onError: Array<'stop' | 'continue' | 'output'>;
	set?: Record<string, unknown>;
	/** The IDs that the summary is to show instead of the usual ones. */
	ids?: Record<string, string>;
	fail?: number[];
	output?: Array<Record<string, unknown>>;
	errorOutput?: Array<Record<string, unknown>>;
	error?: Record<string, unknown>;
	/** The BatchLastFlag of each call, in order. */
	flags: string[];
}

const simulator = useSimulator();

const cases = (contract.cases as Case[]).flatMap((one) =>
	one.onError.flatMap((onError) =>
		// A run that ends with an error is run again whole: that is what Retry On Fail is for.
		(one.error ? [false] : [false, true]).map((retryOnFail) => ({ ...one, onError, retryOnFail })),
	),
);

const runs = cases.flatMap((one) => [
	{ ...one, placement: 'body' },
	{ ...one, placement: 'query' },
]);
const NAME = '$name (On Error: $onError, Retry On Fail: $retryOnFail, Users in the $placement)';

describe('the output matches the contract', () => {
	it.each(runs)(NAME, async (one) => {
		const code = 'Audience.NotReady';
		simulator.misbehave(one.fail ?? [], {
			kind: 'businessError',
			code,
			message: 'The audience is not ready.',
		});
		const result = await runNode({
			simulator,
			items: contract.contacts,
			set: { batchSize: 2, sendUsersIn: one.placement, ...one.set },
			onError: one.onError,
			retryOnFail: one.retryOnFail,
			clock: stillClock(),
		});
		const { calls, error, output, errorOutput } = result;
		if (one.error) {
			expect(error).toMatchObject(one.error);
			expect(output).toEqual([]);
		} else {
			expect(error).toBeUndefined();
			expect(withoutVariables({ output, errorOutput })).toEqual({
				output: one.output?.map((item) => expectedItem(item, one)),
				errorOutput: (one.errorOutput ?? []).map((item) => expectedItem(item, one)),
			});
		}
		expect(calls.map(({ query }) => query.BatchLastFlag)).toEqual(one.flags);
	});

	it("a contact's own 'error' field doesn't make Retry On Fail send again", async () => {
		const contacts = [
			{ email: 'ann@example.com', error: 'from the CRM' },
			{ email: 'x', error: 0 },
		];
		const { output, calls } = await runNode({
			simulator,
			items: contacts,
			set: { output: 'users' },
			onError: 'continue',
			retryOnFail: true,
			clock: stillClock(),
		});
		expect(calls).toHaveLength(1);
		expect(output).toMatchObject([{ inputError: 'from the CRM' }, { error: 0 }]);
	});

	it("nor does it if another audience's contacts were rejected", async () => {
		const contacts = ['111', '222'].map((audience) => ({
			email: 'ann@example.com',
			error: 'from the CRM',
			audience,
		}));
		simulator.misbehave(2, { kind: 'businessError', code: 'Full' }, 'AddCustomAudienceUser');
		const { output, calls } = await runNode({
			simulator,
			items: contacts,
			set: { output: 'users', customAudienceId: '={{ $json.audience }}' },
			onError: 'continue',
			retryOnFail: true,
			clock: stillClock(),
		});
		expect(calls).toHaveLength(2);
		expect(output?.[0]).toMatchObject({ inputError: 'from the CRM' });
	});
});

function expectedItem(item: Record<string, unknown>, one: { ids?: Record<string, string> }) {
	const isSummary = 'received' in item;
	const ids = isSummary ? { ...contract.ids, ...one.ids } : {};
	const invalidReasons = Object.keys(item.invalidReasons ?? {}) as Array<keyof typeof REASONS>;
	const advice = Object.fromEntries(invalidReasons.map((reason) => [reason, REASONS[reason]]));
	const error = typeof item.error === 'string' && item.error.startsWith('@');
	return {
		...ids,
		...item,
		...(isSummary && { advice, fields: item.fields ?? { email: 'email', phone: 'phone' } }),
		...(error && { error: REASONS[String(item.error).slice(1) as keyof typeof REASONS] }),
	};
}

/** Request IDs as `#`, and without the warnings, whose words are tested where they are made. */
function withoutVariables(value: unknown): unknown {
	return JSON.parse(
		JSON.stringify(value, (key, inner: unknown) => {
			if (key === 'warnings') return undefined;
			return key === 'requestId' && inner !== '' ? '#' : inner;
		}),
	);
}
