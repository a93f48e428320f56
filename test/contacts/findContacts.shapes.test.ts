import { cleanContact, type Contact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import {
	findContact,
	findContacts,
	isContactPage,
} from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { pageIn } from '../../nodes/AlibabaCloudChatApp/contacts/page';
import documentedShapes from './documented-shapes.json';
import fieldCases from './field-cases.json';
import moreShapes from './more-shapes.json';
import otherPeopleShapes from './other-people-shapes.json';
import payloadShapes from './payload-shapes.json';
import sharedShapes from './shapes.json';
import twoPartyShapes from './two-party-shapes.json';
import variedShapes from './varied-shapes.json';

type Json = Record<string, unknown>;

/** What a system's node or webhook returns, and who is sent of it. */
interface Shape {
	system: string;
	json: Json;
	options?: { defaultCountry?: string };
	expect?: { Email?: string; Phone?: string } | null;
	/** The contact said no to marketing. */
	optedOut?: boolean;
	/** A page of so many contacts. */
	contacts?: number;
	/** Who is sent of the page, where the file says so. */
	users?: Array<{ Email?: string; Phone?: string } | null>;
	emptyPage?: boolean;
	/** It contains an ID and nothing else about a person. */
	idsOnly?: boolean;
	/** Keys that say nothing contain an email or a phone. */
	unnamed?: boolean;
}

const shapes = [
	...sharedShapes,
	...moreShapes,
	...documentedShapes,
	...otherPeopleShapes,
	...payloadShapes,
	...(twoPartyShapes as unknown as Shape[]),
	...(variedShapes as unknown as Shape[]),
] as Shape[];
const named = (some: Shape[]) => some.map((shape) => [shape.system, shape] as const);

function contactsOf(json: Json): Contact[] {
	const found = findContacts(json);
	return isContactPage(found) ? found.entries.map((entry) => found.readEntry(entry)) : [found];
}

function usersOf(json: Json, options: Shape['options']) {
	return contactsOf(json).map((contact) => {
		const cleaned = cleanContact(contact, { hash: 'none', optedOut: 'send', ...options });
		return 'user' in cleaned ? cleaned.user : null;
	});
}

it.each(named(shapes.filter(({ contacts, emptyPage }) => !contacts && !emptyPage)))(
	'sends the contact in %s, and no one else',
	(_, { json, options, expect: user }) => {
		expect(usersOf(json, options)).toEqual([user ?? null]);
	},
);

it.each(named(shapes))('recognizes who said no to marketing in %s', (_, { json, optedOut }) => {
	expect(contactsOf(json).some(({ optedOutBy }) => optedOutBy !== undefined)).toBe(
		optedOut === true,
	);
});

it.each(named(shapes.filter(({ contacts }) => contacts)))(
	'reads %s as its contacts',
	(_, { json, options, contacts, users: expected }) => {
		const users = usersOf(json, options);
		expect(users).toHaveLength(contacts as number);
		if (expected) expect(users).toEqual(expected);
		else expect(users).not.toContain(null);
	},
);

it.each(named(shapes.filter(({ emptyPage }) => emptyPage)))('reads %s as one', (_, { json }) => {
	expect(pageIn(json)?.entries).toEqual([]);
});

it.each(named(shapes.filter(({ idsOnly, contacts }) => !contacts && idsOnly)))(
	'finds only an ID in %s',
	(_, { json }) => expect(findContact(json).onlyId).toEqual(expect.any(String)),
);

it.each(named(shapes.filter(({ idsOnly, contacts }) => !contacts && !idsOnly)))(
	'finds more than an ID in %s',
	(_, { json }) => expect(findContact(json).onlyId).toBeUndefined(),
);

it.each([
	['objectId', { subscriptionType: 'contact.creation', subscriptionId: 55, objectId: 1 }],
	['contactId', { event: 'order.created', objectId: 1, contactId: 2 }],
])('an event with only IDs is named by %s', (path, json) => {
	expect(findContact(json).onlyId).toBe(path);
});

it('finds only an ID where the email of someone else is more than two objects away', () => {
	const owner = { email: 'sam@example.com' };
	const near = { contact_id: '8812', agent: { owner } };
	const far = { contact_id: '8812', agent: { agent: { owner } } };
	expect([near, far].map((json) => findContact(json).onlyId)).toEqual([undefined, 'contact_id']);
});

it.each(named(shapes.filter(({ unnamed }) => unnamed)))(
	'names the keys of %s that look like contact data',
	(_, { json }) => expect(findContact(json).unused).not.toEqual([]),
);

it('names keys, not values, with the kind that they look like', () => {
	const form = shapes.find(({ system }) => system.startsWith('Wenjuanxing')) as Shape;
	expect(findContact(form.json).unused).toEqual([
		{ path: 'body.q2', kind: 'phone' },
		{ path: 'body.q3', kind: 'email' },
	]);
});

// Those whose rules are about phone numbers or files have their own tests.
const items = fieldCases.filter(({ kind }) => kind === 'items');

it.each(items.map((each) => [each.id, each] as const))('cleans as expected: %s', (_, field) => {
	const {
		input,
		expect: expected,
		options,
	} = field as {
		input: Json[];
		expect: { users: unknown[] };
		options?: Shape['options'];
	};
	const users = input.flatMap((json) => usersOf(json, options)).filter((user) => user !== null);
	expect(users).toEqual(expected.users);
});
