import { call } from './ask';
import { IDS, send, signed } from './signedClient';
import type { Fault } from './simulator';
import { useSimulator } from './useSimulator';

const simulator = useSimulator();

describe('a fault chooses its calls', () => {
	const fault: Fault = { kind: 'empty', status: 500 };
	async function statuses(count: number): Promise<number[]> {
		for (let n = 0; n < count; n++) await send(simulator, signed());
		return simulator.requests.map(({ status }) => status);
	}

	test('by their numbers', async () => {
		simulator.misbehave([1, 3], fault);
		expect(await statuses(4)).toEqual([500, 200, 500, 200]);
	});

	test('by a function', async () => {
		simulator.misbehave((n, action) => n % 2 === 0 && action === 'AddCustomAudienceUser', fault);
		expect(await statuses(4)).toEqual([200, 500, 200, 500]);
	});

	test('by action, each counted apart', async () => {
		simulator.misbehave(2, fault, 'ListInstance');
		await send(simulator, signed());
		const query = { ChannelType: 'messenger', PageIndex: '1', PageSize: '1' };
		for (let n = 0; n < 2; n++) await send(simulator, signed({ action: 'ListInstance', query }));
		expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 500]);
	});

	test('with the latest rule first, from 1 again after a reset', async () => {
		simulator.misbehave(() => true, fault);
		simulator.misbehave(1, { kind: 'empty', status: 503 });
		expect(await statuses(2)).toEqual([503, 500]);
		simulator.reset();
		simulator.misbehave(1, fault);
		expect(await statuses(2)).toEqual([500, 200]);
	});

	test('but leaves the refusal of a wrong call as it is', async () => {
		simulator.misbehave(1, fault);
		const refusal = call(simulator, { query: { ...IDS, BatchLastFlag: 'x' } });
		await expect(refusal).resolves.toMatchObject({ status: 400 });
	});
});
