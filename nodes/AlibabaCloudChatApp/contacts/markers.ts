import { isObject, type Json } from './text';

const TRUE_FOR_STAFF =
	'self organizer is_organizer isOrganizer is_self isSelf is_staff isStaff is_agent isAgent is_admin isAdmin is_bot isBot bot host is_host isHost is_moderator isModerator is_employee isEmployee internal is_internal isInternal is_presenter isPresenter is_panelist isPanelist is_speaker isSpeaker is_me isMe'.split(
		' ',
	);
const FALSE_FOR_STAFF = ['external', 'is_external', 'isExternal'];
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
const ITSELF = new Set(['self', 'same', 'me', 'primary']);
const MAX_LISTED = 100;

/** What is around an object. */
export interface Among {
	/** Whether it is one of several in a list. */
	inList?: boolean;
	/** Whether others in that list are customers. */
	customers?: boolean;
}

/** Who an object is about, by its own marks: `type: customer`, `role: agent`, `self: true`; undefined if it has none. */
export function markedParty(json: Json, among: Among = {}): 'contact' | 'other' | undefined {
	if (TRUE_FOR_STAFF.some((key) => isTrue(json[key]))) return 'other';
	if (FALSE_FOR_STAFF.some((key) => json[key] === false)) return 'other';
	let isContact = false;
	for (const key of TYPE_KEYS) {
		const value = json[key];
		if (typeof value !== 'string' || value.length > 30) continue;
		if (CONTACTS.has(singular(value.toLowerCase()))) isContact = true;
		else if (!isContact && isTypeOfOther(value, among)) return 'other';
	}
	if (isContact) return 'contact';
	const isCompany = EVENT_KEYS.some(
		(key) => typeof json[key] === 'string' && COMPANY_EVENT.test(json[key]),
	);
	return isCompany ? 'other' : undefined;
}

// As databases and spreadsheets write it, too.
function isTrue(value: unknown): boolean {
	if (typeof value === 'string') return /^(?:true|1)$/i.test(value);
	return value === true || value === 1;
}

function isTypeOfOther(value: string, { inList = false, customers = false }: Among): boolean {
	const type = singular(value.toLowerCase());
	if (STAFF.has(type) || COMPANIES.has(type)) return true;
	return (inList && STAFF_IN_LISTS.has(value)) || (customers && STAFF_AMONG_CUSTOMERS.has(type));
}

// JSON:API's types are plural: "users".
function singular(type: string): string {
	return type.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
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

/** The keys by which {@link markedParty} and {@link isStaff} decide. */
export const MARKS: ReadonlySet<string> = new Set([
	...STAFF_KEYS,
	...TRUE_FOR_STAFF,
	...FALSE_FOR_STAFF,
	...TYPE_KEYS,
	...EVENT_KEYS,
]);

/** Whether an item is a user of the system, such as an agent, and not a contact. */
export function isStaff(json: Json): boolean {
	if (STAFF_FLAGS.some((key) => isTrue(json[key]))) return true;
	return STAFF_TYPE_KEYS.some((key) => {
		const value = json[key];
		return typeof value === 'string' && /^(?:agent|admin|administrator|staff)$/.test(value);
	});
}

/** Whether an object in a record is about somebody related to the contact: `relationship: 'Mother'`. */
export function isRelated(json: Json): boolean {
	return ['relationship', 'relation'].some((key) => {
		const value = json[key];
		if (Array.isArray(value)) return value.length > 0;
		if (typeof value !== 'string') return false;
		const text = value.trim().toLowerCase();
		return text !== '' && !ITSELF.has(text) && !CONTACTS.has(singular(text));
	});
}

/** Whether some entries of a list are marked as customers. */
export function hasCustomers(list: readonly unknown[]): boolean {
	return list
		.slice(0, MAX_LISTED)
		.some((entry) => isObject(entry) && markedParty(entry) === 'contact');
}
