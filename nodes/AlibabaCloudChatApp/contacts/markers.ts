type Json = Record<string, unknown>;

const TRUE_FOR_STAFF =
	'self organizer is_organizer isOrganizer is_self is_staff isStaff is_agent is_admin isAdmin is_bot bot'.split(
		' ',
	);
const TYPE_KEYS = [
	'type',
	'object',
	'kind',
	'user_type',
	'userType',
	'member_type',
	'role',
	'object_type',
	'objectType',
];
const CONTACTS = new Set(
	'contact customer client lead person subscriber end-user end_user enduser visitor attendee guest buyer profile prospect participant patient invitee'.split(
		' ',
	),
);
const STAFF = new Set(
	'agent admin administrator staff operator bot teammate organizer host system moderator'.split(
		' ',
	),
);
const COMPANIES = new Set('company organization organisation account business team'.split(' '));
// Job titles are capitalized.
const STAFF_IN_LISTS = new Set(['owner']);
const STAFF_AMONG_CUSTOMERS = new Set(['employee', 'user']);
const EVENT_KEYS = ['subscriptionType', 'event', 'event_type', 'eventType', 'topic', 'action'];
const COMPANY_EVENT = /^(?:company|organi[sz]ation|account)[._-]/i;
const MAX_LISTED = 100;

/** What surrounds an object that is marked. */
export interface Among {
	/** Whether it is one of several in a list. */
	inList?: boolean;
	/** Whether others in that list are customers. */
	customers?: boolean;
}

/** Whose an object is by what it says itself: `type: customer`, `role: agent`, `self: true`; undefined if it says nothing. */
export function markedParty(
	json: Json,
	{ inList, customers }: Among = {},
): 'contact' | 'other' | undefined {
	if (TRUE_FOR_STAFF.some((key) => json[key] === true)) return 'other';
	let contact = false;
	for (const key of TYPE_KEYS) {
		const value = json[key];
		if (typeof value !== 'string' || value.length > 30) continue;
		const type = value.toLowerCase();
		if (CONTACTS.has(type)) contact = true;
		else if (contact) continue;
		else if (STAFF.has(type) || COMPANIES.has(type)) return 'other';
		else if (inList && STAFF_IN_LISTS.has(value)) return 'other';
		else if (customers && STAFF_AMONG_CUSTOMERS.has(type)) return 'other';
	}
	if (contact) return 'contact';
	const isCompany = EVENT_KEYS.some(
		(key) => typeof json[key] === 'string' && COMPANY_EVENT.test(json[key]),
	);
	return isCompany ? 'other' : undefined;
}

const STAFF_FLAGS = [
	'is_admin',
	'isAdmin',
	'is_owner',
	'is_staff',
	'isStaff',
	'is_agent',
	'is_bot',
];
const STAFF_TYPE_KEYS = ['role', 'type', 'user_type', 'userType'];

/** The keys by which {@link isStaff} decides. */
export const STAFF_KEYS: ReadonlySet<string> = new Set([...STAFF_FLAGS, ...STAFF_TYPE_KEYS]);

/** Whether an item itself is a person who works with the system: an agent among the users that a node returns. */
export function isStaff(json: Json): boolean {
	if (STAFF_FLAGS.some((key) => json[key] === true)) return true;
	return STAFF_TYPE_KEYS.some((key) => {
		const value = json[key];
		return typeof value === 'string' && /^(?:agent|admin|administrator|staff)$/.test(value);
	});
}

/** Whether some entries of a list say that they are customers. */
export function hasCustomers(list: readonly unknown[]): boolean {
	return list
		.slice(0, MAX_LISTED)
		.some(
			(entry) =>
				typeof entry === 'object' && entry !== null && markedParty(entry as Json) === 'contact',
		);
}
