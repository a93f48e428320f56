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

/** By audience: when a session began that further runs go on with. */
const open = new Map<string, number>();
const MOST_OPEN = 1000;

/** When an earlier run of this process began the audience's session, in milliseconds since 1970. */
export function openSessionOf(audience: string): number | undefined {
	return open.get(audience);
}

/** Keeps the audience's session for further runs. @param begunAt undefined for none, or one that is closed */
export function keepOpenSession(audience: string, begunAt: number | undefined): void {
	open.delete(audience);
	if (begunAt === undefined) return;
	open.set(audience, begunAt);
	const [oldest] = open.keys();
	if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
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
