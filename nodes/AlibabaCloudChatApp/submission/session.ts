import type { SubmissionPlan } from './delivery';

/** Milliseconds: Meta ends a session so long after its first batch, and drops the batches that come later. */
export const SESSION_LENGTH = 90 * 60_000;

/**
 * What Meta takes as one upload. The API has no ID for it: it begins with the first batch that is accepted, and ends
 * with the last flag or when its time is up. What it took until then is kept.
 */
export interface Session {
	/** Milliseconds since 1970; absent until a batch is accepted. */
	begunAt?: number;
	/** EstimatedNumTotal of its batches; absent when nobody knows it. */
	total?: number;
	/** How many batches of the submission went before it. */
	batchesBefore: number;
}

/** When a session drops what comes, in milliseconds since 1970; undefined while it has not begun. */
export function endOf({ begunAt }: Session): number | undefined {
	return begunAt === undefined ? undefined : begunAt + SESSION_LENGTH;
}

/** Whether a session drops what comes now. */
export function isOver(session: Session, now: number): boolean {
	const end = endOf(session);
	return end !== undefined && now >= end;
}

/**
 * The session for the rest of a submission whose time is up.
 * @param start the first of the users that are left
 */
export function sessionOfRest(
	{ total }: SubmissionPlan,
	left: { start: number; users: number; batchesBefore: number },
): Session {
	const { start, users, batchesBefore } = left;
	if (total === undefined) return { batchesBefore };
	return { batchesBefore, total: Math.max(total, users) - start };
}
