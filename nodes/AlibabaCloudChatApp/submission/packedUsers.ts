import type { User } from '../contacts/contact';
import { PackedTexts } from './packedTexts';

/**
 * A list of users that takes little room: about 45 bytes for an email and a phone number, and 25 to know duplicates.
 * Objects and sets of strings take some 400.
 */
export class PackedUsers {
	private readonly emails: PackedTexts;
	private readonly phones: PackedTexts;
	private count = 0;

	/** @param options `unique`: whether users are left out who add no identifier to the list */
	constructor(options: { unique: boolean }) {
		this.emails = new PackedTexts(options);
		this.phones = new PackedTexts(options);
	}

	get length(): number {
		return this.count;
	}

	/** Appends a user. @returns false when it was left out */
	push({ Email, Phone }: User): boolean {
		const addsEmail = this.emails.push(Email);
		const addsPhone = this.phones.push(Phone);
		if (addsEmail || addsPhone) return ++this.count > 0;
		this.emails.pop();
		this.phones.pop();
		return false;
	}

	slice(start: number, end: number): User[] {
		const users: User[] = [];
		for (let index = start; index < Math.min(end, this.count); index++) {
			const user: User = {};
			const email = this.emails.at(index);
			const phone = this.phones.at(index);
			if (email !== undefined) user.Email = email;
			if (phone !== undefined) user.Phone = phone;
			users.push(user);
		}
		return users;
	}
}
