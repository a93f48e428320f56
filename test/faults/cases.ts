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
}

const LENGTHS: Record<Effect, Length[]> = {
	retried: ['once', 'batch', 'outage'],
	rejected: ['once', 'outage'],
	access: ['once', 'outage'],
	halved: ['once', 'outage'],
};

/** Every fault at every position, under every 'On Error' and for both outputs, of items or of a file. */
export function allCases(source?: FaultCase['source']): FaultCase[] {
	return FAULTS.flatMap((named) =>
		LENGTHS[named.effect].flatMap((length) =>
			(['first', 'middle', 'last'] as const).flatMap((position) =>
				(['stop', 'continue', 'output'] as const).flatMap((onError) =>
					(['summary', 'users'] as const).map((output) => ({
						...named,
						length,
						position,
						onError,
						output,
						source,
					})),
				),
			),
		),
	);
}

/** A case in a line, to be found again. */
export function nameOf({ name, length, position, onError, output, source }: FaultCase): string {
	return `${name} · ${length} · ${position} batch · ${onError} · ${output} · ${source ?? 'items'}`;
}
