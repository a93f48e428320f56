import type { User } from '../contacts/contact';

/** The API's own limit for one call. @see https://www.alibabacloud.com/help/en/chatapp */
export const MAX_USERS = 10_000;

/** The most bytes of encoded form body in one call: 2 MiB. */
export const MAX_BYTES = 2 * 1024 * 1024;

/** Some of a submission's users, as places in its list: from `start` up to but not including `end`. */
export interface Range {
	start: number;
	end: number;
}

/** The bytes that a user takes in the form body, with the comma that follows it. */
export function encodedBytes(user: User): number {
	return encodeURIComponent(JSON.stringify(user)).length + ENCODED_COMMA;
}

const ENCODED_COMMA = 3;
const FRAME = 'Users=%5B%5D'.length;

/** The bytes of a call's form body. */
export function bodyBytes(users: User[]): number {
	return users.reduce(
		(sum, user) => sum + encodedBytes(user),
		FRAME - (users.length && ENCODED_COMMA),
	);
}

/**
 * The next batch: as many users from `start` on as fit into one call, at least one.
 * @param batchSize users a call at most
 */
export function nextBatch(users: User[], start: number, batchSize: number): Range {
	const most = Math.min(users.length, start + batchSize);
	let end = start;
	for (let bytes = FRAME - ENCODED_COMMA; end < most; end++) {
		bytes += encodedBytes(users[end] as User);
		if (bytes > MAX_BYTES && end > start) break;
	}
	return { start, end };
}

/** All of a submission's batches, in the order of its users. */
export function planBatches(users: User[], batchSize: number): Range[] {
	const batches: Range[] = [];
	for (let start = 0; start < users.length; ) {
		const batch = nextBatch(users, start, batchSize);
		batches.push(batch);
		start = batch.end;
	}
	return batches;
}
