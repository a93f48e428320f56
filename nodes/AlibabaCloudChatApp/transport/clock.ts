import { randomUUID } from 'node:crypto';
import { sleep } from 'n8n-workflow';

/** Time and randomness as the node uses them, to be handed in so that no test has to wait. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** @param ms milliseconds */
	sleep(ms: number): Promise<void>;
	/** A signal that is aborted when `ms` milliseconds have passed; real time when absent. */
	timer?(ms: number): AbortSignal;
	/** At least 0, below 1. */
	random(): number;
	/** A value that no other request has. */
	nonce(): string;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	sleep,
	random: () => Math.random(),
	nonce: () => randomUUID(),
};
