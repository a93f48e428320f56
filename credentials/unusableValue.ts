import { UserError } from 'n8n-workflow';

/** A value of a credential or a parameter that can't be used: what is wrong with it, and what to do. */
export class UnusableValue extends UserError {
	readonly told: { code: string; what: string; fix: string };

	/** Both without their last full stop. */
	constructor(what: string, fix: string) {
		super(`${what}. ${fix}`);
		this.told = { code: 'parameter', what, fix };
	}
}
