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

	/** How long, in milliseconds, the slowest answer took of those asked for between two moments, up to the second. */
	slowest(from: number, until: number): number {
		const within = this.probes.filter(({ sent }) => sent >= from && sent <= until);
		if (within.length === 0) throw new Error('Nobody asked meanwhile');
		return Math.max(...within.map(({ sent, answered }) => Math.min(answered, until) - sent));
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
