import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import payloads from './recorded-payloads.json';

const simulator = useSimulator();

interface Payload {
	system: string;
	/** Items as n8n's node returns them, written from the vendor's documentation. */
	items: IDataObject[];
	/** The users that are sent, in order, and no others. */
	sent: Array<{ Email?: string; Phone?: string }>;
	invalidReasons?: Record<string, number>;
	optedOut?: Record<string, number>;
	/** The items contain only an ID: the node that the error says to add. */
	addNode?: string;
}

const named = (payloads as Payload[]).map((one) => [one.system, one] as const);
const run = async (items: IDataObject[]) =>
	await runNode({ simulator, items, set: { underMinimum: 'warn' }, clock: stillClock() });

it.each(named.filter(([, { addNode }]) => !addNode))(
	'%s: the contact is sent, and no one else',
	async (_, { items, sent, invalidReasons = {}, optedOut }) => {
		const { output } = await run(items);
		expect(simulator.attempts.flatMap(({ users = [] }) => users)).toEqual(sent);
		expect(output).toMatchObject([{ submitted: sent.length, complete: true, invalidReasons }]);
		expect(output[0]?.optedOut).toEqual(optedOut);
	},
);

it.each(named.filter(([, { addNode }]) => addNode))(
	'%s: nothing is sent, and the error names the node that gets the contact',
	async (_, { items, addNode }) => {
		const { error } = await run(items);
		expect(error?.message).toContain('The items contain no contact, only');
		expect(error?.description).toContain(addNode);
		expect(simulator.attempts).toEqual([]);
	},
);
