/**
 * What a field's name says about consent to marketing: `meaningOfName(name, around)`. The kinds of words are in
 * consentWords.json. What the field's value says is decided in consent.ts.
 */

import words from './consentWords.json';
import { plainWordsOf, splitCompound } from './keyName';
import { memoized } from './text';

/** What a field's value means. A name alone is never an opt-out. */
export type ConsentMeaning =
	/** "Yes" means opted out: `unsubscribed: true`. */
	| 'optOut'
	/** "No" means opted out: `accepts_marketing: false`. */
	| 'optIn'
	/** "No" means opted out, but a zero may be a count: `promotions: false`. */
	| 'subject'
	/** A state such as 'unsubscribed': `marketing_status`, `state`. */
	| 'state'
	/** The text of a person's message, or a note about the person, which may be STOP or "do not contact" alone. */
	| 'reply'
	/** Words about the contact, one of which may be a state: `tags: ['vip', 'unsubscribed']`. */
	| 'tags'
	/** What happened to the contact: `type: unsubscribe`. */
	| 'event'
	/** When the contact opted out: `unsubscribed_at`. It counts unless the contact has opted in again. */
	| 'optedOutAt'
	/** An object with more of these fields: `email_marketing_consent: { state }`. */
	| 'group';

/**
 * Names that can't be read word by word: the names that systems use, and those in languages without spaces. They are
 * matched without case, accents, spaces, and punctuation; the first pattern that matches decides.
 */
const NAMES: ReadonlyArray<readonly [RegExp, ConsentMeaning | 'none']> = [
	// How consent is requested, not whether it was given.
	[
		/double\w*optin|optin\w*(?:confirmed|pending|required)|consent(?:is)?required|requires?consent/,
		'none',
	],
	[
		/^(?:contact|customer|subscriber|profile|member|user|lead)?(?:tags?|labels?|segments?|lists?|groups?|group(?:label|membership)s?|categor(?:y|ies)|kategorien?)(?:list|names?)?$|^标签$/,
		'tags',
	],
	// Twilio's answer to STOP, and why a provider stopped sending: a bounce isn't an opt-out.
	[/^optouttype$|^suppressionreason$/, 'state'],
	[/(?:consent|optin)\w*(?:withdrawn|revoked|objected)(?:at|on|date|time)$/, 'optedOutAt'],
	[/consent(?:is)?(?:withdrawn|revoked|denied|declined)$|^(?:withdrew|revoked)consent$/, 'optOut'],
	[/unsub\w*from(?:our|the)?(?:all)?(?:e?mail|mailing)lists?$/, 'optOut'],
	// HubSpot adds a topic's number to the flag, and opting out of one topic isn't opting out of all of them.
	[/(?:optout|optedout|unsubscribed)\d+$/, 'none'],
	[
		/(?:unsub(?:scribed?)?|optedout|optout|unsubscription|suppressed|blacklisted|blocklisted)(?:at|on|date|datetime|time|timestamp|timelocal)$/,
		'optedOutAt',
	],
	[
		/opt(?:ed)?out|unsub(?:scribed?|scriptions?)?(?:from(?:all|emails?|sms|marketing|everything))?$|^unsubscribed|^unsubscribetype$/,
		'optOut',
	],
	[
		/(?:black|block|deny|suppression)list(?:ed)?$|suppressed$|marketingsuspended|excludedfrom(?:all)?(?:campaigns|marketing|mailings?|e?mails?)|markedemailasspam|^spamcomplaint$/,
		'optOut',
	],
	// Dynamics: marketing materials.
	[/^donotsendmm$/, 'optOut'],
	// In Spanish, "baja" alone is leaving a list; next to other words, it may be "low".
	[/^baja$/, 'optOut'],
	[/^fecha(?:de)?baja$/, 'optedOutAt'],
	[/(?:kontakt|werbe|mailing|versand|reklam)(?:sperre|verbot|sparr)/, 'optOut'],
	[/^dndsettings(?:for\w*)?$|^suppressions?$/, 'group'],
	[
		/^(?:no|stop|refuses?|rejects?|declines?)(?:emails?|sms|marketing|newsletters?|mailings?|contact)$/,
		'optOut',
	],
	[
		/إلغاءالاشتراك|退订|取消订阅|取消訂閱|免打扰|勿扰|勿打扰|勿联系|黑名单|黑名單|拒收|拒绝营销|不接[收受](?:营销|推广|广告|短信|邮件)|(?:配信|メール|メルマガ|案内)不[要可]|配信停止|配信拒否|購読解除|수신거부|구독취소/,
		'optOut',
	],
	// In many systems, consent for a single channel is "no" by default, so it counts only as a state.
	[/sms(?:marketing)?consent$|acceptssmsmarketing|smsmarketing$|canreceive/, 'group'],
	[
		/^(?:\w*marketing|\w*email|\w*newsletter|\w*gdpr|\w*messenger|\w*whatsapp)?consent(?:given|granted|status|state)?$/,
		'optIn',
	],
	[
		/accepts?(?:email|mail|newsletter)?(?:marketing|newsletter|promotions?|offers)|(?:marketing|newsletter|promotions?)(?:emails?)?(?:accepted|allowed|agreed|permission|permitted|enabled|ok)$/,
		'optIn',
	],
	[
		/opt(?:ed)?in(?:to)?(?:email|sms|phone|whatsapp|messenger|marketing|newsletter|status)?$|^optin|optin$/,
		'optIn',
	],
	[/^(?!list|topic|group|sms|phone|push)\w*issubscribed$/, 'optIn'],
	[
		/^(?:is|email|emailis|newsletter|marketing)?subscribed(?:(?:to|for)(?:our)?(?:marketing)?(?:emails?|newsletters?|marketing))?$|^(?:is)?newslettersubscriber$/,
		'optIn',
	],
	[
		/(?:receive|get|send|want|agree|consent|ok|happy|like|maywe|canwe|subscribeto|sign(?:me)?up|keepme|interestedin).*(?:newsletter|marketing|promotion|offers|specialdeals|marketingemails|updatesbyemail)/,
		'optIn',
	],
	[/^msg(?:email|sms|whatsapp)$/, 'optIn'],
	[
		/nyhetsbrev|nyhedsbrev|uutiskirje|hirlevel|nieuwsbrief|infolettre|뉴스레터|電子報|电子报|النشرة/,
		'optIn',
	],
	[
		/(?:accepte|acept[ao]|autori[sz]\w*|aceit[ao]|accett[ao]|akzeptier\w*|einverstanden|ontvang|đongy|setuju).*(?:publici|pubblicit|offres|ofertas|offerte|angebote|werbung|nieuwsbrief|boletin|newsletter|marketing|e?mails?|correos)/,
		'optIn',
	],
	[
		/(?:pazarlama|eposta|sms|ticari)\w*(?:izni|onayi)|einwilligung|werbeerlaubnis|newsletteranmeldung|consentimiento|consentimento|consentement|consenso|toestemming|zgoda|samtycke|samtykke|suostumus|markkinointilupa|souhlas|suhlas|hozzajarul|согласие|موافق|הסכמה|ยนยอม/,
		'optIn',
	],
	[
		/同意(?:接收|营销|行銷)|接受营销|接收营销|营销同意|マーケティング同意|配信希望|メルマガ|마케팅(?:수신)?(?:동의)?|수신동의|マガジン|(?:营销|行銷|推广)(?:短信|邮件|郵件|信息)|^是否.*(?:订阅|訂閱|接收|推广|推廣)|(?:订阅|訂閱|接收).*(?:电子报|電子報|优惠|優惠|营销|行銷)|^メール配信$/,
		'optIn',
	],
	[
		/^(?:\w*(?:marketing|subscription|subscriber|subscribe|optin|optinout|consent|permission|email|mailing|newsletter|sms|contact|member|lead))?(?:status|state|subscribe|preference)$/,
		'state',
	],
	[
		/^(?:estado|statut|situacao|stato|stan|stav|tila|durum|stage|статус|状态|狀態|ステータス|상태|الحالة)$|^subscri(?:be|ption)type$/,
		'state',
	],
	[/^(?:\w*consent|subscription|subscriptions?status|optstatus|marketability)$/, 'state'],
	[
		/^(?:e?mailmarketing|canemail|allow(?:s|ed)?broadcasts?)$|^同意$|(?:营销|行銷)(?:许可|許可)$/,
		'optIn',
	],
	[
		/permissiontosend$|^mailinglist$|^bulke?mails?$|(?:订阅|訂閱|구독|配信|購読)(?:状态|狀態|상태|状況)$/,
		'state',
	],
	[
		/(?:contact|communication)(?:method|preferences?|channel|option)$|^lifecycle(?:stage|status|phase)?$|^(?:call|lead)?disposition$|status(?:explain|name|text|label|detail|title|value)s?$/,
		'state',
	],
	[/^(?:body|text|message|messagebody|messagetext|replytext|smsbody|content)$/, 'reply'],
	[
		/^(?:(?:contact|customer|lead|internal)?(?:notes?|comments?|remarks?)|bemerkung(?:en)?|anmerkung(?:en)?|notiz(?:en)?|kommentare?|commentaires?|remarques?|comentarios?|observac(?:ion|iones|oes|ao)|notas?|note|uwagi|notatki|opmerking(?:en)?|anteckning(?:ar)?|备注|備註|備考|メモ|메모|비고|примечани[ея]|комментари[ий])$/,
		'reply',
	],
	[
		/^(?:event|eventtype|eventname|type|action|metric|metricname|topic|trigger|triggername|kind|activity|activitytype|webhookevent|hook)$/,
		'event',
	],
	[
		/consent|channels?$|^subscriptions$|^(?:email|sms)$|^(?:primary|default)?emails?(?:address(?:es)?|addressdata|data)?$|^(?:communication|contact|marketing)?preferences$|^purposes$|contact(?:methods?|points?)$|permissions$|legalbas[ei]s$|^identifiers$|^(?:meta|custom)(?:data|fields?|attributes)$|^extensionattributes$/,
		'group',
	],
];

/**
 * The kinds of words in consentWords.json. A word may be of several kinds.
 * - `out`: opted out; `outOfList`: the same, only in the name of a list; `without`: in such a name, that these are left out
 * - `not`, `refused`: together with another word, such as "not contact", "consent withdrawn"
 * - `agree`: agreed; `bare`: the same, and clear without another word, such as "consent"
 * - `marketing`: marketing; `unsolicited`: contacting strangers, about which a yes or no says nothing; `weak`: marketing only next to a channel, such as "updates"; `law`: laws on data protection
 * - `channel`, `phoneChannel`: ways to send marketing; `topic`: one of several kinds of marketing
 * - `contact`, `reached`, `verbs`: what senders do: "contact", "contacted", and the Romance verbs, which come after "no"
 * - `state`, `choice`, `time`: what a field's value is; `group`: what an object is
 * - `neutral`, `person`: words that change nothing
 * - `otherSubject`: not about marketing, such as "invoice"; `detail`: not a yes or no, such as "opt-out reason"
 * - `doubt`: whether an answer is needed or confirmed, such as "confirmation"
 */
type WordKind = keyof typeof words;

const WORDS = Object.fromEntries(
	Object.entries(words).map(([kind, list]) => [kind, new Set(list.split(' '))]),
) as unknown as Record<WordKind, ReadonlySet<string>>;
const ALL_WORDS = new Set(Object.values(words).flatMap((list) => list.split(' ')));
/** Phrases that count as one word, and synonyms. */
const PHRASES: ReadonlyArray<readonly [RegExp, string]> = [
	[/\b(?:do|does|did) not\b|\b(?:donot|dont|doesnt)\b/g, 'not'],
	[/\bopt(?:ed|s|ing)? (in|out)\b/g, 'opt$1'],
	[/\bdouble optin\b/g, 'confirmation'],
	[/\bun (subscri\w*)/g, 'un$1'],
	[/\b(black|block|deny) (list(?:ed)?)\b/g, '$1$2'],
	[/\bsign(?:ed)?(?: me)? up\b/g, 'signup'],
	[/\b(?:e?mail|mailing|marketing|contact) lists?\b/g, 'mailings'],
	[/\b(suppression|unsubscribed?|opt(?:ed)?outs?) lists?\b/g, '$1'],
	[/\b(?:requests?|requested|wants?|prefers?) no\b/g, 'not'],
	[/\b(?:marked|reported)(?: email)? as spam\b/g, 'unsubscribed'],
	[/\bdad[oa] de baja\b|\bberhenti berlangganan\b/g, 'unsubscribed'],
	[/\bexcluded? from (?:all )?campaigns\b/g, 'unsubscribed'],
	// California's right to opt out covers sharing with advertising platforms. @see https://oag.ca.gov/privacy/ccpa
	[
		/\b(?:do )?not (?:sell(?: or share)?\b|share(?= (?:my |their )?(?:person|data|info)))/g,
		'unsubscribed',
	],
	[/\bkontakta (?:ej|inte)\b/g, 'not contact'],
	[/\breservert mot\b/g, 'not'],
	[/\blist(?:a|e) n(?:egra|oire|era)\b|\bzwarte lijst\b|\bczarna lista\b/g, 'blacklist'],
	[/\bticari (?:elektronik )?ileti\w*/g, 'marketing'],
];
const LATIN_ACCENTS = /[\u0300-\u036f]/g;
const NAMES_KEPT = 2000;
const LONGEST_NAME = 150;
const MAX_WORDS = 14;
const MAX_WORDS_OF_STATE = 10;
const SHORTEST_COMPOUND = 6;
/** "email frequency: never" */
const OFTEN = 'frequency';
/** The most words in a flag's name; longer names are questions. */
const LONGEST_FLAG = 6;

/** The words of a name or a state: "hasOptedOutOfEmail" and "Opt-out (email)" both contain "optout". */
const consentWords = memoized(NAMES_KEPT, (name): readonly string[] => {
	if (name.length > LONGEST_NAME) return [];
	let text = plainWordsOf(name).flatMap(knownWordsIn).join(' ');
	for (const [phrase, word] of PHRASES) text = text.replace(phrase, word);
	return text.split(' ').filter(Boolean);
});

// "donotbulkemail", "emailoptout"
function knownWordsIn(word: string): string[] {
	return word.length < SHORTEST_COMPOUND ? [word] : splitCompound(word, ALL_WORDS);
}

function isOf(word: string, kinds: WordKind[]): boolean {
	return kinds.some((kind) => WORDS[kind].has(word));
}

function has(name: readonly string[], ...kinds: WordKind[]): boolean {
	return name.some((word) => isOf(word, kinds));
}

function consistsOf(name: readonly string[], ...kinds: WordKind[]): boolean {
	return name.every((word) => isOf(word, kinds));
}

/**
 * What a field means, by its name and those of the objects around it within the contact.
 * @param name without brackets and the parts of a path before it
 * @param around the names of the objects, empty for the contact's own
 * @returns undefined if it says nothing about marketing
 */
export function meaningOfName(name: string, around: string): ConsentMeaning | undefined {
	const key = compactWithMarks(name);
	const known = NAMES.find(([pattern]) => pattern.test(key))?.[1];
	const own = consentWords(name);
	const isConsent = known === 'state' && key.endsWith('consent');
	const isFlag = known === 'optOut' || known === 'optIn' || isConsent;
	const isOther = isFlag && own.length <= LONGEST_FLAG && isNotAFlag(own);
	const meaning = known ?? meaningOfWords(own, consentWords(around));
	return isOther || meaning === 'none' ? undefined : meaning;
}

/** "opt-out reason", "weekly digest opt-out": a detail of an opt-out, or one for another channel, list, or topic. */
function isNotAFlag(own: readonly string[]): boolean {
	return has(own, 'detail', 'doubt') || (has(own, 'otherSubject') && !own.includes('all'));
}

function meaningOfWords(
	own: readonly string[],
	around: readonly string[],
): ConsentMeaning | undefined {
	if (own.length > MAX_WORDS || isNotAFlag(own)) return undefined;
	if (around.some((word) => isOf(word, ['otherSubject']) && !isOf(word, ['group'])))
		return undefined;
	const isTime = own.length > 1 && has(own.slice(-1), 'time');
	if (has(own, 'out') || isRefusal(own)) return isTime ? 'optedOutAt' : 'optOut';
	return isTime ? undefined : meaningOfConsent(own, around);
}

/** "not contact", "not be contacted", "no marketing", "marketing declined", "consent withdrawn"; "not contacted" is about sales. */
function isRefusal(name: readonly string[]): boolean {
	const isNotContact = name.some((word, at) => {
		const next = name.slice(at + 1, at + 3);
		if (word === 'no' || word === 'non') return has(next.slice(0, 1), 'marketing', 'verbs');
		return (
			isOf(word, ['not']) &&
			(has(next, 'contact', 'marketing', 'unsolicited', 'verbs') ||
				/^be (?:contact|e?mail)ed/.test(next.join(' ')))
		);
	});
	const isOfMarketing =
		has(name, 'bare', 'marketing', 'unsolicited', 'law') || name.includes('communication');
	return isNotContact || (has(name, 'refused') && isOfMarketing);
}

/** The kinds of words in the names of consent fields. */
const CONSENT_WORDS: WordKind[] = [
	'agree',
	'bare',
	'marketing',
	'weak',
	'channel',
	'phoneChannel',
	'law',
	'contact',
	'reached',
	'verbs',
	'neutral',
	'person',
];

const SUBJECT_WORDS: WordKind[] = ['marketing', 'law', 'channel', 'weak'];

function meaningOfConsent(
	own: readonly string[],
	around: readonly string[],
): ConsentMeaning | undefined {
	const isAgreed = has(own, 'agree', 'bare');
	const isAsked = has(around, 'marketing', 'law', 'bare');
	if (!isAgreed && !isAsked && !has(own, ...SUBJECT_WORDS)) return undefined;
	const state = stateOf(own);
	if (state !== undefined) return state;
	const named = own.filter((word) => word !== OFTEN);
	if (!consistsOf(named, ...CONSENT_WORDS)) return undefined;
	// In many systems, consent for a single channel is "no" by default, so it counts only as a state.
	if (has(own, 'phoneChannel') && !has(own, 'channel')) return 'group';
	if (isAgreed) {
		const isAbout = has(own, 'bare', 'contact', 'reached', ...SUBJECT_WORDS);
		return isAbout || has(around, 'marketing', 'law') ? 'optIn' : undefined;
	}
	return isSubject(own, isAsked) ? 'subject' : undefined;
}

/** "newsletter choice: no" is about marketing, while a plain state may be about anything. */
function stateOf(own: readonly string[]): ConsentMeaning | undefined {
	const last = own.slice(-1);
	if (has(last, 'choice') && has(own, 'marketing', 'law', 'bare')) return 'subject';
	return has(last, 'state', 'choice') ? 'state' : undefined;
}

/** "marketing emails", "email frequency"; not a marketing lead, and not a switch for something else within marketing. */
function isSubject(own: readonly string[], isAsked: boolean): boolean {
	if (has(own.slice(-1), 'person') || !has(own, ...SUBJECT_WORDS)) return false;
	if (isAsked || has(own, 'marketing', 'law') || own.includes(OFTEN)) return true;
	return has(own, 'weak') && has(own, 'channel');
}

const GROUP_WORDS: WordKind[] = ['group', 'state', 'choice', ...CONSENT_WORDS];

/** Whether an object may contain more about the contact's consent, by the name of its key. */
export function isConsentGroup(name: string): boolean {
	const own = consentWords(name);
	// A name with only words for a person is for an object about somebody else.
	return consistsOf(own, ...GROUP_WORDS) && !consistsOf(own, 'person');
}

/** Whether a name is for one kind of marketing among others: opting out of one isn't opting out of all. */
export function isOneTopic(name: string): boolean {
	const own = consentWords(name);
	return has(own, 'topic') && consistsOf(own, 'topic', 'neutral', 'person', 'channel', 'agree');
}

/**
 * Whether a state, tag, or event says in words that a person opted out: "Confirmed Opt-Out", "please do not contact".
 */
export function saysOptOutInWords(text: string): boolean {
	if (text.length > LONGEST_NAME || /@|:\/\//.test(text)) return false;
	const own = consentWords(text);
	if (own.length > MAX_WORDS_OF_STATE || has(own, 'otherSubject', 'detail')) return false;
	const out = own.findIndex((word) => isOf(word, ['out']));
	if (out >= 0) return !has(own.slice(Math.max(0, out - 2), out), 'not', 'refused');
	return isRefusal(own);
}

/**
 * Whether text says nothing but that a person opted out, perhaps with a number: "please do not contact", "unsubscribed 2026",
 * but not "do not contact before 9 am".
 */
export function isOnlyOptOut(text: string): boolean {
	const own = consentWords(text).filter((word) => !/^(?:\d+|non?)$/.test(word));
	return saysOptOutInWords(text) && consistsOf(own, ...OPT_OUT_WORDS) && !/\bdid\b/i.test(text);
}

const OPT_OUT_WORDS: WordKind[] = [
	'out',
	'not',
	'refused',
	'contact',
	'reached',
	'verbs',
	'bare',
	'marketing',
	'channel',
	'phoneChannel',
	'neutral',
	'person',
];

/** Words for a list itself, which are about something else in the name of a field. */
const LIST_WORDS = new Set(['list', 'lists', 'segment', 'segments', 'group', 'groups']);
/** Lists of people who opted out only if nothing else is named: "Bajas California" is a place, "Robinson" also a name. */
const ONLY_ALONE = new Set(['dnc', 'bajas', 'robinson']);
const LEFT_OUT = /^(?:removed|deleted|excluded)$/;

/** Whether the people in a list opted out, by the name of the list: "Unsubscribed", "export/do-not-contact.csv". */
export function isNamedOptedOut(list: string): boolean {
	const name = list.slice(list.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
	const all = consentWords(name).filter((word) => !LIST_WORDS.has(word) && !/^\d+$/.test(word));
	if (ONLY_ALONE.has(all.join(' '))) return true;
	const own = all.filter((word) => !ONLY_ALONE.has(word));
	const out = own.findIndex((word) => isOf(word, ['out', 'outOfList']));
	const isLeftOut =
		has(own.slice(Math.max(0, out - 2), Math.max(0, out)), 'not', 'without') ||
		LEFT_OUT.test(own[out + 1] ?? '');
	if (isLeftOut || has(own, 'otherSubject')) return false;
	return out >= 0 || isRefusal(own) || meaningOfName(own.join(' '), '') === 'optOut';
}

/** Whether text names nothing but channels or marketing: "Email", "all marketing". */
export function namesChannels(text: string): boolean {
	const own = consentWords(text);
	return (
		has(own, 'channel', 'marketing') &&
		consistsOf(own, 'channel', 'phoneChannel', 'marketing', 'neutral', 'person')
	);
}

/** Whether an object's name says that it is about one list, topic, or order, or about another channel. */
export function namesSomethingElse(name: string): boolean {
	const own = consentWords(name);
	return has(own, 'otherSubject') && !has(own, 'out') && !isConsentGroup(name);
}

/**
 * A name without case, Latin accents, spaces, and punctuation. Unlike `compact`, it keeps the marks of other scripts.
 */
export function compactWithMarks(name: string): string {
	return withoutLatinAccents(name).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Text in lowercase and without the accents of Latin letters: in other scripts, a mark makes a different letter. */
export function withoutLatinAccents(text: string): string {
	return text.normalize('NFKD').replace(LATIN_ACCENTS, '').normalize('NFC').toLowerCase();
}
