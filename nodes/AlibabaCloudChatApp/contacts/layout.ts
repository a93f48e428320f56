/**
 * What the keys of an object mean together: `layoutOf(json)`. A `Candidate` is a key with its role (keyRole.ts) and the
 * keys next to it that say more about its value. Layouts are cached, because the objects in a run share a few sets of
 * keys.
 */

import { consentKeys, type ConsentKey } from './consent';
import type { FieldPaths } from './contact';
import { pathParts, wordsOf } from './keyName';
import { type Field, type KeyRole, roleOf } from './keyRole';
import keyWords from './keyWords.json';
import { areVendorDocumentKeys, isPersonsName, ITEM_MARKS, MARKS } from './marks';
import {
	IDENTIFIER_KINDS,
	isIdentifierKind,
	type IdentifierKind,
	type Json,
	wordSet,
} from './text';

/** A key with a role, and the keys next to it that say more about its phone or email. */
export interface Candidate {
	key: string;
	role: KeyRole;
	label?: string;
	callingCode?: string;
	areaCode?: string;
	/** Keys for the name of the person it belongs to, and keys for the contact's own name: `landlord_name`, `name`. */
	names?: { own: readonly string[]; contact: readonly string[] };
}

/** What the keys of an object say about its values; the same for all objects with these keys. */
export interface Layout {
	/** All keys, or the first 300. */
	keys: readonly string[];
	fields: Record<Exclude<Field, 'label'>, Candidate[]>;
	/** Keys whose values may be objects that contain more, best first. */
	objects: Candidate[];
	/** Keys for somebody else's email or phone, or for an object about somebody else. */
	ofOthers: Candidate[];
	/** Whether no field has more than one key, as in most lists: a plain row, unless it contains objects. */
	isRow: boolean;
	/** Keys that may contain an opt-out from marketing. */
	consent: readonly ConsentKey[];
	/**
	 * Whether a key may say who the object is about. It is checked first, because looking for marks that aren't there
	 * would take longer than everything else.
	 */
	mayBeMarked: boolean;
	/** The keys that may say that the item is staff or a company. */
	marks: readonly string[];
	/** Whether keys are paths into lists: `contacts[add][0][name]`. */
	hasPaths: boolean;
	/** Whether its keys are those of a document for a vendor, such as a bill. */
	hasVendorKeys: boolean;
	/** The data paths in plain rows, by which fields are filled. */
	pathsByFilled: FieldPaths[];
}

// The objects in a run share a few sets of keys, so the latest layouts are kept.
const layouts: Layout[] = [];
const LAYOUTS_KEPT = 16;
// The layouts of objects whose keys are too many or too long to be kept for other objects.
const large = new WeakMap<object, Layout>();
const KEYS_READ = 300;
// A contact from a CRM may have hundreds of properties before the opt-out.
const CONSENT_KEYS_READ = 2000;
// A longer key isn't a column's name, and would stay in memory.
const LONGEST_KEY = 100;
const SINGLE = ['email', 'phone', 'country'] as const;
const WITH_MORE = ['callingCode', 'areaCode', 'addressCountry', 'ipCountry'] as const;
const INDEX_IN_PATH = /\[\d+\]|[./]\d+[./]/;
const PAYMENT = /^(?:currency|amount|net|gross|fee|transaction_?id|transaction id|balance)$/i;
// A survey's metadata: the device on which it was filled in, and that device's number.
const DEVICE = [
	/(?:^|\/)device_?id$/i,
	/(?:^|\/)(?:subscriber_?id|sim_?serial|sim_?id|instanceID|_xform_id_string|__version__)$/i,
];
// A call or a message: an unnamed number next to these keys may be at either end.
const END_OF_CALL =
	/^(?:call_?)?(?:from|to|caller|called|callee|src|dst|destination|direction)(?:$|[_A-Z])/;
// The Brazilian word for a postal code is the Turkish word for a mobile phone.
const BRAZILIAN_ADDRESS = /^(?:cidade|bairro|logradouro|endere[cç]o|uf|estado|cpf)$/i;
const POSTAL_CODE = /^cep$/i;
const NO_FIELD = roleOf('');
// The person who asks others to sign is a colleague.
const SIGNED = /^(?:signatures|signers|signatories|recipients)$/i;
const ASKS_TO_SIGN = /^request[eo]r$/;
const DEVICES_PHONE = /^(?:meta\/)?phonenumber$/i;
const FIELD_WORDS = new Set(
	[keyWords.email, ...Object.values(keyWords.phone)].flatMap((words) => words.split(' ')),
);
const NAME_WORDS = wordSet('name first last full given family sur');
const OF_BUSINESS = /\b(?:business|office)\b/;
// A CRM's words for anyone.
const CRM_WORD = /^(?:contact|lead|person|prospect)$/;
const PEERS =
	/^(?:attendee|invitee|participant|passenger|travell?er|occupant|rider|signer|signatory|player|student|applicant|borrower|tenant|resident|guest|member)s?$/;
// A holder is a courier only next to a parcel, not for a card or a policy; a rider next to a driver is a passenger.
const PARCELS_HOLDER = /^(?:(?:current|parcel|package|delivery)_?)?holder(?:$|_|[A-Z])/;
const COURIER_RIDER = /^(?:(?:current|assigned|delivery)_?)?rider(?:$|_|[A-Z])/;
const DRIVER = /^driver/i;
const OF_PARCEL =
	/^(?:receiver|recipient|consignee|sender|consignor|shipper|parcel|package|shipment|drop_?off)/i;
const OF_ORDER = /^(?:customer|restaurant|merchant|store|shop|vendor)(?:$|_|[A-Z])/;
const BUSINESS_PENALTY = 20;
let layoutsMade = 0;

/** The layout of an object, by its keys. */
export function layoutOf(json: Record<string, unknown>): Layout {
	const own = large.get(json);
	if (own) return own;
	const keys = Object.keys(json);
	for (const layout of layouts) {
		if (haveSameKeys(keys, layout.keys)) return layout;
	}
	const layout = newLayout(keys);
	if (keys.length <= KEYS_READ && keys.every(({ length }) => length <= LONGEST_KEY)) {
		layouts[layoutsMade++ % LAYOUTS_KEPT] = layout;
	} else large.set(json, layout);
	return layout;
}

/** An object's keys for the email or phone of the contact, or of somebody who may be the contact. */
export function identifierKeys({ fields }: Pick<Layout, 'fields'>): Candidate[] {
	return [...fields.email, ...fields.phone];
}

/**
 * The columns of a file that say something about a contact, directly or by describing other columns. Unlike an item's
 * keys, none contains objects.
 * @returns undefined if no column names an email or a phone
 */
export function columnsAboutContacts(names: readonly string[]): Set<string> | undefined {
	const { fields, consent, isRow } = newLayout(names);
	if (identifierKeys({ fields }).length === 0) return undefined;
	const keys = Object.values(fields)
		.flat()
		.flatMap(({ key, label, callingCode, areaCode, names: whose }) => [
			...[key, label, callingCode, areaCode],
			...(whose ? [...whose.own, ...whose.contact] : []),
		]);
	const columns = new Set([
		...ITEM_MARKS,
		...names.filter(isPersonsName),
		...consent.map(({ key }) => key),
		...keys.filter((key) => key !== undefined),
	]);
	// Next to an amount, "From Email Address" is the payer's. Except in a plain row, any column may show whose value it
	// is, such as the direction of a call.
	const alone = newLayout(names.filter((name) => columns.has(name)));
	const meansTheSame = JSON.stringify(alone.fields) === JSON.stringify(fields);
	return isRow && meansTheSame ? columns : new Set([...names.slice(0, KEYS_READ), ...columns]);
}

/** The columns that name a contact's email or phone. */
export function identifierColumns(
	names: readonly string[],
): Record<IdentifierKind, ReadonlySet<string>> {
	const { email, phone } = newLayout(names).fields;
	const keysOf = (candidates: Candidate[]) => new Set(candidates.map(({ key }) => key));
	return { email: keysOf(email), phone: keysOf(phone) };
}

function mayBeMarked(keys: readonly string[]): boolean {
	return keys.length > KEYS_READ || keys.some((key) => MARKS.has(key));
}

function newLayout(allKeys: readonly string[]): Layout {
	const fields: Layout['fields'] = {
		email: [],
		phone: [],
		country: [],
		addressCountry: [],
		ipCountry: [],
		callingCode: [],
		areaCode: [],
	};
	const keys = allKeys.slice(0, KEYS_READ);
	const labels: Candidate[] = [];
	const objects: Candidate[] = [];
	const ofOthers: Candidate[] = [];
	for (const candidate of candidatesIn(keys)) {
		const { field, party } = candidate.role;
		if (field === undefined) {
			// An object about somebody else isn't searched.
			if (party === 'other') ofOthers.push(candidate);
			else insert(objects, candidate);
		} else if (party === 'other') ofOthers.push(candidate);
		else if (field === 'label') labels.push(candidate);
		else insert(fields[field], candidate);
	}
	attachNeighbors({ keys, fields, labels });
	attachNames({ keys, fields });
	ofOthers.push(...extractOthers(keys, fields));
	for (const field of IDENTIFIER_KINDS) fields[field] = contactsFirst(fields[field]);
	const hasPaths = keys.some((key) => INDEX_IN_PATH.test(key) && pathParts(key).length > 1);
	const hasVendorKeys = areVendorDocumentKeys(keys);
	return {
		keys,
		fields,
		objects,
		ofOthers,
		isRow: isRow(keys, fields) && !hasPaths && !hasVendorKeys,
		hasPaths,
		hasVendorKeys,
		consent: consentKeys(allKeys.slice(0, CONSENT_KEYS_READ)),
		mayBeMarked: mayBeMarked(allKeys),
		marks: allKeys.filter((key) => ITEM_MARKS.has(key)),
		pathsByFilled: [],
	};
}

function isRow(keys: readonly string[], fields: Layout['fields']): boolean {
	return (
		SINGLE.every((field) => fields[field].length <= 1) &&
		WITH_MORE.every((field) => fields[field].length === 0) &&
		SINGLE.every((field) => fields[field].every(isOwnUnlabeled)) &&
		isOnePerson(identifierKeys({ fields }), keys) &&
		identifierKeys({ fields }).length > 0
	);
}

function candidatesIn(keys: readonly string[]): Candidate[] {
	const isBrazilian = keys.some((key) => BRAZILIAN_ADDRESS.test(key));
	const found = keys.map((key) => ({
		key,
		role: isBrazilian && POSTAL_CODE.test(key) ? NO_FIELD : roleOf(key),
	}));
	const isPaid = keys.some((key) => PAYMENT.test(key));
	const isByDevice = DEVICE.every((pattern) => keys.some((key) => pattern.test(key)));
	const couriers = courierKeys(keys);
	const isSigned = keys.some((key) => SIGNED.test(key));
	const isFrom = ({ personWord, field }: KeyRole) => personWord === 'from' && field !== undefined;
	const hasPayer = isPaid && found.some(({ role }) => isFrom(role));
	// In a payment, "From" is the payer, and "To" the seller.
	return found.map((candidate) => {
		const { key, role } = candidate;
		const asksToSign = isSigned && ASKS_TO_SIGN.test(role.personWord);
		const isDevices = isByDevice && DEVICES_PHONE.test(key);
		if (isDevices || asksToSign || couriers.includes(key))
			return { key, role: { ...role, party: 'other' } };
		if (hasPayer && isFrom(role)) {
			return { ...candidate, role: { ...role, party: 'contact', personWord: 'contact' } };
		}
		const isSeller = hasPayer && role.field !== undefined && wordsOf(key)[0] === 'to';
		if (role.personWord !== 'from' && !isSeller) return candidate;
		return { ...candidate, role: { ...role, party: 'other' } };
	});
}

// The keys of the courier who delivers a parcel or an order, if keys for the order or its receiver are next to them.
function courierKeys(keys: readonly string[]): string[] {
	const holders = keys.filter((key) => PARCELS_HOLDER.test(key));
	const riders = keys.filter((key) => COURIER_RIDER.test(key));
	if (holders.length + riders.length === 0) return [];
	const isOfParcel = keys.some((key) => OF_PARCEL.test(key));
	const isRide = keys.some((key) => DRIVER.test(key));
	const isOrder = isOfParcel || keys.some((key) => OF_ORDER.test(key));
	return [...(isOfParcel ? holders : []), ...(isOrder && !isRide ? riders : [])];
}

// "guest_name", "patient_email"
function isOfGuest(key: string): boolean {
	const { field, party, personWord } = roleOf(key);
	if (party !== 'contact' || CRM_WORD.test(personWord)) return false;
	return isIdentifierKind(field) || /name$/i.test(key);
}

// Removes the emails and phones that may be anyone's. Next to "guest_name" or "email", `listing_phone` isn't the
// contact's; `bride_email` and `groom_phone` belong to two people.
function extractOthers(keys: readonly string[], fields: Layout['fields']): Candidate[] {
	const isGuests = keys.some(isOfGuest);
	const chosen = isGuests ? '' : chosenQualifier(identifierKeys({ fields }));
	const isOthers = ({ role: { party, qualifier, stem } }: Candidate) =>
		(qualifier !== '' && qualifier !== chosen) ||
		(isGuests && party === 'own' && OF_BUSINESS.test(stem));
	return IDENTIFIER_KINDS.flatMap((field) => {
		const others = fields[field].filter(isOthers);
		if (others.length > 0)
			fields[field] = fields[field].filter((candidate) => !others.includes(candidate));
		return others;
	});
}

/**
 * The unknown words that the contact's emails and phones have in common; none if one of them has no unknown word.
 * @param candidates the best emails first, then the best phones
 */
export function chosenQualifier(candidates: readonly Candidate[]): string {
	const isUnqualified = candidates.some(({ role }) => role.qualifier === '');
	return isUnqualified ? '' : (candidates[0]?.role.qualifier ?? '');
}

// A key for the item's own person, without a label or another name. A caller is the contact only in some calls.
function isOwnUnlabeled({ role, label, names }: Candidate): boolean {
	if (role.party === 'possible' || role.personWord === 'caller') return false;
	return label === undefined && names === undefined;
}

function isOnePerson(candidates: readonly Candidate[], keys: readonly string[]): boolean {
	if (keys.some((key) => END_OF_CALL.test(key))) return false;
	const persons = candidates.map(({ role }) => role.personWord);
	return new Set(persons.filter(Boolean)).size < 2 && !persons.some(isOneOfSeveral);
}

/** Whether a person is one of several that the keys number: "traveler 2". */
export function isOneOfSeveral(personWord: string): boolean {
	return personWord.includes(' ');
}

/** Whether several people in an item often share a role: attendees, passengers, signers. */
export function isPeer(personWord: string): boolean {
	return PEERS.test(personWord);
}

interface Neighbors {
	keys: readonly string[];
	fields: Layout['fields'];
	labels: Candidate[];
}

// A phone's calling code and area code are those with its name, or else the nearest ones. A label must have its name.
function attachNeighbors({ keys, fields, labels }: Neighbors): void {
	const indexes = new Map(keys.map((key, index) => [key, index]));
	for (const candidate of [...fields.phone, ...fields.email]) {
		candidate.label = labels.find(({ role }) => role.stem === candidate.role.stem)?.key;
	}
	for (const field of ['callingCode', 'areaCode'] as const) {
		for (const { key, role } of fields[field]) {
			const own = fields.phone.filter(({ role: { stem } }) => stem !== '' && stem === role.stem);
			const same = own.length > 0 ? own : fields.phone.filter((phone) => isOfPerson(phone, role));
			const distance = (phone: Candidate) =>
				Math.abs((indexes.get(phone.key) ?? 0) - (indexes.get(key) ?? 0));
			const nearest = same.sort((a, b) => distance(a) - distance(b));
			for (const phone of field === 'areaCode' ? nearest.slice(0, 1) : nearest)
				phone[field] ??= key;
		}
	}
}

// Next to "customer_phone", "business_phone" is more likely the company's own.
function contactsFirst(candidates: Candidate[]): Candidate[] {
	if (!candidates.some(({ role }) => role.party === 'contact')) return candidates;
	return candidates
		.map((candidate) => {
			const isBusiness = candidate.role.party === 'own' && OF_BUSINESS.test(candidate.role.stem);
			const { role } = candidate;
			return isBusiness
				? { ...candidate, role: { ...role, rank: role.rank + BUSINESS_PENALTY } }
				: candidate;
		})
		.sort((a, b) => a.role.rank - b.role.rank);
}

// A phone next to another name may be somebody else's: { name, email, landlord_name, landlord_phone }.
function attachNames({ keys, fields }: Pick<Neighbors, 'keys' | 'fields'>): void {
	const candidates = identifierKeys({ fields });
	if (candidates.length === 0) return;
	const named = new Map<string, string[]>();
	for (const key of keys) {
		const group = groupNamedBy(key);
		if (group !== undefined) named.set(group, [...(named.get(group) ?? []), key]);
	}
	if (named.size < 2) return;
	for (const candidate of candidates) {
		const group = groupOf(candidate);
		const own = named.get(group);
		if (group === '' || own === undefined) continue;
		const contact = ['', ...(group === 'billing' ? [] : ['billing'])].flatMap(
			(each) => named.get(each) ?? [],
		);
		if (contact.length > 0) candidate.names = { own, contact };
	}
}

// "landlord" for `landlord_phone`.
function groupOf({ role }: Candidate): string {
	return role.stem
		.split(' ')
		.filter((word) => !FIELD_WORDS.has(word))
		.join(' ');
}

// "landlord" for `landlord_first_name`; '' for `name` and `customer_name`, which are the contact's own.
function groupNamedBy(key: string): string | undefined {
	const words = key.length > LONGEST_KEY ? [] : wordsOf(key);
	if (words.at(-1) !== 'name') return undefined;
	const whose = words.filter((word) => !NAME_WORDS.has(word));
	return whose.every((word) => roleOf(word).party === 'contact') ? '' : whose.join(' ');
}

function isOfPerson(phone: Candidate, { personWord }: KeyRole): boolean {
	return phone.role.personWord === personWord || personWord === '';
}

function insert(candidates: Candidate[], candidate: Candidate): void {
	const worse = candidates.findIndex(({ role }) => role.rank > candidate.role.rank);
	candidates.splice(worse < 0 ? candidates.length : worse, 0, candidate);
}

function haveSameKeys(keys: readonly string[], kept: readonly string[]): boolean {
	if (keys.length !== kept.length) return false;
	for (let index = 0; index < keys.length; index++) {
		if (keys[index] !== kept[index]) return false;
	}
	return true;
}

/**
 * The nested objects and lists for flat keys: n8n receives form-encoded bodies with keys such as `contacts[0][name]`.
 */
export function nest(flat: Json, keys: readonly string[]): Json {
	const root: Json = Object.create(null) as Json;
	for (const key of keys) {
		const parts = pathParts(key);
		let at: Json | unknown[] = root;
		for (const [index, part] of parts.slice(0, -1).entries()) {
			const next: unknown = (at as Json)[part];
			if (typeof next === 'object' && next !== null) at = next as Json;
			else
				at = put(
					at,
					part,
					/^\d{1,3}$/.test(parts[index + 1] ?? '') ? [] : (Object.create(null) as Json),
				);
		}
		put(at, parts.at(-1) ?? key, flat[key]);
	}
	return root;
}

function put<Value>(at: Json | unknown[], part: string, value: Value): Value {
	if (!Array.isArray(at)) at[part] = value;
	else if (/^\d{1,3}$/.test(part)) at[Number(part)] = value;
	return value;
}
