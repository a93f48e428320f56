import type { User } from '../contacts/contact';
import { percentEncode } from '../transport/usersPlacement';
import type { UserList } from './packedUsers';

/** The API's own limit for one call. @see https://www.alibabacloud.com/help/en/chatapp */
export const MAX_USERS = 10_000;

/** The most bytes of encoded form body in one call: 2 MiB. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Some of an upload's users, by their indexes in its list: from `start` up to, but not including, `end`. */
export interface Range {
	start: number;
	end: number;
}

/** A range without some of its users. */
export interface RangeSent extends Range {
	/** Indexes of users who asked to be forgotten after the upload was planned; absent for none. */
	leftOut?: readonly number[];
}

/** The number of users in the ranges. */
export function countUsers(ranges: RangeSent[]): number {
	return ranges.reduce(
		(sum, { start, end, leftOut = [] }) => sum + end - start - leftOut.length,
		0,
	);
}

/** The parts of a range that were sent. */
export function partsOf({ start, end, leftOut = [] }: RangeSent): Range[] {
	const ends = [...leftOut, end];
	return ends
		.map((to, index) => ({
			start: index === 0 ? start : (ends[index - 1] as number) + 1,
			end: to,
		}))
		.filter((part) => part.end > part.start);
}

/** The part of a range between two indexes. */
export function clipped(
	{ start, end, leftOut = [] }: RangeSent,
	from: number,
	to: number,
): RangeSent {
	const at = { start: Math.max(start, from), end: Math.max(start, from, Math.min(end, to)) };
	return { ...at, leftOut: leftOut.filter((index) => index >= at.start && index < at.end) };
}

/** The limits of one call. */
export interface BatchLimits {
	/** The most users in one call. */
	batchSize: number;
	/** The most bytes of encoded users; 2 MiB if absent. A call has at least one user, whatever its size. */
	maxBytes?: number;
	/** Maps a user's index to its contact, whose users stay in one batch if they fit; absent where each has one user. */
	contactAt?(index: number): number;
}

/** A range with its users, without those that are left out. */
export interface Batch extends RangeSent {
	users: User[];
}

/** The bytes that a user takes in the form body, with the comma that follows it. */
function encodedBytes({ Email, Phone }: User): number {
	const bytes = EMPTY_USER + ENCODED_COMMA;
	if (Email === undefined)
		return Phone === undefined ? bytes : bytes + PHONE_KEY + textBytes(Phone);
	if (Phone === undefined) return bytes + EMAIL_KEY + textBytes(Email);
	return bytes + EMAIL_KEY + textBytes(Email) + ENCODED_COMMA + PHONE_KEY + textBytes(Phone);
}

function encoded(value: unknown): string {
	return percentEncode(JSON.stringify(value));
}

const EMPTY_TEXT = encoded('').length;
const EMPTY_USER = encoded({}).length;
const EMAIL_KEY = encoded({ Email: '' }).length - EMPTY_USER - EMPTY_TEXT;
const PHONE_KEY = encoded({ Phone: '' }).length - EMPTY_USER - EMPTY_TEXT;
const ENCODED_COMMA = 3;
const ENCODED_AT = 3;
const FRAME = 'Users=%5B%5D'.length;
/** The fewest bytes that a user takes. */
const SMALLEST_USER = EMPTY_USER + Math.min(EMAIL_KEY, PHONE_KEY) + EMPTY_TEXT + ENCODED_COMMA;
// For speed: almost all users consist of characters that don't need encoding, and one @.
const PLAIN = /^[\w.-]*$/;
const PLAIN_EMAIL = /^[\w.-]+@[\w.-]+$/;

function textBytes(text: string): number {
	if (PLAIN_EMAIL.test(text)) return EMPTY_TEXT + text.length - 1 + ENCODED_AT;
	return PLAIN.test(text) ? EMPTY_TEXT + text.length : encoded(text).length;
}

/** The bytes of a call's form body. */
export function bodyBytes(users: User[]): number {
	// The last user has no comma after it.
	const frame = users.length > 0 ? FRAME - ENCODED_COMMA : FRAME;
	return users.reduce((sum, user) => sum + encodedBytes(user), frame);
}

/**
 * A call's form body: `Users` with the users' JSON, encoded as the SDK does.
 * It is written byte by byte, because building the JSON as a string and encoding it takes four times as long. V8 also
 * keeps strings of more than 128 KB until a full garbage collection, so the bodies for a million users took 100 MB.
 */
export function usersBody(users: User[]): Buffer {
	const body = Buffer.allocUnsafeSlow(bodyBytes(users));
	let end = copy(START, body, 0);
	users.forEach(({ Email, Phone }, index) => {
		end = copy(index > 0 ? NEXT_USER : USER, body, end);
		if (Email !== undefined) end = writeText(Email, body, copy(EMAIL, body, end));
		if (Email !== undefined && Phone !== undefined) end = copy(COMMA, body, end);
		if (Phone !== undefined) end = writeText(Phone, body, copy(PHONE, body, end));
		end = copy(USER_END, body, end);
	});
	copy(END, body, end);
	return body;
}

const START = Buffer.from('Users=%5B');
const USER = Buffer.from('%7B');
const NEXT_USER = Buffer.from('%2C%7B');
const EMAIL = Buffer.from('%22Email%22%3A');
const PHONE = Buffer.from('%22Phone%22%3A');
const COMMA = Buffer.from('%2C');
const USER_END = Buffer.from('%7D');
const END = Buffer.from('%5D');
const QUOTED = Buffer.from('%22');
const AT = '@'.charCodeAt(0);
const AT_SIGN = Buffer.from('%40');
/** 1 for the ASCII characters that stay as they are. */
const AS_IS = Uint8Array.from({ length: 128 }, (_, code) =>
	Number(/[\w.~-]/.test(String.fromCharCode(code))),
);

/** @returns where the text ends */
function writeText(text: string, body: Buffer, start: number): number {
	let end = copy(QUOTED, body, start);
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (AS_IS[code] === 1) body[end++] = code;
		else if (code === AT) end = copy(AT_SIGN, body, end);
		else return start + body.write(encoded(text), start, 'latin1');
	}
	return copy(QUOTED, body, end);
}

// For a few bytes, a loop is faster than the buffer's `copy` method.
function copy(bytes: Uint8Array, body: Buffer, start: number): number {
	for (let index = 0; index < bytes.length; index++) {
		body[start + index] = bytes[index] as number;
	}
	return start + bytes.length;
}

/**
 * The next batch: as many users from `start` on as fit into one call, at least one.
 * @param limits at most `batchSize` users and `maxBytes` bytes of encoded users per call
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

/**
 * The batch without contacts that have a user to leave out; `leftOut` contains the indexes of all their users,
 * ascending.
 */
export function leaveOut(
	batch: Batch,
	isLeftOut: (user: User) => boolean,
	contactAt = (index: number) => index,
): Batch {
	const { start } = batch;
	const contacts = new Set<number>();
	batch.users.forEach((user, index) => {
		if (isLeftOut(user)) contacts.add(contactAt(start + index));
	});
	if (contacts.size === 0) return batch;
	const isInLeftOut = (index: number) => contacts.has(contactAt(start + index));
	const leftOut = batch.users.flatMap((_, index) => (isInLeftOut(index) ? start + index : []));
	return { ...batch, leftOut, users: batch.users.filter((_, index) => !isInLeftOut(index)) };
}

/** The count without the last contact's users, if some of them would be in the next batch. */
function wholeContacts(start: number, count: number, { contactAt }: BatchLimits): number {
	if (!contactAt) return count;
	const next = contactAt(start + count);
	let whole = count;
	while (whole > 0 && contactAt(start + whole - 1) === next) whole--;
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
