/** Milliseconds a call is expected to take as long as none was measured. */
const UNKNOWN = 1000;
/** How much of the pace is the newest call's. */
const NEWEST = 0.2;

const paces = new Map<string, number>();

/** How long a call takes at the moment, its retries and waits included, as this process has measured it. */
export class Pace {
	/** @param name of the endpoint and the kind of call */
	constructor(private readonly name: string) {}

	/** Milliseconds a call. */
	get current(): number {
		return paces.get(this.name) ?? UNKNOWN;
	}

	/** @param ms milliseconds that a call took */
	note(ms: number): void {
		const before = paces.get(this.name) ?? ms;
		paces.set(this.name, before + (ms - before) * NEWEST);
	}
}
