import { UserError } from 'n8n-workflow';

// Missing in an n8n that is too old, where this file has to load all the same: the node says so when it runs.
const Base = (UserError as typeof UserError | undefined) ?? Error;

/** A value of a credential or a parameter that can't be used: what is wrong with it, and what to do. */
export class UnusableValue extends Base {
	readonly told: { code: string; what: string; fix: string };

	/** Both without their last full stop. */
	constructor(what: string, fix: string) {
		super(`${what}. ${fix}`);
		this.told = { code: 'parameter', what, fix };
	}
}
