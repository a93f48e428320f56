/**
 * Which values are opt-outs: `optOutInFields` returns the field with which a contact opted out. Meta subscribes every
 * matched person to the Page's marketing messages, so opting out of email, SMS, or all marketing counts as opting out.
 * @see https://developers.facebook.com/documentation/business-messaging/messenger-platform/marketing-messages-on-messenger/faq
 */

import {
	compactWithMarks,
	namesSomethingElse,
	isConsentGroup,
	isOnlyOptOut,
	isOneTopic,
	type ConsentMeaning,
	meaningOfName,
	namesChannels,
	saysOptOutInWords,
	withoutLatinAccents,
} from './consentNames';
import { isObject, isObjectOrList, type Json, memoized, looksLikeJson, objectIn } from './text';

/** A field that may contain an opt-out, in all items with the same keys. */
export interface ConsentKey {
	readonly key: string;
	readonly meaning: ConsentMeaning;
}

const KEYS_KEPT = 2000;
const LONGEST_NAME = 120;
const MAX_GROUP_DEPTH = 4;
const MAX_ENTRIES = 1000;
const LONGEST_TAGS = 20_000;
const MAX_KEYS = 2000;

const YES = new Set(
	`true yes y 1 on x v checked ok t si sim oui ja tak da hai evet ya vero ano igen kylla
	是 是的 好 同意 对 對 有 はい 예 네 да نعم हाँ ใช่ ✓ ✔ ☑ ✅`.split(/\s+/),
);
const NO = new Set(
	`false no n 0 off unchecked disabled disallowed f nein non nao nie net ne nee nej hayir hayır tidak ei nem falso never
	khong 否 不 不是 不希望 希望しない 配信しない 受け取らない ไม่ยินยอม 不同意 没有 いいえ 아니요 아니오 нет لا नहीं ไม่ ✗ ✘ ☐ ❌`.split(
		/\s+/,
	),
);
/** States of a person who agreed. */
const AGREED =
	/^(?:subscribed|resubscribed|granted|given|agreed?|accepted|consented|consent|optedin|optin|doubleoptin|singleoptin|confirmed(?:optin)?|allowed|permitted|active|verified|enabled|explicit|订阅|已订阅|已同意|abonne|inscrit|angemeldet|abonniert|suscrito|inscrito|iscritto)$/;
/** States of a person who opted out, in any field for a state. */
const OPTED_OUT =
	/^(?:un-?subscribed?|unsub|optedout\w*|optout\w*|\w*nonmarketable|unsubscribedfromall|subscriberunsubscribed?|emailoptout|(?:donot|dont|never)(?:contact|email|market\w*|sms|text|message|allow)|stop|usersuppressed|manualsuppression|blacklisted|blocklisted|\w*complained|complaint|spamcomplaint|abgemeldet|desinscrit|desabonne|dad[oa]debaja|descadastrad[oa]|disiscritt[oa]|afgemeld|uitgeschreven|wypisan[ya]|отписан|退订|已退订|取消订阅)$/;
/** A message that is only a request to stop messages. */
const OPT_OUT_REPLY = /^(?:stop(?:all)?|unsub(?:scribe)?|optout|abmelden|退订|取消订阅|取消訂閱)$/;
/** Tags of a contact who opted out; "complaint" isn't one, because it may be about an order. */
const OPT_OUT_TAG =
	/^(?:email|sms|marketing)?(?:unsubscribed?|unsub|opt(?:ed)?out)$|^(?:donot|dont|never)(?:contact|email|market\w*|sms|text|message)$|^(?:dnc|abgemeldet|desinscrit|desabonne|退订|已退订)$/;
/** A tag that is a field's name and value: "Lifecycle: Unsubscribed", "Email opt-out: no". */
const LABELED_TAG = /^([^:]+):(?!\/\/)(.*)$/s;
/** Words in the names of a field for consent and of the object around it. */
const OF_CONSENT = /consent|permission|optin|gdpr|dsgvo|iys|marketing|purpose|legalbas/;
/** Values that mean an opt-out only in a field for consent. */
const CONSENT_REFUSED =
	/^(?:den(?:y|ied)|declined?|refused|revoked?|withdrawn|reject(?:ed)?|objected|not(?:granted|given)|nichterteilt|verweigert|widerrufen|abgelehnt|refuse|rifiutato|rechazado|recusado|geweigerd|odmowa|отказ|不可|不要|停止|解除|拒否|拒绝|拒收|거부|해지|철회|ret)$/;
const OPT_OUT_EVENT =
	/^(?:contact|customer|subscriber|profile|member|lead|e?mail|sms|whatsapp|marketing|user|person|list|link)*(?:unsubscribed?(?:created|received)?|unsub|optedout|optout|unsubscribed?(?:from)?(?:e?mail|sms|all|marketing)\w*|(?:marked(?:email)?as)?spam(?:med)?|spamreport|spamcomplaint|complained|complaint)$/;
/** An event about one list or topic. */
const OF_ONE_LIST = /group|topic|fromlist/;
const CANCELED = /^cancell?ed$/;
/** A date. The years 0000, 0001, 1900, and 1970 are what some systems write for none. */
const DATE =
	/^(?:199|2\d\d)\d(?:-\d{1,2}(?:-\d{1,2})?)?(?:[T ].*)?$|^\d{1,2}[./]\d{1,2}[./](?:(?:199|2\d\d)\d|\d\d)(?:[ ,].*)?$/;
/** The seconds or milliseconds since 1970 as text, as in a form-encoded body. */
const TIMESTAMP = /^1\d{9}(?:\d{3})?$/;
/**
 * Keys of consent by subject: `consent: { promotions: 'opt_out' }`,
 * `consents: [{ purpose: 'marketing', granted: false }]`.
 */
const CONSENT_GROUP =
	/consent|legalbas[ei]s|^purposes$|^marketing$|^(?:communication|contact|marketing)(?:preferences?|permissions?)$/;
/** Keys of objects about more than consent: `settings: { marketing: { enabled: false } }` may be about a feature. */
const GENERAL = /^(?:settings?|config(?:uration)?|options|flags)$/;
/** About consent only if an entry names its subject: `permissions: [{ channel: 'email', allowed: false }]`. */
const BY_CHANNEL = /(?:permissions|subscriptions|preferences)$/;
/** In an object about consent, the subjects that are marketing. */
const MARKETING =
	/^(?:e?mails?|e?mailmarketing|marketing(?:e?mails?)?|newsletters?|promotions?|promotional(?:e?mails?)?|(?:special)?offers)$/;
/** Keys of the answer for a subject. */
const ANSWER =
	/^(?:is)?(?:consent)?(?:granted|given|accepted|agreed|allowed|consented|enabled|active|val|value)$/;
/** Subjects for which such an answer counts. */
const ANSWERED = /mail|marketing|promotion|newsletter|offers|communication/;
/** Keys of a subject's name. */
const SUBJECT_KEY = /^(?:id|type|purpose|name|key|category|channel|subject)$/;
const OTHER_SUBJECT =
	/analytics|cookie|terms|privacy|tracking|profiling|personali[sz]|functional|processing/;
/** `{ isGroup: false, isNewsletter: false }` is about the chat that a message is in. */
const GROUP_CHAT_FLAG = /^is_?group$/i;
const OTHER_CHAT_FLAG = /^is_?(?:newsletter|broadcast|channel)$/i;
/** Fields of orders and the like, whose cancellation says nothing about marketing. */
const ORDER =
	/total|amount|price|plan|invoice|order|appointment|event_?start|start_?(?:date|time)|current_period/i;

/**
 * The fields among a contact's keys that may contain an opt-out; worth keeping for all items with the same keys.
 * @param keys as in the item: only the last part of a flat key such as `data[action]` counts
 * @param around the names of the objects that they are in, within the contact
 */
export function consentKeys(keys: readonly string[], around = ''): ConsentKey[] {
	const found: ConsentKey[] = [];
	const isChat = keys.some((key) => GROUP_CHAT_FLAG.test(key));
	for (const key of keys) {
		const meaning = isChat && OTHER_CHAT_FLAG.test(key) ? undefined : meaningOf(key, around);
		if (meaning !== undefined) found.push({ key, meaning });
	}
	return found;
}

/** An object of a contact, and where to look for an opt-out in it. */
interface OptOutSearch {
	json: Readonly<Json>;
	/** What {@link consentKeys} found in it. */
	consent?: readonly ConsentKey[];
	/** The keys to search for objects about consent; absent: all of them. */
	keys?: readonly string[];
	/** The data path of one of its keys; absent: the key itself. */
	pathOf?: (key: string) => string;
}

/** An object with its name, which may be needed to know what a value in it means. */
interface NamedObject {
	json: Readonly<Json>;
	/** Its key, after that of the object around it if that is about consent or general; empty for an item. */
	name: string;
}

/** An item or a group: one of its objects about consent. */
interface Group extends NamedObject, Required<OptOutSearch> {
	/** How many groups it is in. */
	depth: number;
	/** The keys of the groups that it is in, and its own, within the contact. */
	around: string;
}

/**
 * The data path of the field with which the contact opted out of marketing, or undefined. `null`, an empty value, a
 * bounce, and "do not call" aren't opt-outs.
 */
export function optOutInFields({
	json,
	keys = Object.keys(json),
	consent = consentKeys(keys),
	pathOf = (key) => key,
}: OptOutSearch): string | undefined {
	return optOutInGroup({ json, keys, consent, pathOf, name: nameOf(pathOf), depth: 0, around: '' });
}

/** The key of the object with these data paths; empty for the item. */
function nameOf(pathOf: (key: string) => string): string {
	const parts = pathOf('')
		.split(/[.[\]"]+/)
		.filter((part) => part !== '' && !/^\d+$/.test(part));
	return parts.at(-1) ?? '';
}

/** Whether an object is about one list, topic, or order, or about another channel, as its data path shows. */
export function isAboutSomethingElse(pathOf: (key: string) => string): boolean {
	return namesSomethingElse(nameOf(pathOf));
}

/** The first field of a group that is an opt-out, or else the first one in its own groups. */
function optOutInGroup(group: Group): string | undefined {
	const { json, name, consent, pathOf, depth } = group;
	const isPaid = /^subscriptions?$/i.test(name) && Object.keys(json).some((key) => ORDER.test(key));
	if (isPaid) return undefined;
	for (const { key, meaning } of consent) {
		const value = meaning === 'group' ? valueIn(json[key]) : labelIn(valueIn(json[key]));
		if (isEmpty(value) || !IS_OPT_OUT[meaning](value, key, group)) continue;
		if (meaning === 'optOut' && isBounced(json)) continue;
		if (depth === 0 || !isOneTopicOfSeveral(key, consent, json)) return pathOf(key);
	}
	const timeKey = keyOfOptOutTime(json, consent);
	return timeKey === undefined ? optOutInInnerGroups(group) : pathOf(timeKey);
}

/**
 * Whether a provider stopped sending because the address doesn't exist: `{ suppressed: true, reason: 'hard_bounce' }`.
 */
function isBounced(json: Readonly<Json>): boolean {
	return Object.keys(json).some(
		(key) => /reason$/i.test(key) && /bounce/.test(shortText(json[key])),
	);
}

/**
 * Whether a person opted out of one kind of marketing, but agreed to another: `{ newsletter: false, offers: true }`.
 */
function isOneTopicOfSeveral(
	key: string,
	consent: readonly ConsentKey[],
	json: Readonly<Json>,
): boolean {
	if (!isOneTopic(key)) return false;
	return consent.some(
		(other) => other.key !== key && isOneTopic(other.key) && saysYes(json[other.key]),
	);
}

/** Whether an answer is an opt-out, given its label. */
export function isOptOutAnswer(label: string, answer: unknown, json: Json): boolean {
	const meaning = meaningOf(label);
	if (meaning === undefined || meaning === 'event' || meaning === 'reply') return false;
	return !isEmpty(answer) && IS_OPT_OUT[meaning](answer, label, { json, name: '' });
}

/** The key of the time when a person opted out, unless another field shows that they opted in again. */
function keyOfOptOutTime(json: Readonly<Json>, consent: readonly ConsentKey[]): string | undefined {
	const time = consent.find(
		({ key, meaning }) => meaning === 'optedOutAt' && isTimeOrYes(valueIn(json[key])),
	);
	const isBack = consent.some(
		({ key, meaning }) =>
			(meaning === 'state' || meaning === 'optIn') && saysYes(valueIn(json[key])),
	);
	return isBack ? undefined : time?.key;
}

/**
 * Whether a value gives consent: true, 1, yes in any supported language, a date, or a state such as 'subscribed'.
 */
export function saysYes(value: unknown): boolean {
	if (isDateOrYes(value)) return true;
	if (typeof value !== 'string') return false;
	const text = value.trim();
	return text.length <= LONGEST_NAME && AGREED.test(compactWithMarks(text));
}

const meanings = memoized(KEYS_KEPT, (path): ConsentMeaning | undefined => {
	const [around = '', key = ''] = path.split('\n');
	const parts = nameParts(key);
	return meaningOfName(parts.at(-1) ?? key, [around, ...parts.slice(0, -1)].join(' '));
});

function meaningOf(key: string, around = ''): ConsentMeaning | undefined {
	return key.length > LONGEST_NAME ? undefined : meanings(`${around}\n${key}`);
}

/** `data[action]` -> data, action; `properties.hs_email_optout`; `Opt-In (Y/N)` -> Opt-In; Dynamics' `donotfax@OData…` -> donotfax. */
function nameParts(key: string): string[] {
	return key
		.replace(/__p?[cr]$|\([^)]*\)|@OData\..*$|\n/g, '')
		.split(/[.[\]/]+|__(?=[a-z])/)
		.filter((part) => part !== '' && !/^\d+$/.test(part));
}

/** Whether a value is an opt-out, by its field's meaning. */
const IS_OPT_OUT: Record<
	ConsentMeaning,
	(value: unknown, key: string, object: NamedObject) => boolean
> = {
	optOut: isOptOutFlag,
	optIn: (value, key, object) =>
		isNo(value) || isRefused(value) || isOptOutStateOf(key, value, object),
	subject: (value) =>
		(typeof value !== 'number' && isNo(value)) || isRefused(value) || isOptOutState(value),
	group: isOptedOutChannel,
	state: (value, key, object) => isOptOutStateOf(key, value, object),
	tags: (value) => tagsIn(value).some(isOptOutTag),
	reply: (value) =>
		OPT_OUT_REPLY.test(shortText(value)) || (typeof value === 'string' && isOnlyOptOut(value)),
	event: isOptOutEvent,
	optedOutAt: () => false,
};

// A channel in a group: `preferences: { email: 'opted_out' }`. Usually, the value is just an email or a phone number.
function isOptedOutChannel(value: unknown, key: string): boolean {
	if (typeof value !== 'string' || value.includes('@')) return false;
	return /mail|sms/i.test(key) ? OPTED_OUT.test(shortText(value)) : isOptOutState(value);
}

function isRefused(value: unknown): boolean {
	return CONSENT_REFUSED.test(shortText(value));
}

function isOptOutEvent(value: unknown): boolean {
	const text = shortText(value);
	if (OF_ONE_LIST.test(text)) return false;
	// An email may be suppressed because it bounced.
	const isSaid = typeof value === 'string' && !/suppress/i.test(value) && saysOptOutInWords(value);
	return OPT_OUT_EVENT.test(text) || isSaid;
}

function isOptOutFlag(value: unknown): boolean {
	if (isTimeOrYes(value) || hasEntries(value) || isOptOutState(value)) return true;
	if (typeof value !== 'string') return false;
	// A workbook's formula that was never calculated may be a yes.
	return value.startsWith('=') || shortText(value) === 'all' || namesChannels(value);
}

function isOptOutState(value: unknown): boolean {
	return (
		OPTED_OUT.test(shortText(value)) || (typeof value === 'string' && saysOptOutInWords(value))
	);
}

/** `tags: ['vip', 'unsubscribed']`, `'VIP, Do Not Email'`, `[{ name: 'unsubscribed' }]` */
function tagsIn(value: unknown): string[] {
	const tags: unknown[] = Array.isArray(value) ? value.slice(0, MAX_ENTRIES) : [value];
	return tags.flatMap((tag) => {
		const text = isObject(tag) ? (tag.name ?? tag.label ?? tag.title ?? tag.tag) : tag;
		return typeof text === 'string' ? text.slice(0, LONGEST_TAGS).split(/[,;|]|:::/) : [];
	});
}

function isOptOutTag(tag: string): boolean {
	const [, label = '', answer = ''] = LABELED_TAG.exec(tag) ?? [];
	if (meaningOf(label) !== undefined) return isOptOutAnswer(label, answer.trim(), {});
	return OPT_OUT_TAG.test(compactWithMarks(tag)) || isOnlyOptOut(tag);
}

function isOptOutStateOf(key: string, value: unknown, object: NamedObject): boolean {
	if (isOptOutState(value)) return true;
	const state = shortText(value);
	const name = compactWithMarks(key);
	const isOfConsent = OF_CONSENT.test(name + compactWithMarks(object.name));
	if (isOfConsent && CONSENT_REFUSED.test(state)) return true;
	return CANCELED.test(state) && isSubscribersState(name, object);
}

// A canceled subscriber opted out; a canceled order or paid subscription says nothing about marketing.
function isSubscribersState(key: string, { json, name }: NamedObject): boolean {
	if (/^subscribers?$/i.test(name)) return true;
	const keys = Object.keys(json);
	return (
		key === 'state' &&
		keys.some((each) => /e-?mail/i.test(each)) &&
		!keys.some((each) => ORDER.test(each))
	);
}

/** Mautic lists the channels that a person opted out of: `doNotContact: [{ channel: 'email' }]`. */
function hasEntries(value: unknown): boolean {
	if (!Array.isArray(value)) return false;
	return value.some((entry: unknown) => {
		if (typeof entry === 'string') return /e-?mail|sms|all|marketing/i.test(entry);
		if (!isObject(entry)) return false;
		const { channel = 'email', reason } = entry;
		return /e-?mail|sms|whatsapp|all/i.test(String(channel)) && !isBounce(reason);
	});
}

/** Mautic's reasons are 1 (the contact opted out), 2 (bounced), and 3 (set by a user). */
function isBounce(reason: unknown): boolean {
	return Number(reason) === 2 || /bounce/.test(shortText(reason));
}

function optOutInInnerGroups(outer: Group): string | undefined {
	const { pathOf, depth, around } = outer;
	const groups = groupsIn(outer);
	// Most contacts have none.
	if (groups.size === 0 || depth >= MAX_GROUP_DEPTH) return undefined;
	const outerName = compactWithMarks(outer.name);
	const isOfOuter = CONSENT_GROUP.test(outerName) || GENERAL.test(outerName);
	for (const [key, group] of groups) {
		const entries: unknown[] = Array.isArray(group) ? group.slice(0, MAX_ENTRIES) : [group];
		for (const json of entries) {
			if (!isObject(json)) continue;
			const name = isOfOuter ? `${outer.name} ${key}` : key;
			const inner = {
				json,
				name,
				keys: Object.keys(json),
				pathOf: (innerKey: string) => `${pathOf(key)}.${innerKey}`,
				depth: depth + 1,
				around: `${around} ${key}`,
			};
			const field = /^dndsettings/.test(compactWithMarks(name))
				? pathOfBlockedChannel(inner)
				: optOutInGroup({ ...inner, consent: consentInGroup(inner) });
			if (field !== undefined) return field;
		}
	}
	return undefined;
}

/** A contact's objects and lists that may contain more about the contact's consent, by their keys. */
function groupsIn({
	json,
	consent,
	keys,
}: Pick<Group, 'json' | 'consent' | 'keys'>): Map<string, object> {
	const groups = new Map<string, object>();
	for (const { key, meaning } of consent) {
		// The status in a list that the contact is on is about that list.
		const group = meaning === 'tags' ? undefined : objectIn(json[key]);
		if (group) groups.set(key, group);
	}
	for (const key of keys.slice(0, MAX_KEYS)) {
		if (key.length > LONGEST_NAME || groups.has(key)) continue;
		if (!mayBeGroup(json[key]) || !isConsentGroup(key)) continue;
		const group = objectIn(json[key]);
		const isRead = !Array.isArray(group) || BY_CHANNEL.test(compactWithMarks(key));
		if (group && isRead) groups.set(key, group);
	}
	return groups;
}

function mayBeGroup(value: unknown): boolean {
	return typeof value === 'string' ? looksLikeJson(value) : isObjectOrList(value);
}

function consentInGroup({ json, name, keys, around }: Omit<Group, 'consent'>): ConsentKey[] {
	const consent = consentKeys(keys, around).filter(({ meaning }) => meaning !== 'event');
	if (/suppressions?$/.test(compactWithMarks(name)) && 'reason' in json) {
		return [{ key: 'reason', meaning: 'state' }];
	}
	if (!isAboutConsent(json, name)) return consent;
	const subjects = keys
		.filter((key) => SUBJECT_KEY.test(compactWithMarks(key)))
		.map((key) => json[key]);
	const subject =
		subjects.map(shortText).join(' ') || compactWithMarks(name.split(' ').at(-1) ?? '');
	if (OTHER_SUBJECT.test(subject)) return [];
	const isAnswered = ANSWERED.test(subject);
	const answers = keys.filter((key) => {
		const field = compactWithMarks(key);
		return MARKETING.test(field) || (isAnswered && ANSWER.test(field));
	});
	if ('action' in json) answers.push('action');
	return [...answers.map((key) => ({ key, meaning: 'optIn' as const })), ...consent];
}

function isAboutConsent(json: Readonly<Json>, name: string): boolean {
	const group = compactWithMarks(name);
	if (CONSENT_GROUP.test(group)) return true;
	return BY_CHANNEL.test(group) && ['channel', 'purpose', 'category'].some((key) => key in json);
}

/** HighLevel: `dndSettings: { Email: { status: 'active' } }` means that "do not disturb" is on for the channel. */
function pathOfBlockedChannel({
	json,
	keys,
	pathOf,
}: Pick<Group, 'json' | 'keys' | 'pathOf'>): string | undefined {
	const channel = keys.find((key) => {
		const setting = json[key];
		return (
			/^(?:e-?mail|sms|whatsapp|fb|all)$/i.test(key) &&
			isObject(setting) &&
			shortText(setting.status) === 'active'
		);
	});
	return channel && pathOf(channel);
}

/**
 * HubSpot's node returns each property with its history, `hs_email_optout: { value: 'true', versions: [] }`, and
 * Notion's with its type, `{ type: 'checkbox', checkbox: true }`.
 */
function valueIn(field: unknown): unknown {
	if (!isObject(field)) return field;
	const { value, type } = field;
	if (type === 'checkbox' || type === 'boolean') return field[type] ?? field;
	return typeof value === 'object' ? field : (value ?? field);
}

/** NetSuite's `{ id: '2', refName: 'Confirmed Opt-Out' }` */
function labelIn(field: unknown): unknown {
	if (!isObject(field)) return field;
	const label = field.label ?? field.refName ?? field.name ?? field.text;
	return typeof label === 'string' ? label : field;
}

function isEmpty(value: unknown): boolean {
	return value === null || value === undefined || value === '';
}

function isDateOrYes(value: unknown): boolean {
	if (typeof value === 'boolean') return value;
	if (typeof value === 'number') return value === 1 || isTimestamp(value);
	if (value instanceof Date) return isTimestamp(value.getTime());
	if (typeof value !== 'string') return false;
	const text = value.trim();
	return text.length <= LONGEST_NAME && (YES.has(withoutPunctuation(text)) || DATE.test(text));
}

function isTimeOrYes(value: unknown): boolean {
	return isDateOrYes(value) || (typeof value === 'string' && TIMESTAMP.test(value.trim()));
}

function isNo(value: unknown): boolean {
	if (typeof value === 'boolean') return !value;
	if (typeof value === 'number') return value === 0;
	return (
		typeof value === 'string' &&
		value.length <= LONGEST_NAME &&
		NO.has(withoutPunctuation(value.trim()))
	);
}

function isTimestamp(value: number): boolean {
	return value > 900_000_000;
}

function shortText(value: unknown): string {
	return typeof value === 'string' && value.length <= LONGEST_NAME ? compactWithMarks(value) : '';
}

function withoutPunctuation(text: string): string {
	return withoutLatinAccents(text).replace(/[.!]$/, '').trim();
}
