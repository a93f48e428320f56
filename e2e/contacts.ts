export interface Contact {
	name: string;
	email: string;
	phone?: string;
	country: string;
}

/** The email of any of them. */
export const CONTACT_EMAIL = /contact\d+@example\.com/;

/**
 * Invented contacts, numbered from `first`; every tenth has a phone number too.
 * The numbers are those that the UK's regulator keeps free for drama: a thousand, then they repeat.
 */
export function contacts(count: number, first = 1): Contact[] {
	return Array.from({ length: count }, (_, index) => contact(first + index));
}

function contact(n: number): Contact {
	return {
		name: `Contact ${n}`,
		email: `contact${n}@example.com`,
		...(n % 10 === 0 && { phone: `07700 900${String((n / 10) % 1000).padStart(3, '0')}` }),
		country: 'GB',
	};
}

/** A contact that can't be sent: its email is no address. */
export function unusable(n: number): Contact {
	return { name: `Contact ${n}`, email: `contact${n} at example`, country: 'GB' };
}
