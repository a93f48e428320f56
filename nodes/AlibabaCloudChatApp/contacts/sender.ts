import type { Candidate } from './layout';
import type { Found, Json, Scope } from './scopes';
import { isPromising } from './values';

const INBOUND = /inbound|incoming|received/i;
const OUTBOUND = /outbound|outgoing|sent|delivered/i;
const DIRECTION_KEYS =
	'direction NoticeType noticeType notice_type type event eventName event_type eventType Direction EventType status'.split(
		' ',
	);
const SENDER_KEYS = 'From from'.split(' ');
const DELIVERY_KEY = /campaign|delivery|broadcast|newsletter|mailing|recordtype/i;
const DELIVERY =
	/^(?:sent|delivered|delivery|open|opened|click|clicked|unsubscribe|unsubscribed|complained|accepted)$/i;

/**
 * The person at the other end of a message: the sender of one that came in, as Twilio and Chat App Message Service report
 * it, and the recipient of a campaign's email.
 */
export function senderIn(scopes: readonly Scope[], kind: 'email' | 'phone'): Found[] {
	return kind === 'phone' ? inboundSender(scopes) : campaignRecipient(scopes);
}

function inboundSender(scopes: readonly Scope[]): Found[] {
	for (const scope of scopes) {
		const { json } = scope;
		const key = SENDER_KEYS.find((each) => isPromising(json[each], 'phone'));
		if (key === undefined || typeof json[key] === 'object') continue;
		const hasCountry = json.FromCountry !== undefined || json.fromCountry !== undefined;
		const directions = [json, scopes[0]?.json ?? {}].flatMap(directionsOf);
		if (directions.some((text) => OUTBOUND.test(text) && !INBOUND.test(text))) continue;
		if (hasCountry || directions.some((text) => INBOUND.test(text)))
			return [found(scope, key, 'phone')];
	}
	return [];
}

function campaignRecipient(scopes: readonly Scope[]): Found[] {
	for (const scope of scopes) {
		const { json } = scope;
		const key = ['recipient', 'Recipient'].find((each) => isPromising(json[each], 'email'));
		if (key === undefined || (scope.person.party !== 'own' && scope.person.party !== 'contact'))
			continue;
		const isDelivery =
			scope.layout.keys.some((each) => DELIVERY_KEY.test(each)) ||
			[json.event, json.metric, json.event_type].some(
				(each) => typeof each === 'string' && DELIVERY.test(each),
			);
		if (isDelivery) return [found(scope, key, 'email')];
	}
	return [];
}

function directionsOf(json: Json): string[] {
	return DIRECTION_KEYS.flatMap((key) => {
		const value = json[key];
		return typeof value === 'string' && value.length < 100 ? value : [];
	});
}

function found(scope: Scope, key: string, field: 'email' | 'phone'): Found {
	const role = { field, around: 'unknown', party: 'own', person: '', rank: 40, stem: key } as const;
	const candidate: Candidate = { key, role };
	return { scope, candidate, value: scope.json[key], person: scope.person, rank: role.rank };
}
