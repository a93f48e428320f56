import { startSimulator, type Simulator, type SimulatorOptions } from './simulator';

/**
 * Runs one simulator for all tests of a file, reset before each of them.
 * @returns the simulator; use its members in tests and hooks only
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
