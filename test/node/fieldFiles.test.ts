import fieldCases from '../contacts/field-cases.json';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

interface FieldFile {
	id: string;
	kind: string;
	input: string;
	base64?: boolean;
	options?: Record<string, string>;
	expect: { users: unknown[]; invalid: number };
}

/** Files that are reported instead of read, with the error's code. */
const REPORTED: Record<string, string> = {
	'json-as-file': 'file_json',
	'quote-missing': 'file_open_quote',
};
const files = (fieldCases as FieldFile[]).filter(({ kind }) => kind === 'csv');

it.each(files.map((file) => [file.id, file] as const))(
	'a file from the field is read or reported: %s',
	async (id, { input, base64, options = {}, expect: expected }) => {
		const { skipUnreadable, ...others } = options;
		const { error, calls, output } = await runNode({
			simulator,
			files: [{ name: `${id}.csv`, content: Buffer.from(input, base64 ? 'base64' : 'utf8') }],
			set: { ...others, ...(skipUnreadable && { skipUnreadable: true }) },
			clock: stillClock(),
		});
		expect(error?.code).toBe(REPORTED[id]);
		expect(calls.flatMap(({ users }) => users)).toEqual(expected.users);
		expect(output[0]?.invalid ?? 0).toBe(expected.invalid);
	},
);
