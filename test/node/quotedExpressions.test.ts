import { cannotRead, unexpected } from '../../nodes/AlibabaCloudChatApp/actions/nodeErrors';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const PERSON = 'ann.lovelace@example.com';
// An expression whose message may quote the name of a node that isn't there.
const QUOTING = '={{ $($json.email).first().json.x }}';

describe.each(['stop', 'continue', 'output'] as const)(
	'an expression whose message quotes the contact (On Error: %s)',
	(onError) => {
		it.each(['maxTries', 'output', 'custSpaceId', 'mappingMode', 'emailField', 'isLastBatch'])(
			'in %s is reported without the quote',
			async (parameter) => {
				const set: Record<string, unknown> = { [parameter]: QUOTING };
				if (parameter === 'emailField') set.mappingMode = 'defineBelow';
				if (parameter === 'isLastBatch') set.lastBatch = 'set';
				const result = await runNode({
					simulator,
					items: [{ email: PERSON }],
					set,
					onError,
					clock: stillClock(),
				});
				const { error, hints, output, errorOutput } = result;
				const told = JSON.stringify([
					error,
					hints,
					output,
					errorOutput?.map((item) => [item.error, item.details]),
				]);
				expect(told).not.toContain('lovelace');
				if (onError === 'stop') expect(error?.message).toMatch(/expression|not usable/);
				expect(result.calls).toEqual([]);
			},
		);
	},
);

it.each([cannotRead, unexpected])('whatever the error, %p hides the quoted contact', (tell) => {
	const { what } = tell(new Error(`No node named ${PERSON} or +1 650 555 1234`));
	expect(what).toContain('No node named [hidden]');
	expect(what).not.toMatch(/lovelace|555/);
});
