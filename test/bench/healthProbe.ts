import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 20;

interface Probe {
	sent: number;
	answered: number;
}

/** Asks n8n's `/healthz` until it is stopped, each time 20 ms after the last answer. */
export class HealthProbe {
	private readonly probes: Probe[] = [];
	private goesOn = true;
	private readonly end: Promise<void>;

	constructor(private readonly url: string) {
		this.end = this.askOnAndOn();
	}

	async stop(): Promise<void> {
		this.goesOn = false;
		await this.end;
	}

	/** How long, in milliseconds, an answer was waited for at most between two moments. */
	slowest(from: number, until: number): number {
		const waits = this.probes.map(
			({ sent, answered }) => Math.min(answered, until) - Math.max(sent, from),
		);
		return Math.max(0, ...waits);
	}

	// One after the other, as whatever watches over an n8n asks: many at once would wait for each other.
	private async askOnAndOn(): Promise<void> {
		while (this.goesOn) {
			const sent = Date.now();
			// A probe that is given up took at least as long.
			await fetch(`${this.url}/healthz`).catch(() => undefined);
			this.probes.push({ sent, answered: Date.now() });
			await sleep(EVERY_MS);
		}
	}
}
