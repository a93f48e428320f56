import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

const COUNT = 650;
const FIRST_NAMES = ['Ada', 'Bruno', 'Chloe', 'Dara', 'Emil', 'Fatima', 'Grace', 'Hugo', 'Ines'];
const LAST_NAMES = ['Abel', 'Brooks', 'Cruz', 'Dunn', 'Evans', 'Fischer', 'Gray', 'Hill'];

interface Place {
	country: string;
	/** A phone number from a range that is reserved for fiction; `n` has up to two digits. */
	phone: (n: number) => string;
}

/** No range of these countries is reserved for fiction, so their contacts have only an email. */
const emailOnly = (country: string): Place => ({ country, phone: () => '' });

const PLACES: readonly Place[] = [
	{ country: 'USA', phone: (n) => `(212) 555-01${pad(n)}` },
	{ country: 'USA', phone: (n) => `+1 415 555 01${pad(n)}` },
	emailOnly('Brazil'),
	emailOnly('India'),
	emailOnly('Mexico'),
	emailOnly('Singapore'),
];

/** A country where Meta doesn't deliver marketing messages. */
const GERMANY: Place = { country: 'Germany', phone: (n) => `030 231251${pad(n)}` };

/** The 59 customers of the Chinook database. */
export function chinookCustomers(): IDataObject[] {
	return JSON.parse(
		readFileSync(join(__dirname, 'chinook-customers.json'), 'utf8'),
	) as IDataObject[];
}

/** A list like a CRM's export: Chinook's customers, then generated ones. Some are invalid, duplicate, or opted out. */
export function sampleContacts(): IDataObject[] {
	const customers = chinookCustomers();
	const generated = Array.from({ length: COUNT - customers.length }, (_, index) =>
		generate(customers.length + index + 1),
	);
	return [...customers, ...generated];
}

function generate(id: number): IDataObject {
	const first = pick(FIRST_NAMES, id);
	const last = pick(LAST_NAMES, id);
	const { country, phone } = id % 20 === 3 ? GERMANY : pick(PLACES, id);
	const contact = {
		CustomerId: id,
		FirstName: first,
		LastName: last,
		Country: country,
		Phone: phone(id % 100),
		Email: `${first}.${last}.${id}@example.com`,
		HasOptedOutOfEmail: id % 40 === 0,
	};
	if (id % 50 === 10) return { ...contact, Email: 'unknown', Phone: '' };
	if (id % 50 === 30) return { ...contact, Email: `${first}.${last}.example.com`, Phone: '555' };
	// The email of an earlier contact, as happens when people register twice.
	if (id % 60 === 45) return { ...contact, Email: 'LuisG@embraer.com.br', Phone: '' };
	return contact;
}

function pick<T>(list: readonly T[], id: number): T {
	return list[id % list.length] as T;
}

function pad(n: number): string {
	return String(n).padStart(2, '0');
}
