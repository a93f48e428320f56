import type { User } from '../contacts/contact';
import type { UserList } from './packedUsers';

/** The API's own limit for one call. @see https://www.alibabacloud.com/help/en/chatapp */
export const MAX_USERS = 10_000;

/** The most bytes of encoded form body in one call: 2 MiB. */
export const MAX_BYTES = 2 * 1024 * 1024;

/** Some of an upload's users, as places in its list: from `start` up to but not including `end`. */
export interface Range {
	start: number;
	end: number;
}

/** How many users they are together. */
export function usersIn(ranges: Range[]): number {
	return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** What one call may carry. */
export interface BatchLimits {
	/** Users. */
	batchSize: number;
	/** Bytes of the encoded users, at least one of whom goes anyway; 2 MiB when left out. */
	maxBytes?: number;
	/** Which contact the user at a place belongs to, whose users stay in one batch if they fit; absent where each has one. */
	contactOf?(place: number): number;
}

/** A range with its users. */
export interface Batch extends Range {
	users: User[];
}

/** The bytes that a user takes in the form body, with the comma that follows it. */
export function encodedBytes({ Email, Phone }: User): number {
	const bytes = EMPTY_USER + ENCODED_COMMA;
	if (Email === undefined)
		return Phone === undefined ? bytes : bytes + PHONE_KEY + textBytes(Phone);
	if (Phone === undefined) return bytes + EMAIL_KEY + textBytes(Email);
	return bytes + EMAIL_KEY + textBytes(Email) + ENCODED_COMMA + PHONE_KEY + textBytes(Phone);
}

// As the transport encodes bodies and URLs: !'()* take three bytes each, too.
const encodedLength = (value: unknown) =>
	encodeURIComponent(JSON.stringify(value)).replace(/[!'()*]/g, '%XX').length;
const EMPTY_TEXT = encodedLength('');
const EMPTY_USER = encodedLength({});
const EMAIL_KEY = encodedLength({ Email: '' }) - EMPTY_USER - EMPTY_TEXT;
const PHONE_KEY = encodedLength({ Phone: '' }) - EMPTY_USER - EMPTY_TEXT;
const ENCODED_COMMA = 3;
const ENCODED_AT = 3;
const FRAME = 'Users=%5B%5D'.length;
/** No user takes less. */
const SMALLEST_USER = EMPTY_USER + Math.min(EMAIL_KEY, PHONE_KEY) + EMPTY_TEXT + ENCODED_COMMA;
// Every user of an upload is counted, and nearly all consist of characters that stay as they are, and one @.
const PLAIN = /^[\w.-]*$/;
const PLAIN_ADDRESS = /^[\w.-]+@[\w.-]+$/;

function textBytes(text: string): number {
	if (PLAIN_ADDRESS.test(text)) return EMPTY_TEXT + text.length - 1 + ENCODED_AT;
	return PLAIN.test(text) ? EMPTY_TEXT + text.length : encodedLength(text);
}

/** The bytes of a call's form body. */
export function bodyBytes(users: User[]): number {
	return users.reduce(
		(sum, user) => sum + encodedBytes(user),
		FRAME - (users.length && ENCODED_COMMA),
	);
}

/**
 * The next batch: as many users from `start` on as fit into one call, at least one.
 * @param limits `batchSize` users and `maxBytes` of encoded users a call at most
 */
export function nextBatch(list: UserList, start: number, limits: BatchLimits): Batch {
	const { batchSize, maxBytes = MAX_BYTES } = limits;
	const most = Math.min(batchSize, Math.ceil(maxBytes / SMALLEST_USER));
	const users = list.slice(start, Math.min(list.length, start + most));
	let count = 0;
	for (let bytes = FRAME - ENCODED_COMMA; count < users.length; count++) {
		bytes += encodedBytes(users[count] as User);
		if (bytes > maxBytes && count > 0) break;
	}
	if (start + count < list.length) count = wholeContacts(start, count, limits);
	return { start, end: start + count, users: users.slice(0, count) };
}

/** Fewer users, if the last contact's others would not be in the same batch. */
function wholeContacts(start: number, count: number, { contactOf }: BatchLimits): number {
	if (!contactOf) return count;
	const next = contactOf(start + count);
	let whole = count;
	while (whole > 0 && contactOf(start + whole - 1) === next) whole--;
	return whole === 0 ? count : whole;
}

/** All of an upload's batches, in the order of its users. */
export function* planBatches(users: UserList, limits: BatchLimits): Generator<Batch> {
	for (let start = 0; start < users.length; ) {
		const batch = nextBatch(users, start, limits);
		yield batch;
		start = batch.end;
	}
}
