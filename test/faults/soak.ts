import type { Summary } from '../../nodes/AlibabaCloudChatApp/upload/summary';
import { runNode } from '../engine/runNode';
import { type Simulator, startSimulator } from '../simulator/simulator';
import { FAULTS } from './faultTable';
import { clockWithoutWaiting } from './runCase';

const UPLOADS = 200;
const USERS = 5000;
const BATCH_SIZE = 500;
const FAULTY = 0.1;
const FIRST_LOOK = 50;
const MOST_GROWTH = 1.1;

// A silent server would cost its timeout in real time at every tenth call.
const QUICK = FAULTS.filter(({ fault }) => fault.kind !== 'silence' && fault.kind !== 'slow');

/** Hundreds of uploads, one after the other, every tenth request with a fault: no user is lost, no memory is kept. */
async function main(): Promise<number> {
	const { gc } = globalThis;
	if (!gc) throw new Error('Start it with npm run soak: the heap is measured after a collection');
	const started = Date.now();
	const simulator = await startSimulator();
	const random = generator(Number(process.argv[2] ?? 1));
	const heaps: number[] = [];
	let [calls, faulty, wrong] = [0, 0, 0];
	for (let number = 1; number <= UPLOADS; number++) {
		const one = await upload(simulator, number, random);
		calls += one.calls;
		faulty += one.faulty;
		if (one.wrong !== undefined) {
			wrong++;
			print(`upload ${number}: ${one.wrong}`);
		}
		simulator.reset();
		if (number % FIRST_LOOK !== 0) continue;
		await gc({ type: 'major', execution: 'async' });
		heaps.push(process.memoryUsage().heapUsed);
		print(`after ${number} uploads: heap ${megabytes(heaps.at(-1))} MB`);
	}
	await simulator.close();
	const growth = (heaps.at(-1) ?? 0) / (heaps[0] ?? 1);
	const seconds = ((Date.now() - started) / 1000).toFixed(0);
	print(
		`${UPLOADS} uploads of ${USERS} users, ${calls} calls, ${faulty} with a fault, ${wrong} wrong results, ${seconds} s`,
	);
	print(`heap at the last ${growth.toFixed(3)} times that at upload ${FIRST_LOOK}`);
	return wrong === 0 && growth <= MOST_GROWTH ? 0 : 1;
}

async function upload(simulator: Simulator, number: number, random: () => number) {
	let faulty = 0;
	const chosen = new Map<number, number>();
	const faultOf = (n: number) => {
		if (!chosen.has(n)) {
			chosen.set(n, random() < FAULTY ? Math.floor(random() * QUICK.length) : -1);
			if (chosen.get(n) !== -1) faulty++;
		}
		return chosen.get(n);
	};
	QUICK.forEach(({ fault }, index) => simulator.misbehave((n) => faultOf(n) === index, fault));
	const contacts = Array.from({ length: USERS }, (_, index) => ({
		email: `user${number}.${index}@example.com`,
	}));
	const { output, error } = await runNode({
		simulator,
		items: contacts,
		onError: 'continue',
		clock: clockWithoutWaiting(),
		set: { batchSize: BATCH_SIZE },
	});
	const summary = output[0] as Partial<Summary> as Summary | undefined;
	const wrong = error ? error.message : summary ? untrue(summary, simulator) : 'no summary';
	return { calls: simulator.attempts.length, faulty, wrong };
}

function untrue(summary: Summary, { uploads }: Simulator): string | undefined {
	const { received, submitted, failed } = summary;
	const batches = uploads.flatMap((one) => one.batches).filter((batch) => batch.acknowledged);
	const acknowledged = new Set(batches.flatMap(({ users }) => users.map(({ Email }) => Email)));
	if (received === USERS && submitted + failed === USERS && acknowledged.size === submitted)
		return undefined;
	return `received ${received}, submitted ${submitted}, failed ${failed}, acknowledged ${acknowledged.size}`;
}

/** A small generator of numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

function megabytes(bytes = 0): string {
	return (bytes / 1024 / 1024).toFixed(1);
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`${String(error)}\n`);
		process.exit(1);
	},
);
