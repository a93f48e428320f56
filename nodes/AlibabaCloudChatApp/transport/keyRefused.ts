import type { Refusal } from './errors';

/** Why there is no key to sign with: the call that was to give one was refused. */
export class KeyRefused extends Error {
	constructor(readonly refusal: Refusal) {
		super(refusal.message);
	}
}
