/**
 * Marks: keys and values that show who an object is about, such as `type: 'customer'` and `is_agent: true`.
 * `markedParty` reads those of an object in an item, and `isStaff`, `isCompanyItem`, and `isVendorDocument` those of
 * the item.
 */

import { compact, wordsOf } from './keyName';
import { namesOther } from './keyRole';
import { isObject, type Json, wordSet } from './text';

const TRUE_FOR_STAFF =
	'self organizer is_organizer isOrganizer is_self isSelf is_staff isStaff is_agent isAgent is_admin isAdmin is_bot isBot bot host is_host isHost is_moderator isModerator is_employee isEmployee internal is_internal isInternal is_presenter isPresenter is_panelist isPanelist is_speaker isSpeaker is_me isMe is_resource isResource is_room isRoom'.split(
		' ',
	);
const FALSE_FOR_STAFF = ['external', 'is_external', 'isExternal'];
const TYPE_KEYS =
	'type object kind user_type userType member_type role object_type objectType model resourceType resource_type __typename'.split(
		' ',
	);
const CONTACT_TYPES = wordSet(
	'contact customer client lead person subscriber end-user end_user enduser visitor attendee guest buyer profile prospect participant patient invitee signer signatory student donor tenant borrower applicant candidate respondent requester registrant passenger',
);
const STAFF = wordSet(
	'agent admin administrator staff operator bot teammate organizer host system moderator practitioner practitionerrole relatedperson vendor supplier courier driver sender',
);
const COMPANIES = wordSet('company organization organisation account business team');
// Job titles are capitalized.
const STAFF_IN_LISTS = wordSet('owner resource room');
const STAFF_AMONG_CUSTOMERS = wordSet('employee user');
const EVENT_KEYS = 'subscriptionType event event_type eventType topic action'.split(' ');
const COMPANY_EVENT = /^(?:company|organi[sz]ation|account)[._-]/i;
const ROLE_KEYS =
	'role participant_type participantType attendee_type attendeeType party_type partyType user_role userRole party_role partyRole'.split(
		' ',
	);
const ROLE = /^[a-z][a-z _-]{2,29}$/;
const CONSTANT_ROLE = /^(?:[A-Z]{5,}|[A-Z]{2,}(?:_[A-Z]+)+)$/;
const STAFF_TYPE_OF_WORDS =
	/^(?:[a-z]+[ _-]){1,2}(?:agent|courier|driver|rider|dispatcher|operator|employee|admin|merchant|vendor|supplier|carrier|messenger)$|^(?:business|company|corporate|merchant|shop|store|seller|vendor)[ _-](?:account|user|profile)$/i;
// Occupations of couriers, as a role or a type, whatever its case.
const COURIER_ROLE =
	/^(?:(?:delivery|dispatch)[ _-]?(?:agent|man|boy|guy|partner|person|driver|rider|associate|executive)|couriers?|drivers?|repartidora?|mensajer[oa]|conductora?|livreu(?:r|se)|coursi[eè]re?|chauffeur|kuriere?|fahrer(?:in)?|lieferant|fattorino|corriere|autista|entregadora?|motoboy|motorista|bezorger|kurye|s[uü]r[uü]c[uü]|kurir|sopir|supir|pengemudi|shipper|tài xế|курьер|водитель|кур'?єр|водій|kurier|kierowca|骑手|騎手|配送员|配送員|外送员|外送員|快递员|快遞員|司机|司機|配達員|ドライバー|운전기사|배달원|배달기사|라이더|مندوب(?: (?:التوصيل|توصيل))?|سائق|คนขับ|ไรเดอร์|พนักงานส่งของ)$/iu;
const OCCUPATION_KEYS = 'role type kind position occupation user_type userType title'.split(' ');
const ITSELF = wordSet('self same me primary');
const COMPANY_KEY = /^(?:company|organi[sz]ation|organisation|corporation|business)$/i;
const MAX_LISTED = 100;
const MAIN_WORDS = wordSet('default primary lead main principal booker purchaser');
const SUPPLIER_FLAGS = 'is_supplier isSupplier IsSupplier is_vendor isVendor IsVendor'.split(' ');
const CUSTOMER_FLAGS = 'is_customer isCustomer IsCustomer is_client isClient IsClient'.split(' ');
const MAX_SEARCHED = 20;
const LONGEST_NAME = 40;
const LONGEST_TEXT = 200;

/** Where an object is. */
interface Surroundings {
	/** Whether it is one of several in a list. */
	inList?: boolean;
	/** Whether others in that list are customers. */
	amongCustomers?: boolean;
	/** Whether it is in a record, where a role is the person's part in it; elsewhere, a role may be the contact's job. */
	inRecord?: boolean;
}

/**
 * Who an object is about, based on its marks: `type: customer`, `role: agent`, `self: true`; undefined if it has none.
 */
export function markedParty(
	json: Json,
	surroundings: Surroundings = {},
): 'contact' | 'other' | undefined {
	if (TRUE_FOR_STAFF.some((key) => isTrue(json[key]))) return 'other';
	// A room that was invited to a meeting.
	if (json.resource === true) return 'other';
	if (FALSE_FOR_STAFF.some((key) => json[key] === false) || isSupplier(json)) return 'other';
	if (surroundings.inRecord && (hasRoleOfOther(json) || isCourier(json))) return 'other';
	return partyOfType(json, surroundings) ?? (isCompanyEvent(json) ? 'other' : undefined);
}

function isSupplier(json: Json): boolean {
	return (
		SUPPLIER_FLAGS.some((key) => isTrue(json[key])) &&
		!CUSTOMER_FLAGS.some((key) => isTrue(json[key]))
	);
}

function partyOfType(json: Json, surroundings: Surroundings): 'contact' | 'other' | undefined {
	let isContact = false;
	for (const key of TYPE_KEYS) {
		const value = json[key];
		if (typeof value !== 'string' || value.length > 30) continue;
		if (CONTACT_TYPES.has(singular(value.toLowerCase()))) isContact = true;
		else if (!isContact && isTypeOfOther(value, surroundings)) return 'other';
	}
	return isContact ? 'contact' : undefined;
}

function isCompanyEvent(json: Json): boolean {
	return EVENT_KEYS.some((key) => typeof json[key] === 'string' && COMPANY_EVENT.test(json[key]));
}

// { name, email, role: 'interpreter' }; job titles are capitalized, and an owner may be the contact.
function hasRoleOfOther(json: Json): boolean {
	return ROLE_KEYS.some((key) => {
		const role = json[key];
		if (typeof role !== 'string' || !(ROLE.test(role) || CONSTANT_ROLE.test(role))) return false;
		const name = role.toLowerCase();
		return name !== 'owner' && namesOther(name);
	});
}

function isCourier(json: Json): boolean {
	return OCCUPATION_KEYS.some((key) => isText(json[key]) && COURIER_ROLE.test(json[key].trim()));
}

// Databases and spreadsheets write 1, "1", or "TRUE".
function isTrue(value: unknown): boolean {
	if (typeof value === 'string') return /^(?:true|1)$/i.test(value);
	return value === true || value === 1;
}

function isTypeOfOther(
	value: string,
	{ inList = false, amongCustomers = false }: Surroundings,
): boolean {
	const type = singular(value.toLowerCase());
	if (STAFF.has(type) || COMPANIES.has(type)) return true;
	if (STAFF_TYPE_OF_WORDS.test(type) && !wordsOf(type).some((word) => CONTACT_TYPES.has(word)))
		return true;
	return (
		(inList && STAFF_IN_LISTS.has(value)) || (amongCustomers && STAFF_AMONG_CUSTOMERS.has(type))
	);
}

// JSON:API's types are plural: "users".
function singular(type: string): string {
	return type.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}

/** Whether an object in a record is about somebody related to the contact: `relationship: 'Mother'`. */
export function isRelated(json: Json): boolean {
	return ['relationship', 'relation'].some((key) => {
		const value = json[key];
		if (Array.isArray(value)) return value.length > 0;
		if (typeof value !== 'string') return false;
		const text = value.trim().toLowerCase();
		return text !== '' && !ITSELF.has(text) && !CONTACT_TYPES.has(singular(text));
	});
}

/** Whether some entries of a list are marked as customers. */
export function hasCustomers(list: readonly unknown[]): boolean {
	return list
		.slice(0, MAX_LISTED)
		.some((entry) => isObject(entry) && markedParty(entry) === 'contact');
}

/** Whether a key is a company's. */
export function isCompanyKey(key: string): boolean {
	return COMPANY_KEY.test(key);
}

/** Whether an entry of a list is marked as the main one. */
export function isMainEntry(entry: unknown): boolean {
	if (!isObject(entry)) return false;
	return Object.keys(entry)
		.slice(0, MAX_LISTED)
		.some((key) => entry[key] === true && isMainKey(key));
}

// "isPrimary", "lead_passenger", "is_main_guest"; "primary_residence" is about something else.
function isMainKey(key: string): boolean {
	const words = wordsOf(key).filter((word) => word !== 'is');
	const [first = '', ...whom] = words;
	return MAIN_WORDS.has(first) && whom.every((word) => CONTACT_TYPES.has(singular(word)));
}

/** A list's default entry, or its first, with its position as in a data path. */
export function defaultOf(list: unknown[]): [position: string, entry: unknown] {
	const searched = list.slice(0, MAX_SEARCHED);
	const index = Math.max(0, searched.findIndex(isMainEntry));
	return [`[${index}]`, searched[index]];
}

// The marks of the item itself are fewer, because its `role` or `type` may be the contact's job.

// The keys of a bill from a supplier or an order to one, and the keys of an order from a customer.
const VENDOR_KEY =
	/^(?:vendor|supplier)_?(?:id|name|code|number|no|ref)$|^bill_?(?:id|number|no)$|^purchase_?order_?(?:id|number|no)$/i;
const CUSTOMER_KEY =
	/customer|client|buyer|shopper|guest|subscriber|booking|product|quantity|price|sku|^order/i;
const STAFF_FLAGS = wordSet(
	'is_admin isAdmin is_owner is_staff isStaff is_agent isAgent is_bot isBot is_employee isEmployee is_internal isInternal',
);
const STAFF_TYPE_KEYS = wordSet('role type user_type userType');
// Keys for what a record is, unlike `role` and `type`, which may be a person's job.
const RECORD_TYPE_KEYS = wordSet(
	'resourceType resource_type contact_type contactType entity_type entityType __typename',
);
const RECORD_OF_OTHER =
	/^(?:practitioner(?:role)?|relatedperson|employee|staff(?:member)?|vendor|supplier|affiliate|courier|driver)$/i;
const STAFF_TYPE = /^(?:agent|admin|administrator|staff|employee|operator|moderator|teammate|bot)$/;

const COMPANY_FLAGS = wordSet('is_company isCompany IsCompany');
const PERSON_FLAGS =
	'is_person isPerson isperson IsPerson is_individual isIndividual IsIndividual'.split(' ');
const COMPANY_TYPE_KEYS = wordSet('type object kind contact_type contactType customer_type');
const COMPANY_TYPE = /^(?:company|organi[sz]ation)$/i;
const PERSON_KEYS = wordSet(
	'firstname lastname givenname familyname surname contactname contactperson',
);

/** The keys that decide {@link isStaff} and {@link isCompanyItem}, apart from those for a person's name. */
export const ITEM_MARKS: ReadonlySet<string> = new Set([
	...STAFF_FLAGS,
	...SUPPLIER_FLAGS,
	...STAFF_TYPE_KEYS,
	...RECORD_TYPE_KEYS,
	...COMPANY_FLAGS,
	...COMPANY_TYPE_KEYS,
]);

/** The keys that decide {@link markedParty}, {@link isStaff}, and {@link isCompanyItem}. */
export const MARKS: ReadonlySet<string> = new Set([
	...ITEM_MARKS,
	...TRUE_FOR_STAFF,
	...FALSE_FOR_STAFF,
	...TYPE_KEYS,
	...EVENT_KEYS,
	...ROLE_KEYS,
	'resource',
]);

const DOCUMENT_KEYS = ['Type', 'type', 'move_type', 'doctype', 'model'];
const VENDOR_DOCUMENT =
	/^(?:accpay|in_invoice$|in_refund$|vendor_?bill$|supplier$|purchase[ ._](?:order|invoice|receipt)$)/i;

/** Whether an object is a document for a vendor or supplier, such as a bill, so its contact is the vendor's. */
export function isVendorDocument(json: Json): boolean {
	return DOCUMENT_KEYS.some((key) => isText(json[key]) && VENDOR_DOCUMENT.test(json[key]));
}

/** Whether keys are those of a document for a vendor. */
export function areVendorDocumentKeys(keys: readonly string[]): boolean {
	return keys.some((key) => VENDOR_KEY.test(key)) && !keys.some((key) => CUSTOMER_KEY.test(key));
}

/**
 * Whether an item is someone other than a contact: an agent or another user of the system, or a supplier.
 * @param marks the keys of {@link ITEM_MARKS} that it has
 */
export function isStaff(json: Json, marks: readonly string[]): boolean {
	for (const key of marks) {
		const value = json[key];
		if (STAFF_FLAGS.has(key) && isTrue(value)) return true;
		if (SUPPLIER_FLAGS.includes(key) && isSupplier(json)) return true;
		if (typeof value !== 'string') continue;
		if (STAFF_TYPE_KEYS.has(key) && STAFF_TYPE.test(value)) return true;
		if (RECORD_TYPE_KEYS.has(key) && RECORD_OF_OTHER.test(value)) return true;
	}
	return false;
}

/**
 * Whether an item is a company: its email and phone are the company's own, unless a person is named next to them.
 * @param marks the keys of {@link ITEM_MARKS} that it has
 */
export function isCompanyItem(json: Json, marks: readonly string[]): boolean {
	for (const key of marks) {
		const value = json[key];
		const isOne =
			(COMPANY_FLAGS.has(key) && isTrue(value)) ||
			(COMPANY_TYPE_KEYS.has(key) && isText(value) && COMPANY_TYPE.test(value));
		if (isOne) return !Object.keys(json).some((each) => isPersonsName(each) && isText(json[each]));
	}
	return false;
}

/** Whether an item is marked as a person, as in systems that keep people and companies together. */
export function isPersonItem(json: Json): boolean {
	return (
		PERSON_FLAGS.some((key) => isTrue(json[key])) ||
		[...COMPANY_FLAGS].some((key) => json[key] === false)
	);
}

/** Whether a key is for a person's name, which a company doesn't have. */
export function isPersonsName(key: string): boolean {
	return key.length <= LONGEST_NAME && PERSON_KEYS.has(compact(key));
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT;
}
