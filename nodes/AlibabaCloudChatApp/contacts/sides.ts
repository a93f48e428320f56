/**
 * Who is at which end of a call, a message, or a delivery. `sidesIn(scopes)` finds the emails and phones that are the
 * contact's (`theirs`) and those of the company that sends or receives (`ours`), from the direction of a call or message.
 * For a delivery, see the end of this file.
 */

import { compact } from './keyName';
import { roleOf } from './keyRole';
import type { Layout } from './layout';
import {
	comparableText,
	domainsIn,
	emailsOfOthers,
	isAtDomain,
	isContacts,
	kindOfFound,
	type Found,
	type Person,
	newScope,
	PERSON_RANKS,
	type Scope,
} from './people';
import {
	IDENTIFIER_KINDS,
	type IdentifierKind,
	isInternationalNumber,
	isObject,
	isOneEmail,
	isWrittenAsIdentifier,
	type Json,
	numberInWhatsAppId,
} from './text';
import { mayContainIdentifier } from './values';

/** Who in an item is on the contact's side, and who on ours. */
export interface Sides {
	/** The contact's end: who called or wrote to us, or was called or written to. */
	theirs: Record<IdentifierKind, Found[]>;
	/** Whether an object says explicitly that it is a call or a message, so its user is one of ours. */
	isCallOrMessage: boolean;
	/** Whether a value is on our side, or equal to one that is. */
	isOurs(found: Found): boolean;
	/** Whether an email is also somebody else's: { created_by: { email }, signers: [{ email }, { email }] }. */
	isOthersEmail(found: Found): boolean;
}

/**
 * Whether a call or message is incoming from the contact, or outgoing to them. `sent`: only its status says that it is
 * outgoing; `list`: an email from a mailing list, so neither end is the contact's.
 */
type Direction = 'in' | 'out' | 'sent' | 'list';

/** The keys that say who is at each end of a call or a message. */
interface CallKeys {
	/** Keys for who calls or writes, and for who is called or written to. */
	from: readonly string[];
	to: readonly string[];
	/** Keys that are only about the direction, and all keys that show it, the most reliable first. */
	stated: readonly string[];
	directions: readonly string[];
	/** Keys for the contact's number, whatever the direction, such as WhatsApp's chat ID. */
	chats: readonly string[];
	replyTo: readonly string[];
	/** Whether there is a key that only a call has. */
	isCall: boolean;
	/** Keys for lists of participants. */
	lists: readonly string[];
}

/** A key for the direction of a call or message, as `compact` returns it. */
const DIRECTION_KEY = /^(?:call|message|msg)?direction$/;
const INBOUND = /inbound|incoming|received/i;
const OUTBOUND = /outbound|outgoing/i;
const SENT = /sent|delivered/i;
const DIRECTION_CODES: Readonly<Record<string, Direction>> = {
	in: 'in',
	mo: 'in',
	out: 'out',
	mt: 'out',
};
const IN_IF_TRUE = /^(?:is)?(?:inbound|incoming)$/;
const OUT_IF_TRUE = /^(?:(?:is)?(?:outbound|outgoing|fromme)|sentbyme)$/;
const TYPE =
	/^(?:noticetype|type|event|eventname|eventtype|status|messagestatus|calltype|kind|topic)$/;
// Keys that only incoming messages and calls have, such as one for the number that was dialed to reach a company.
const RECEIVED = /^received_?(?:at|on|date|time\w*)$/i;
const CAME_IN = /^fromcountry$|^(?:called)?did(?:number)?$|^(?:strippedtext|spam_?score)$/;
const END = String.raw`(?:id|cli|did|full)?(?:phone|tel|mobile|fields?)?(?:number|no|num|address)?(?:e?164)?$`;
const FROM = new RegExp(
	`^(?:call|message)?(?:from|caller|calling|source|src|originator|ani|sender)${END}`,
);
const TO = new RegExp(
	`^(?:call|message)?(?:to|called|callee|destination|dest|dst|dialed|dialled|dnis|did|recipient|receiver)${END}`,
);
const LIST = /^(?:recipients|participants|parties)$/;
const END_KEYS = ['role', 'type'];
const CHAT = /^(?:remotejid|jid|chatid|rawdigits)$/;
const REPLY_TO = /^replyto(?:full|fields?|list)?$/;
const CALL =
	/^(?:rawdigits|call(?:sid|uuid)|(?:talk|ring|wait)time|hangup\w*|answeredat|callrecording\w*|recordingurl|missedcallreason)$/;
const CALL_EVENT = /^(?:phone_?)?call[._:]/i;
const CALL_EVENT_KEYS = ['event', 'type', 'event_type'];
// An email's labels in Gmail, its headers, and the rule that it matched.
const MAIL_LABELS = /^labels?(?:ids)?$/;
const HEADERS = /^headers$/;
const RULE = /^(?:rule|trigger)$/;
const RECEIVED_HEADER = /^(?:delivered-to|received|return-path)$/i;
const LIST_HEADER = /^(?:list-(?:unsubscribe|id)|precedence)$/i;
// The keys of the email or phone in the object at one end.
const AT_END: Record<IdentifierKind, RegExp> = {
	phone: /^(?:phone|phonenumber|number|handle|address|value|e164|msisdn)$/,
	email: /^(?:email|emailaddress|address|handle|value)$/,
};
const MAX_LISTED = 20;
const NAMED_ADDRESS = /^[^<>@]{0,100}<([^<>\s]{3,100})>$/;
const LONGEST_KEY = 30;
const SHORT_CODE = /^\d{3,6}$/;
const LONGEST_TEXT = 100;
const MAX_KEYS = 60;
const MAX_END_DEPTH = 3;
const RANK_AT_END = 15;
const CAMPAIGN_KEY = /campaign|delivery|broadcast|newsletter|mailing|recordtype/i;
const CAMPAIGN_EVENT =
	/^(?:sent|delivered|delivery|open|opened|click|clicked|unsubscribe|unsubscribed|complained|accepted)$/i;
const LINK = /^(?:tel|whatsapp):/;

const keysOfLayouts = new WeakMap<Layout, CallKeys>();

/** The sides of the calls and messages in an item, if they show their direction. */
export function sidesIn(scopes: readonly Scope[]): Sides {
	const theirs: Sides['theirs'] = { email: [], phone: [] };
	const ours: Found[] = [];
	const calls = new Set<Scope>();
	let others: ReadonlySet<string> | undefined;
	for (const scope of scopes) {
		const { chats } = callKeysOf(scope.layout);
		theirs.phone.push(...chats.flatMap((key) => foundAtKey(scope, key, 'phone')));
		const ends = endsOf(scope);
		if (ends.length === 0) continue;
		if (haveBothNumbers(ends)) calls.add(scope);
		for (const { owner, found } of withOwners(ends, scope, scopes[0])) {
			if (owner === 'contact') theirs[kindOfFound(found)].push(found);
			else if (owner === 'us') ours.push(found);
		}
	}
	const texts = new Set(ours.map(comparableText));
	const paths = ours.map(({ scope, candidate }) => scope.pathOf(candidate.key));
	const isAtOurEnd = (found: Found) =>
		texts.has(comparableText(found)) || paths.includes(found.scope.pathOf(found.candidate.key));
	return {
		theirs,
		isCallOrMessage: scopes.some(isCallOrMessage),
		isOthersEmail(found) {
			others ??= new Set(scopes.flatMap(({ json, layout }) => emailsOfOthers(json, layout)));
			return others.has(comparableText(found));
		},
		isOurs: (found) =>
			(calls.has(found.scope) && isUnnamedEmail(found)) || (ours.length > 0 && isAtOurEnd(found)),
	};
}

function isCallOrMessage({ json, layout }: Scope): boolean {
	const { stated, isCall } = callKeysOf(layout);
	return isCall || isCallEvent(json) || directionOf(json, stated) !== undefined;
}

function endsOf(scope: Scope): End[] {
	const { from, to, lists } = callKeysOf(scope.layout);
	return [...endsUnderKeys(scope, { from, to }), ...lists.flatMap((key) => endsInList(scope, key))];
}

/** Whose ends they are, as far as the direction shows. */
function withOwners(
	ends: End[],
	scope: Scope,
	item: Scope | undefined,
): Array<{ owner: 'contact' | 'us' | 'unknown'; found: Found }> {
	const direction =
		nearestDirection(scope, item) ?? directionByShortCode(scope, callKeysOf(scope.layout));
	if (direction === undefined) return [];
	const isNeither = direction === 'list' || isFromFormOrColleague(scope, ends);
	const contactsSide = direction === 'in' ? 'from' : 'to';
	return ends.map(({ side, found }) => {
		if (isNeither || side !== contactsSide) return { owner: 'us', found };
		return { owner: direction === 'sent' ? 'unknown' : 'contact', found };
	});
}

function haveBothNumbers(ends: readonly End[]): boolean {
	const numbers = ends.filter(({ found }) => kindOfFound(found) === 'phone');
	return new Set(numbers.map(({ side }) => side)).size === 2;
}

// Next to the numbers at both ends, an email may be the agent's.
function isUnnamedEmail(found: Found): boolean {
	const isOwn = found.candidate.role.party === 'own' && found.person.party === 'own';
	return isOwn && kindOfFound(found) === 'email';
}

/** Whether a key is one that only an incoming message has. */
export function isReceivedKey(key: string): boolean {
	return RECEIVED.test(key);
}

/** Whether a call may be outgoing, so its caller isn't the contact: { caller_id, destination }. */
export function mayBeOutbound(scope: Scope): boolean {
	const { directions, to } = callKeysOf(scope.layout);
	const direction = directionOf(scope.json, directions);
	if (direction === undefined) return to.some((key) => foundAtKey(scope, key, 'phone').length > 0);
	return direction === 'out' || direction === 'sent';
}

/** Whether an object is the caller of a call that may be outgoing: { caller: { number }, callee: { number } }. */
export function isOurCaller({ person, outer }: Scope): boolean {
	return outer !== undefined && roleOf(person.key).personWord === 'caller' && mayBeOutbound(outer);
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
	const stated = [DIRECTION_KEY, IN_IF_TRUE, OUT_IF_TRUE];
	const found = {
		from: keysLike(FROM),
		to: keysLike(TO),
		stated: keysLike(...stated),
		directions: keysLike(...stated, MAIL_LABELS, HEADERS, TYPE, RULE, RECEIVED, CAME_IN),
		chats: keysLike(CHAT),
		replyTo: keysLike(REPLY_TO),
		isCall: names.some(({ name }) => CALL.test(name)),
		lists: keysLike(LIST),
	};
	keysOfLayouts.set(layout, found);
	return found;
}

function nearestDirection(scope: Scope, item: Scope | undefined): Direction | undefined {
	for (let each: Scope | undefined = scope; each; each = each.outer) {
		const direction = directionOf(each.json, callKeysOf(each.layout).directions);
		if (direction) return direction;
	}
	return item && directionOf(item.json, callKeysOf(item.layout).directions);
}

// { from: '+254712345678', to: '28901' }: the end with the short code or the extension is a company's.
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
		const direction = directionAtKey(compact(key), json[key]);
		if (direction) return direction;
	}
	return undefined;
}

function directionAtKey(name: string, value: unknown): Direction | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (IN_IF_TRUE.test(name)) return ifTrue(value, 'in', 'out');
	if (OUT_IF_TRUE.test(name)) return ifTrue(value, 'out', 'in');
	if (typeof value === 'object') return directionInObject(name, value as Json);
	return isReceivedKey(name) || CAME_IN.test(name) ? 'in' : directionInText(name, value);
}

// { labels: [{ id: 'INBOX' }] }, { headers: { 'delivered-to': '…' } }, { rule: { type: 'incoming_email' } }
function directionInObject(name: string, value: Json | unknown[]): Direction | undefined {
	if (MAIL_LABELS.test(name) && Array.isArray(value)) {
		const labels = value.slice(0, MAX_LISTED).map((each) => (isObject(each) ? each.id : each));
		if (labels.includes('SENT')) return 'out';
		return labels.includes('INBOX') ? 'in' : undefined;
	}
	if (!isObject(value)) return undefined;
	if (HEADERS.test(name)) {
		const keys = Object.keys(value).slice(0, MAX_KEYS);
		if (!keys.some((key) => RECEIVED_HEADER.test(key))) return undefined;
		return keys.some((key) => LIST_HEADER.test(key)) ? 'list' : 'in';
	}
	return RULE.test(name) ? directionInText(name, value.type) : undefined;
}

// From a website's form, where replies go to the visitor, or from a colleague, who has the same mail domain.
function isFromFormOrColleague(scope: Scope, ends: readonly End[]): boolean {
	const emails = ends.filter(({ found }) => kindOfFound(found) === 'email');
	const from = emails.filter(({ side }) => side === 'from').map(({ found }) => found);
	const senders = from.map(comparableText);
	const replies =
		from.length === 0
			? []
			: callKeysOf(scope.layout).replyTo.flatMap((key) => foundAtKey(scope, key, 'email'));
	const domains = emails.flatMap(({ side, found }) =>
		side === 'to' ? domainsIn(found.value) : [],
	);
	return (
		replies.some((found) => !senders.includes(comparableText(found))) ||
		from.some(({ value }) => isAtDomain(value, new Set(domains)))
	);
}

function isCallEvent(json: Json): boolean {
	return CALL_EVENT_KEYS.some((key) => typeof json[key] === 'string' && CALL_EVENT.test(json[key]));
}

function directionInText(name: string, value: unknown): Direction | undefined {
	if (typeof value !== 'string' || value.length > LONGEST_TEXT) return undefined;
	if (INBOUND.test(value)) return 'in';
	if (OUTBOUND.test(value)) return 'out';
	if (SENT.test(value)) return 'sent';
	return DIRECTION_KEY.test(name) ? DIRECTION_CODES[value.toLowerCase()] : undefined;
}

function ifTrue(value: unknown, yes: Direction, no: Direction): Direction | undefined {
	const text = typeof value === 'object' ? '' : String(value).toLowerCase();
	if (text === 'true' || text === '1') return yes;
	return text === 'false' || text === '0' ? no : undefined;
}

type End = { side: 'from' | 'to'; found: Found };

function endsUnderKeys(scope: Scope, keys: Pick<CallKeys, 'from' | 'to'>): End[] {
	return (['from', 'to'] as const).flatMap((side) =>
		keys[side].flatMap((key) =>
			IDENTIFIER_KINDS.flatMap((kind) => foundAtKey(scope, key, kind)).map((found) => ({
				side,
				found,
			})),
		),
	);
}

// { recipients: [{ handle: 'mary@example.com', role: 'from' }, { handle, role: 'to' }] }
function endsInList(scope: Scope, key: string): End[] {
	const list = scope.json[key];
	if (!Array.isArray(list)) return [];
	return list.slice(0, MAX_LISTED).flatMap((entry: unknown, index) => {
		if (!isObject(entry)) return [];
		const role = END_KEYS.map((each) => entry[each]).find((each) => typeof each === 'string');
		const name = compact((role as string | undefined)?.slice(0, LONGEST_KEY) ?? '');
		const side = FROM.test(name) ? 'from' : TO.test(name) ? 'to' : undefined;
		if (side === undefined) return [];
		const path = `${scope.pathOf(key)}[${index}]`;
		const inner = newScope(entry, { person: scope.person, outer: scope, path });
		return IDENTIFIER_KINDS.flatMap((kind) => foundInObject(inner, kind)).map((found) => ({
			side,
			found,
		}));
	});
}

// { from: '+14155552671' }, { from: { phoneNumber: '+14155552671' } }, { to: [{ phone_number: '+14155552671' }] }
function foundAtKey(scope: Scope, key: string, kind: IdentifierKind, depth = 0): Found[] {
	const value = scope.json[key];
	const isList = Array.isArray(value);
	const only: unknown = isList ? value[0] : value;
	if (isList && value.length !== 1) return [];
	if (!isObject(only)) return foundInValue(scope, key, only, kind);
	if (depth > MAX_END_DEPTH) return [];
	const path = `${scope.pathOf(key)}${isList ? '[0]' : ''}`;
	const inner = newScope(only, { person: scope.person, outer: scope, path });
	return foundInObject(inner, kind, depth + 1);
}

function foundInObject(scope: Scope, kind: IdentifierKind, depth = 1): Found[] {
	const names = scope.layout.keys.slice(0, MAX_KEYS);
	const at = names.filter((name) => AT_END[kind].test(compact(name)));
	return at.flatMap((name) => foundAtKey(scope, name, kind, depth)).slice(0, 1);
}

function foundInValue(scope: Scope, key: string, given: unknown, kind: IdentifierKind): Found[] {
	if (typeof given === 'object') return [];
	const number = typeof given === 'string' ? numberInWhatsAppId(given) : undefined;
	if (kind === 'phone') {
		const value = number ?? given;
		return isNumberAtEnd(value) ? [newFound(scope, key, value, kind)] : [];
	}
	const [, address = given] = typeof given === 'string' ? (NAMED_ADDRESS.exec(given) ?? []) : [];
	const isOne = number === undefined && isOneEmail(address);
	return isOne ? [newFound(scope, key, address, kind)] : [];
}

// Next to `from` and `to`, "01/02/2026" is a date.
function isNumberAtEnd(value: unknown): boolean {
	const text = String(value).replace(LINK, '');
	return isWrittenAsIdentifier(text, 'phone') && !text.includes('/');
}

/** What was found under a key that doesn't say what its value is. */
function newFound(scope: Scope, key: string, value: unknown, kind: IdentifierKind): Found {
	const role = {
		field: kind,
		objectRole: 'unknown',
		party: 'own',
		personWord: '',
		rank: RANK_AT_END,
		qualifier: '',
		stem: key,
	} as const;
	const person = nearestPerson(scope);
	return { scope, candidate: { key, role }, value, person, rank: RANK_AT_END };
}

// { data: { key: { remoteJid } } }
function nearestPerson(scope: Scope): Person {
	let each = scope;
	while (each.person.party === 'excluded' && each.outer) each = each.outer;
	return each.person;
}

/** A contact's number under the key `number`: { customer: { number: '+14155552671' } }. */
export function numberIn(scope: Scope): Found[] {
	const { json, layout, person } = scope;
	const isOne =
		person.party === 'contact' &&
		layout.fields.phone.length === 0 &&
		isInternationalNumber(json.number) &&
		!isOurCaller(scope);
	return isOne ? [newFound(scope, 'number', json.number, 'phone')] : [];
}

/** The recipient of a campaign's email. */
export function recipientIn(scopes: readonly Scope[]): Found[] {
	for (const scope of scopes) {
		const key = isContacts(scope) ? recipientKey(scope.json, scope.layout.keys) : undefined;
		if (key !== undefined) return [newFound(scope, key, scope.json[key], 'email')];
	}
	return [];
}

function recipientKey(json: Json, keys: readonly string[]): string | undefined {
	const key = ['recipient', 'Recipient'].find((each) => mayContainIdentifier(json[each], 'email'));
	if (key === undefined) return undefined;
	const isCampaign =
		keys.some((each) => CAMPAIGN_KEY.test(each)) ||
		[json.event, json.metric, json.event_type].some(
			(each) => typeof each === 'string' && CAMPAIGN_EVENT.test(each),
		);
	return isCampaign ? key : undefined;
}

// Deliveries: who brings something, and who receives it.
const DROPOFF = 'dropoff';
const RECEIVER = /^(?:recipients?|receiver|consignee)$/i;
const RECEIVING = /^(?:recipient|receiver|consignee|signer|signator|signature|participant)/i;
const PICKUP = /^(?:pick_?up|courier|driver|rider|dasher)/i;
const DELIVERY =
	/^(?:pick_?up|worker$|courier|driver|rider|dasher|deliverer|parcels?$|packages?$|shipments?$)/i;

/** Whether a key is for the person who receives a delivery, or a document to sign. */
export function isReceiverKey(key: string): boolean {
	return RECEIVER.test(key);
}

/** The receiver in an object with a pickup: { pickup_details: { phone }, delivery_details: { phone } }. */
export function receiverIn({ layout, person }: Scope): Person | undefined {
	return layout.keys.some((key) => PICKUP.test(key)) ? newReceiver(person) : undefined;
}

/** The person who receives a delivery: the contact only if nothing in the item says who placed the order. */
export function newReceiver(parent: Person): Person {
	return { party: 'possible', rank: PERSON_RANKS.possible, parent, key: DROPOFF };
}

/** Whether a courier delivers something to the person: { pickup: { phone }, dropoff: { phone } }, { recipients: [{ phone }], worker: { phone } }. */
export function isDroppedOff({ person, scope }: Found): boolean {
	if (person.key.replace('_', '') !== DROPOFF) return false;
	for (let each: Scope | undefined = scope; each; each = each.outer)
		if (each.layout.keys.some((key) => DELIVERY.test(key))) return true;
	return false;
}

/** Whether a person is the sender of something, next to its receiver: the shop, not the customer. */
export function isSender({ person, scope }: Found): boolean {
	const outer = scope.outer ?? scope;
	const isOne = person.key === 'sender' || roleOf(person.key).personWord === 'sender';
	return isOne && outer.layout.keys.some((key) => RECEIVING.test(key));
}
