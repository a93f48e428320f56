import type { Pause } from '../async';
import {
	type Cleaned,
	type CleaningOptions,
	hasSeveralIdentifiers,
	plainUsersOf,
	type Contact,
	type User,
	withHash,
} from '../contacts/contact';
import type { ReasonCode } from '../contacts/reasons';
import { NumberList, type UserList } from './packedUsers';

const SCANNED = 1000;
/**
 * The hex digits of a hash that fit into a number. Two of two million identifiers are very unlikely to have the same
 * ones.
 */
const DIGITS = 13;

/** Which emails and phones belong to one person: two contacts that share an email or a phone are the same person. */
class People {
	/** The number of each identifier, by the first digits of its hash. */
	private readonly numbers = new Map<number, number>();
	/** For each identifier, another one of the same person; the last one in a chain points to itself. */
	private readonly next = new NumberList();

	/** Records that these identifiers belong to one person, and merges people who have one of them. */
	join(identifiers: readonly string[]): void {
		if (identifiers.length < 2) return;
		const [first, ...others] = identifiers.map((each) => this.lastOf(this.numberOf(each)));
		for (const other of others) this.next.set(this.lastOf(other), this.lastOf(first as number));
	}

	/**
	 * A number that all identifiers of a person have in common; undefined if the identifier was never joined with
	 * another.
	 */
	personOf(identifier: string): number | undefined {
		const number = this.numbers.get(keyOf(identifier));
		return number === undefined ? undefined : this.lastOf(number);
	}

	private numberOf(identifier: string): number {
		const key = keyOf(identifier);
		const known = this.numbers.get(key);
		if (known !== undefined) return known;
		const number = this.next.length;
		this.next.push(number);
		this.numbers.set(key, number);
		return number;
	}

	private lastOf(number: number): number {
		let at = number;
		for (let next = this.at(at); next !== at; next = this.at(at)) {
			// Shortens the path for the next search.
			this.next.set(at, this.at(next));
			at = next;
		}
		return at;
	}

	private at(number: number): number {
		return this.next.at(number) as number;
	}
}

function keyOf(identifier: string): number {
	return parseInt(withHash(identifier, 'sha256').slice(0, DIGITS), 16);
}

/** The reasons why a contact isn't sent although its identifiers may be valid, except opt-outs. */
export const REASONS_WITH_IDENTIFIERS = new Set<ReasonCode>([
	'country_not_messageable',
	'no_consent',
]);

function hasUnsentIdentifier(contact: Contact, cleaned: Cleaned): boolean {
	const hasBoth = contact.email !== undefined && contact.phone !== undefined;
	return ('reason' in cleaned && hasBoth) || hasSeveralIdentifiers(contact);
}

/**
 * The people in a run who opted out, and the fields in which they did. The same person may also be in another row or
 * another file, without the opt-out and with a different identifier.
 */
export class OptOuts {
	/** By identifier, both as given and as a hash. */
	private readonly fields = new Map<string, string>();
	/** Whether some identifiers were given as hashes, so others must be hashed to compare them. */
	private isAnyHash = false;
	/** Whether contacts have identifiers that aren't among the users. */
	private isAnyUnsent = false;
	private people?: People;
	/** By person, once all contacts have been read again. */
	private fieldsOfPeople?: Map<number | undefined, string>;

	/** Whether all contacts are being read again. */
	get isReadingAgain(): boolean {
		return this.people !== undefined;
	}

	/** Notes whether a contact opted out, and which identifiers it has. */
	note(contact: Contact, cleaned: Cleaned, options: CleaningOptions): void {
		const { optedOutBy } = cleaned;
		if (optedOutBy !== undefined) {
			const usersToRemove = 'reason' in cleaned && cleaned.usersToRemove;
			return this.add(usersToRemove || plainUsersOf(contact, options), optedOutBy);
		}
		if ('reason' in cleaned && !REASONS_WITH_IDENTIFIERS.has(cleaned.reason)) return;
		if (!this.people) this.isAnyUnsent ||= hasUnsentIdentifier(contact, cleaned);
		else if (!this.fieldsOfPeople) {
			const hasNoOthers = 'user' in cleaned && !hasSeveralIdentifiers(contact);
			const users = hasNoOthers ? [cleaned.user] : plainUsersOf(contact, options);
			this.people.join(users.flatMap(identifiersOf));
		}
	}

	/** Adds all users of a person. */
	add(users: readonly User[], field: string): void {
		for (const identifier of users.flatMap(identifiersOf)) {
			const hash = withHash(identifier, 'sha256');
			this.isAnyHash ||= hash === identifier;
			this.fields.set(identifier, field).set(hash, field);
		}
	}

	/**
	 * Whether a person who opted out may be among the users, so all contacts must be read again.
	 * @param lists the users of each upload
	 * @throws the cancel signal's reason
	 */
	async needsReading(lists: UserList[], pause: Pause): Promise<boolean> {
		if (this.fields.size === 0) return false;
		if (this.isAnyUnsent) return true;
		for (const users of lists) if (await this.isAnyIn(users, pause)) return true;
		return false;
	}

	/** Call it before reading all contacts again. */
	startReading(): void {
		this.people = new People();
	}

	/**
	 * Call it after reading all contacts again, when it is known which are the same person.
	 * @throws the cancel signal's reason
	 */
	async finishReading(pause: Pause): Promise<void> {
		const fieldsOfPeople = new Map<number | undefined, string>();
		for (const [identifier, field] of this.fields) {
			const person = this.people?.personOf(identifier);
			if (person !== undefined) fieldsOfPeople.set(person, field);
			await pause();
		}
		this.fieldsOfPeople = fieldsOfPeople;
	}

	/** The field in which a user opted out; undefined if no one with one of the user's identifiers did. */
	fieldOf(user: User): string | undefined {
		if (this.fields.size === 0) return undefined;
		for (const identifier of identifiersOf(user)) {
			const field =
				this.fields.get(identifier) ??
				(this.isAnyHash ? this.fields.get(withHash(identifier, 'sha256')) : undefined) ??
				this.fieldsOfPeople?.get(this.people?.personOf(identifier));
			if (field !== undefined) return field;
		}
		return undefined;
	}

	/** Whether one of a list's users belongs to someone who opted out. @throws the cancel signal's reason */
	async isAnyIn(users: UserList, pause: Pause): Promise<boolean> {
		const end = this.fields.size === 0 ? 0 : users.length;
		for (let start = 0; start < end; start += SCANNED) {
			const some = users.slice(start, start + SCANNED);
			if (some.some((user) => this.fieldOf(user) !== undefined)) return true;
			await pause();
		}
		return false;
	}
}

function identifiersOf({ Email, Phone }: User): string[] {
	return [Email, Phone].filter((each) => each !== undefined);
}
