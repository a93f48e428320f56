import { chinookCustomers, sampleContacts } from '../../demo/sampleContacts';
import { runNode } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { MemoryTables } from '../store/memoryTables';

const simulator = useSimulator();

it("the demo's list is sent with default options, without the contacts that must not be", async () => {
	const items = sampleContacts();
	expect(items).toHaveLength(650);
	const { output, error } = await runNode({ simulator, items, tables: new MemoryTables() });
	expect(error).toBeUndefined();
	const [{ submitted, duplicates } = {}] = output;
	expect(duplicates).toBe(10);
	expect(submitted).toBeGreaterThan(500);
	expect(submitted).toBeLessThan(640);
	expect(simulator.uploads).toMatchObject([{ complete: true, mixed: false }]);
});

it("Chinook's customers alone are collected, or sent anyway", async () => {
	const items = chinookCustomers();
	const tables = new MemoryTables();
	const { output } = await runNode({ simulator, items, tables });
	expect(output).toMatchObject([{ received: 59, collected: 59, submitted: 0 }]);
	const sent = await runNode({ simulator, items, set: { underMinimum: 'warn' } });
	expect(sent.output).toMatchObject([{ received: 59, submitted: 59 }]);
});
