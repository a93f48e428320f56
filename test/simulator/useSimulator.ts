import type { SimulatorOptions } from './contract';
import { startSimulator, type Simulator } from './simulator';

/**
 * Runs one simulator for all tests of a file, reset before each of them.
 * @returns what stands for it: its members can be used once the first test or hook runs
 */
export function useSimulator(options: SimulatorOptions = {}): Simulator {
	let running: Simulator | undefined;
	beforeAll(async () => {
		running = await startSimulator(options);
	});
	beforeEach(() => running?.reset());
	afterAll(async () => await running?.close());
	return new Proxy({} as Simulator, {
		get(_, name) {
			if (!running) throw new Error('The simulator runs only while tests do');
			return Reflect.get(running, name) as unknown;
		},
	});
}
