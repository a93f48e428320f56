/** Why a request is refused: HTTP status, Alibaba Cloud's Code and Message, more fields of the answer. */
export class Rejection extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly fields: Record<string, unknown> = {},
	) {
		super(message);
	}
}

/** The refusal of a parameter that isn't there, worded as Alibaba Cloud's gateway words it. */
export function missing(name: string): Rejection {
	return new Rejection(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/** The refusal of a parameter's value; `why` must not quote it, since it may be a contact. */
export function invalid(name: string, why: string): Rejection {
	return new Rejection(400, 'InvalidParameter', `The parameter ${name} is not valid: ${why}.`);
}
