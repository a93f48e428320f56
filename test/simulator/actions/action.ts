import type { AccessKey, User } from '../contract';
import type { Keyring } from '../keyring';
import type { Matches } from '../matches';
import type { Parameters } from '../parameters';
import type { World } from '../world';

export interface ActionContext {
	parameters: Parameters;
	key: AccessKey;
	world: World;
	keyring: Keyring;
	matches: Matches;
	/** Milliseconds since 1970. */
	now: number;
}

/** An action of the API: its table of parameters, and what it does. */
export interface Action {
	version: string;
	/** RAM action, e.g. `cams:ListInstance`. */
	permission: string;
	required: string[];
	optional: string[];
	/**
	 * Reads and checks the parameters; changes nothing.
	 * @throws Refusal
	 * @returns what to do for a call that is received: gives the answer's own fields
	 */
	prepare(context: ActionContext): Prepared;
}

export interface Prepared {
	run(): Record<string, unknown>;
	/** Set by AddCustomAudienceUser: what the ledger keeps. */
	upload?: { users: User[]; last: boolean | undefined; total: number | undefined };
}

export const CAMS_VERSION = '2020-06-06';
export const STS_VERSION = '2015-04-01';
