import { FAULTS, type Effect, type NamedFault } from './faultTable';

/** How long it goes on: one call, all tries of one batch, or every call from then on. */
export type Length = 'once' | 'batch' | 'outage';

export interface FaultCase extends NamedFault {
	length: Length;
	/** The batch that it begins with. */
	position: 'first' | 'middle' | 'last';
	onError: 'stop' | 'continue' | 'output';
	output: 'summary' | 'users';
	/** Absent for items. */
	source?: 'file';
	/** Where the calls carry the users. */
	usersIn: 'body' | 'query';
}

const LENGTHS: Record<Effect, Length[]> = {
	retried: ['once', 'batch', 'outage'],
	rejected: ['once', 'outage'],
	access: ['once', 'outage'],
	halved: ['once', 'outage'],
};

/** Every fault at every position, under every 'On Error', for both outputs and both placements of the users, from items or a file. */
export function allCases(source?: FaultCase['source']): FaultCase[] {
	return FAULTS.flatMap((named) =>
		LENGTHS[named.effect].flatMap((length) =>
			(['first', 'middle', 'last'] as const).flatMap((position) =>
				(['stop', 'continue', 'output'] as const).flatMap((onError) =>
					(['summary', 'users'] as const).flatMap((output) =>
						(['body', 'query'] as const).map((usersIn) => ({
							...named,
							length,
							position,
							onError,
							output,
							usersIn,
							source,
						})),
					),
				),
			),
		),
	);
}

/** A case in a line, to be found again. */
export function nameOf(one: FaultCase): string {
	const { name, length, position, onError, output, usersIn, source = 'items' } = one;
	return `${name} · ${length} · ${position} batch · ${onError} · ${output} · ${usersIn} · ${source}`;
}
