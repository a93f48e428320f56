import type { User } from '../contacts/contact';

/** The users of a submission, in order: an array, or a form that takes less room. */
export interface UserList {
	readonly length: number;
	slice(start: number, end: number): User[];
}

/** A list of users that grows while contacts are surveyed. */
export interface GrowingUserList extends UserList {
	/** @returns false when the list takes no user twice and has this one already */
	push(user: User): unknown;
}
