import { compact } from './keyName';
import { emailsOfOthers, type Layout, layoutOf } from './layout';
import { DIRECTION_KEY, RECEIVED } from './markers';
import {
	ASSIGNED,
	DROPOFF,
	type Found,
	isClear,
	objectsAt,
	type Person,
	type Scope,
} from './scopes';
import { isObject, type Json } from './text';
import { isAddress, isPromising, isWholeNumber } from './values';

/** Who in an item is on the contact's side, and who on ours. */
export interface Sides {
	/** The contact's end: who called or wrote to us, or was called or written to. */
	theirs: Record<Kind, Found[]>;
	/** Whether an object says in so many words that it is a call or a message: its user is ours. */
	isDirected: boolean;
	/** Whether a value is at our end, or the same as one there. */
	isOurs(found: Found): boolean;
	/** Whether an email also belongs to someone who isn't a contact: { created_by: { email }, signers: [{ email }, { email }] }. */
	isStaffs(found: Found): boolean;
}

type Kind = 'email' | 'phone';

/** Whether a call or message is incoming from the contact, or outgoing to them; `sent`: only its status says that it is outgoing. */
type Direction = 'in' | 'out' | 'sent';

/** The keys that say who is at which end of a call or a message. */
interface CallKeys {
	/** Who calls or writes, and who is called or written to. */
	from: readonly string[];
	to: readonly string[];
	/** Keys that say nothing but the direction, and all that say it, the surest first. */
	stated: readonly string[];
	directions: readonly string[];
	/** WhatsApp's ID of a chat. */
	chats: readonly string[];
	/** Lists of who takes part. */
	lists: readonly string[];
}

const INBOUND = /inbound|incoming|received/i;
const OUTBOUND = /outbound|outgoing/i;
const SENT = /sent|delivered/i;
const SHORT: Readonly<Record<string, Direction>> = { in: 'in', mo: 'in', out: 'out', mt: 'out' };
const IN_IF_TRUE = /^(?:is)?(?:inbound|incoming)$/;
const OUT_IF_TRUE = /^(?:(?:is)?(?:outbound|outgoing|fromme)|sentbyme)$/;
const TYPE =
	/^(?:noticetype|type|event|eventname|eventtype|status|messagestatus|calltype|kind|topic)$/;
// What only an operator knows of an incoming message, and the number that was dialed to reach a company.
const CAME_IN = /^fromcountry$|^(?:called)?did(?:number)?$/;
const END = String.raw`(?:id|cli|did)?(?:phone|tel|mobile)?(?:number|no|num|e164|address)?$`;
const FROM = new RegExp(
	`^(?:call|message)?(?:from|caller|calling|source|src|originator|ani|sender)${END}`,
);
const TO = new RegExp(
	`^(?:call|message)?(?:to|called|callee|destination|dest|dst|dialed|dialled|dnis|did|recipient|receiver)${END}`,
);
const LIST = /^(?:recipients|participants|parties)$/;
const ROLE_KEYS = ['role', 'type'];
const CHAT = /^(?:remotejid|jid|chatid)$/;
// Keys of an object at one end, by what they contain.
const AT_END: Record<Kind, RegExp> = {
	phone: /^(?:phone|phonenumber|number|handle|address|value|e164|msisdn)$/,
	email: /^(?:email|emailaddress|address|handle|value)$/,
};
const KINDS = ['email', 'phone'] as const;
const MAX_LISTED = 20;
const COURIER =
	/^(?:pick_?up|worker$|courier|driver|rider|dasher|deliverer|parcels?$|packages?$|shipments?$)/i;
const RECEIVER = /^(?:recipients?|receiver|consignee)$/i;
const LONGEST_KEY = 30;
const SHORT_CODE = /^\d{3,6}$/;
const LONGEST_TEXT = 100;
const MAX_KEYS = 60;
const DIGITS_COMPARED = 8;
const RANK = 15;
const DELIVERY_KEY = /campaign|delivery|broadcast|newsletter|mailing|recordtype/i;
const DELIVERY =
	/^(?:sent|delivered|delivery|open|opened|click|clicked|unsubscribe|unsubscribed|complained|accepted)$/i;
const WRITTEN_NUMBER = /^(?:tel:|whatsapp:)?\+?[\d ().-]{7,22}$/;
const WHATSAPP_ID = /^(\d{7,15})(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$/;

const keysOfLayouts = new WeakMap<Layout, CallKeys>();

/** The sides of the calls and messages that objects of an item are, as far as they say the direction. */
export function sidesIn(scopes: readonly Scope[]): Sides {
	const theirs: Sides['theirs'] = { email: [], phone: [] };
	const ours: Found[] = [];
	let isDirected = false;
	let staff: ReadonlySet<string> | undefined;
	for (const scope of scopes) {
		const { from, to, chats, lists, stated } = callKeysOf(scope.layout);
		isDirected ||= directionOf(scope.json, stated) !== undefined;
		theirs.phone.push(...chats.flatMap((key) => endsAt(scope, key, 'phone')));
		const ends = [
			...endsWithKeys(scope, { from, to }),
			...lists.flatMap((key) => endsInList(scope, key)),
		];
		if (ends.length === 0) continue;
		const direction =
			directionAround(scope, scopes[0]) ?? directionByShortCode(scope, { from, to });
		if (direction === undefined) continue;
		for (const { side, found } of ends) {
			if (side !== (direction === 'in' ? 'from' : 'to')) ours.push(found);
			else if (direction !== 'sent') theirs[kindOfFound(found)].push(found);
		}
	}
	const texts = new Set(ours.map(comparable));
	const paths = ours.map(({ scope, candidate }) => scope.pathOf(candidate.key));
	return {
		theirs,
		isDirected,
		isStaffs(found) {
			staff ??= new Set(scopes.flatMap(({ json, layout }) => emailsOfOthers(json, layout)));
			return staff.has(comparable(found));
		},
		isOurs: (found) =>
			ours.length > 0 &&
			(texts.has(comparable(found)) || paths.includes(found.scope.pathOf(found.candidate.key))),
	};
}

/** Whether a message or a call went out, so that its sender or caller isn't the contact. */
export function isOutbound({ json, layout }: Pick<Scope, 'json' | 'layout'>): boolean {
	const direction = directionOf(json, callKeysOf(layout).directions);
	return direction === 'out' || direction === 'sent';
}

function callKeysOf(layout: Layout): CallKeys {
	const kept = keysOfLayouts.get(layout);
	if (kept) return kept;
	const names = layout.keys
		.filter(({ length }) => length <= LONGEST_KEY)
		.map((key) => ({ key, name: compact(key) }));
	const keysLike = (...patterns: RegExp[]) =>
		patterns.flatMap((pattern) =>
			names.filter(({ name }) => pattern.test(name)).map(({ key }) => key),
		);
	const found = {
		from: keysLike(FROM),
		to: keysLike(TO),
		stated: keysLike(DIRECTION_KEY, IN_IF_TRUE, OUT_IF_TRUE),
		directions: keysLike(DIRECTION_KEY, IN_IF_TRUE, OUT_IF_TRUE, TYPE, RECEIVED, CAME_IN),
		chats: keysLike(CHAT),
		lists: keysLike(LIST),
	};
	keysOfLayouts.set(layout, found);
	return found;
}

function directionAround(scope: Scope, item: Scope | undefined): Direction | undefined {
	for (let each: Scope | undefined = scope; each; each = each.outer) {
		const direction = directionOf(each.json, callKeysOf(each.layout).directions);
		if (direction) return direction;
	}
	return item && directionOf(item.json, callKeysOf(item.layout).directions);
}

// { from: '+254712345678', to: '28901' }: a company is at the end with the short code or the extension.
function directionByShortCode(
	{ json }: Scope,
	{ from, to }: Pick<CallKeys, 'from' | 'to'>,
): Direction | undefined {
	const isShort = (key: string) => SHORT_CODE.test(String(json[key]));
	if (to.some(isShort)) return from.some(isShort) ? undefined : 'in';
	return from.some(isShort) ? 'out' : undefined;
}

function directionOf(json: Json, keys: readonly string[]): Direction | undefined {
	for (const key of keys) {
		const direction = directionAt(compact(key), json[key]);
		if (direction) return direction;
	}
	return undefined;
}

function directionAt(name: string, value: unknown): Direction | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (IN_IF_TRUE.test(name)) return ifTrue(value, 'in', 'out');
	if (OUT_IF_TRUE.test(name)) return ifTrue(value, 'out', 'in');
	return RECEIVED.test(name) || CAME_IN.test(name) ? 'in' : directionIn(name, value);
}

function directionIn(name: string, value: unknown): Direction | undefined {
	if (typeof value !== 'string' || value.length > LONGEST_TEXT) return undefined;
	if (INBOUND.test(value)) return 'in';
	if (OUTBOUND.test(value)) return 'out';
	if (SENT.test(value)) return 'sent';
	return DIRECTION_KEY.test(name) ? SHORT[value.toLowerCase()] : undefined;
}

function ifTrue(value: unknown, yes: Direction, no: Direction): Direction | undefined {
	const text = typeof value === 'object' ? '' : String(value).toLowerCase();
	if (text === 'true' || text === '1') return yes;
	return text === 'false' || text === '0' ? no : undefined;
}

type End = { side: 'from' | 'to'; found: Found };

function endsWithKeys(scope: Scope, keys: Pick<CallKeys, 'from' | 'to'>): End[] {
	return (['from', 'to'] as const).flatMap((side) =>
		keys[side].flatMap((key) =>
			KINDS.flatMap((kind) => endsAt(scope, key, kind)).map((found) => ({ side, found })),
		),
	);
}

// { recipients: [{ handle: 'mary@example.com', role: 'from' }, { handle, role: 'to' }] }
function endsInList(scope: Scope, key: string): End[] {
	const list = scope.json[key];
	if (!Array.isArray(list)) return [];
	return list.slice(0, MAX_LISTED).flatMap((entry: unknown, index) => {
		if (!isObject(entry)) return [];
		const role = ROLE_KEYS.map((each) => entry[each]).find((each) => typeof each === 'string');
		const name = compact((role as string | undefined)?.slice(0, LONGEST_KEY) ?? '');
		const side = FROM.test(name) ? 'from' : TO.test(name) ? 'to' : undefined;
		if (side === undefined) return [];
		const inner: Scope = {
			json: entry,
			layout: layoutOf(entry),
			person: scope.person,
			outer: scope,
			pathOf: (each) => `${scope.pathOf(key)}[${index}].${each}`,
		};
		return KINDS.flatMap((kind) => endsIn(inner, kind)).map((found) => ({ side, found }));
	});
}

// { from: '+14155552671' }, { from: { phoneNumber: '+14155552671' } }, { to: [{ phone_number: '+14155552671' }] }
function endsAt(scope: Scope, key: string, kind: Kind): Found[] {
	const value = scope.json[key];
	if (typeof value !== 'object' || value === null) return foundAt(scope, key, kind);
	if (Array.isArray(value) && value.length !== 1) return [];
	return objectsAt(scope, [{ key }]).flatMap((inner) => endsIn(inner, kind));
}

function endsIn(scope: Scope, kind: Kind): Found[] {
	const names = scope.layout.keys.slice(0, MAX_KEYS);
	const at = names.filter((name) => AT_END[kind].test(compact(name)));
	return at.flatMap((name) => foundAt(scope, name, kind)).slice(0, 1);
}

/** Which of the two a value is. */
export function kindOfFound({ candidate }: Found): Kind {
	return candidate.role.field === 'email' ? 'email' : 'phone';
}

function foundAt(scope: Scope, key: string, kind: Kind): Found[] {
	const given = scope.json[key];
	const value = kind === 'phone' ? (numberInChatId(given) ?? given) : given;
	if (typeof value === 'object') return [];
	if (kind === 'email' ? !isAddress(value) || numberInChatId(value) : !isNumber(value)) return [];
	return [valueFound(scope, { key, value }, { kind, rank: RANK })];
}

function isNumber(value: unknown): boolean {
	return WRITTEN_NUMBER.test(String(value)) && isPromising(value, 'phone');
}

/** A value at a key that doesn't name it. */
function valueFound(
	scope: Scope,
	{ key, value }: { key: string; value: unknown },
	{ kind, rank }: { kind: Kind; rank: number },
): Found {
	const role = {
		field: kind,
		around: 'unknown',
		party: 'own',
		person: '',
		rank,
		qualifier: '',
		stem: key,
	} as const;
	return { scope, candidate: { key, role }, value, person: personAround(scope), rank };
}

// { data: { key: { remoteJid } } }
function personAround(scope: Scope): Person {
	let around = scope;
	while (around.person.party === 'unknown' && around.outer) around = around.outer;
	return around.person;
}

function numberInChatId(id: unknown): string | undefined {
	const [, digits] = typeof id === 'string' ? (WHATSAPP_ID.exec(id) ?? []) : [];
	return digits === undefined ? undefined : `+${digits}`;
}

function comparable({ value, candidate: { role } }: Found): string {
	const text = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
	return role.field === 'phone' ? text.replace(/\D/g, '').slice(-DIGITS_COMPARED) : text;
}

/** A contact's number under a plain key: { customer: { number: '+14155552671' } }. */
export function numberIn(scope: Scope): Found[] {
	const { json, layout, person } = scope;
	if (person.party !== 'contact' || layout.fields.phone.length > 0 || !isWholeNumber(json.number))
		return [];
	return [valueFound(scope, { key: 'number', value: json.number }, { kind: 'phone', rank: RANK })];
}

/** Whom a campaign's email was sent to. */
export function recipientIn(scopes: readonly Scope[]): Found[] {
	for (const scope of scopes) {
		if (!isClear(scope.person)) continue;
		const key = recipientKey(scope.json, scope.layout.keys);
		if (key === undefined) continue;
		return [valueFound(scope, { key, value: scope.json[key] }, { kind: 'email', rank: RANK })];
	}
	return [];
}

function recipientKey(json: Json, keys: readonly string[]): string | undefined {
	const key = ['recipient', 'Recipient'].find((each) => isPromising(json[each], 'email'));
	if (key === undefined) return undefined;
	const isDelivery =
		keys.some((each) => DELIVERY_KEY.test(each)) ||
		[json.event, json.metric, json.event_type].some(
			(each) => typeof each === 'string' && DELIVERY.test(each),
		);
	return isDelivery ? key : undefined;
}

/** Whether a courier delivers it to them: { pickup: { phone }, dropoff: { phone } }, { recipients: [{ phone }], worker: { phone } }. */
export function isDroppedOff({ person, scope }: Found): boolean {
	if (person.field.replace('_', '') !== DROPOFF) return false;
	for (let each: Scope | undefined = scope; each; each = each.outer)
		if (each.layout.keys.some((key) => COURIER.test(key))) return true;
	return false;
}

/** Whether somebody sends something to a receiver next to them: the shop, not the customer. */
export function isSender({ person, scope }: Found): boolean {
	const around = scope.outer ?? scope;
	return person.field === 'sender' && around.layout.keys.some((key) => RECEIVER.test(key));
}

/** Whether an object is a ticket that is assigned to somebody: its user is who asked. */
export function isTicket({ json, layout: { keys } }: Scope): boolean {
	return keys.includes('subject') && keys.some((key) => ASSIGNED.test(key) && isObject(json[key]));
}
