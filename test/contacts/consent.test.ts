import { optOutInFields, saysYes } from '../../nodes/AlibabaCloudChatApp/contacts/consent';

const NO = true;
const NOT_A_NO = false;

/** What a field with a value says. To teach the node another name, add its rows here first. */
const fields: Array<[json: Record<string, unknown>, isNo: boolean]> = [
	// A flag that means "opted out" when it is on.
	[{ HasOptedOutOfEmail: true }, NO],
	[{ HasOptedOutOfEmail: false }, NOT_A_NO],
	[{ hs_email_optout: 'true' }, NO],
	[{ hs_email_optout: '' }, NOT_A_NO],
	[{ hs_email_optout: { value: 'true', versions: [{ value: 'true' }] } }, NO],
	[{ hs_email_optout: { value: '', versions: [{ value: 'true' }] } }, NOT_A_NO],
	[{ accepts_marketing: { value: false } }, NO],
	[{ unsubscribed_at: { value: '2026-01-05' }, status: { value: 'subscribed' } }, NOT_A_NO],
	[{ hs_email_optout_4711: 'true' }, NOT_A_NO],
	[{ Email_Opt_Out: true }, NO],
	[{ emailoptout: '1' }, NO],
	[{ emailBlacklisted: true }, NO],
	[{ smsBlacklisted: true }, NO],
	[{ is_blacklisted: true }, NO],
	[{ dnd: true }, NO],
	[{ dnd: null }, NOT_A_NO],
	[{ do_not_disturb: true }, NO],
	[{ do_not_contact: 'Yes' }, NO],
	[{ 'Do Not Email': 'x' }, NO],
	[{ donotbulkemail: true }, NO],
	[{ donotsendmm: true }, NO],
	[{ donotsendmm: false }, NOT_A_NO],
	[{ is_do_not_email: true }, NO],
	[{ unsubscribed: true }, NO],
	[{ Unsubscribed: 'ja' }, NO],
	[{ unsubscribed: false }, NOT_A_NO],
	[{ unsubscribed_from_emails: true }, NO],
	[{ marked_email_as_spam: true }, NO],
	[{ Abgemeldet: 'Ja' }, NO],
	[{ 退订: '是' }, NO],
	[{ 수신거부: '예' }, NO],
	[{ doNotContact: [{ reason: 1, channel: 'email' }] }, NO],
	[{ doNotContact: [] }, NOT_A_NO],
	// A state in other languages, and tags.
	[{ 'Email Marketing': 'unsubscribed' }, NO],
	[{ email_marketing: false }, NO],
	[{ email_marketing: true }, NOT_A_NO],
	[{ Statut: 'Désabonné' }, NO],
	[{ Statut: 'Actif' }, NOT_A_NO],
	[{ Estado: 'Dado de baja' }, NO],
	[{ 状态: '已退订' }, NO],
	[{ 状态: '正常' }, NOT_A_NO],
	[{ 同意: '否' }, NO],
	[{ 营销许可: '否' }, NO],
	[{ 'Allow Broadcast': 'FALSE' }, NO],
	[{ can_email: false }, NO],
	[{ tags: ['vip', 'Unsubscribed'] }, NO],
	[{ tags: [{ id: 1, name: 'opted-out' }] }, NO],
	[{ Tags: 'vip, do not contact' }, NO],
	[{ tags: ['unsubscribed from webinars', 'complaint'] }, NOT_A_NO],
	[{ tags: [{ id: 1 }, null, 5] }, NOT_A_NO],
	[{ consents: [{ type: 'marketing', value: false }] }, NO],
	[{ consents: [{ type: 'cookies', value: false }] }, NOT_A_NO],
	// When the contact left, unless it has come back.
	[{ unsubscribed_at: '2026-01-05T10:00:00Z' }, NO],
	[{ unsubscribed_at: null }, NOT_A_NO],
	[{ unsubscribed_at: 1767225600 }, NO],
	[{ unsubscribed_at: '1767225600' }, NO],
	[{ unsubscribed_at: '1767225600000' }, NO],
	[{ unsubscribed_at: '14155550123' }, NOT_A_NO],
	// What systems write for "no date".
	[{ unsubscribed_at: '0001-01-01T00:00:00Z' }, NOT_A_NO],
	[{ unsubscribed_at: '1/1/0001 12:00:00 AM' }, NOT_A_NO],
	[{ unsubscribed_at: '1900-01-01' }, NOT_A_NO],
	[{ unsubscribed_at: '1970-01-01T00:00:00.000Z' }, NOT_A_NO],
	[{ unsubscribed_at: new Date(0) }, NOT_A_NO],
	[{ unsubscribed_at: '2026-01-05', status: 'subscribed' }, NOT_A_NO],
	[{ unsubscribed_at: '2026-01-05', subscribed: true }, NOT_A_NO],
	// A flag that means "opted in" when it is on.
	[{ accepts_marketing: false }, NO],
	[{ accepts_marketing: true }, NOT_A_NO],
	[{ accepts_marketing: null }, NOT_A_NO],
	[{ buyer_accepts_marketing: false }, NO],
	[{ marketing_consent: false }, NO],
	[{ marketing_opt_in: false }, NO],
	[{ optin_email: false }, NO],
	[{ 'Opt-in': 'no' }, NO],
	[{ 'Opt-in': 'yes' }, NOT_A_NO],
	[{ 'Opt-in': '' }, NOT_A_NO],
	[{ can_contact: 'false' }, NO],
	[{ subscribed: false }, NO],
	[{ is_subscribed: 0 }, NO],
	[{ isSubscribed: 'false' }, NO],
	[{ 'I agree to receive marketing emails': 'No' }, NO],
	[{ 'Would you like to receive our newsletter?': 'Nein' }, NO],
	[{ 'Werbe-Einwilligung': 'nein' }, NO],
	[{ 同意接收营销信息: '否' }, NO],
	[{ sms_consent: false }, NOT_A_NO],
	// A state.
	[{ marketing_status: 'unsubscribed' }, NO],
	[{ marketing_status: 'no_consent' }, NOT_A_NO],
	[{ marketing_status: 'subscribed' }, NOT_A_NO],
	[{ status: 'unsubscribed' }, NO],
	[{ status: 'active' }, NOT_A_NO],
	[{ status: 'cleaned' }, NOT_A_NO],
	[{ status: 'bounced' }, NOT_A_NO],
	[{ email_status: 'UnengagedNonMarketable' }, NO],
	[{ email_subscribe: 'unsubscribed' }, NO],
	[{ email_marketing_consent: { state: 'unsubscribed' } }, NO],
	[{ email_marketing_consent: { state: 'not_subscribed' } }, NOT_A_NO],
	[{ subscriptions: { email: { marketing: { consent: 'UNSUBSCRIBED' } } } }, NO],
	[{ subscriptions: { email: { marketing: { consent: 'NEVER_SUBSCRIBED' } } } }, NOT_A_NO],
	[{ channels: [{ type: 'email', status: 'unsubscribed' }] }, NO],
	// Consent by subject.
	[{ consent: { promotions: 'opt_out', terms_of_service: null } }, NO],
	[{ consent: { promotions: 'opt_in' } }, NOT_A_NO],
	[{ consent: { promotions: null } }, NOT_A_NO],
	[{ consent: { marketing: false } }, NO],
	[{ consent: { marketing: true, analytics: false } }, NOT_A_NO],
	[{ consent: { email: { status: 'denied' } } }, NO],
	[{ consent: { email: { status: 'granted' }, sms: { status: 'denied' } } }, NO],
	[{ consents: { email_marketing: 'declined' } }, NO],
	[{ consents: [{ purpose: 'marketing', granted: false }] }, NO],
	[{ consents: [{ purpose: 'analytics', granted: false, status: 'revoked' }] }, NOT_A_NO],
	[{ consents: [{ type: 'phone', granted: false }] }, NOT_A_NO],
	[{ consents: [{ granted: false }] }, NOT_A_NO],
	[{ communicationPreferences: { newsletter: 'unsubscribed' } }, NO],
	[{ preferences: { email: false } }, NOT_A_NO],
	[{ consent: { accepted: true, email: 'ada@example.com' } }, NOT_A_NO],
	[{ dndSettings: { Email: { status: 'active' }, Call: { status: 'inactive' } } }, NO],
	[{ dndSettings: { Email: { status: 'inactive' }, Call: { status: 'active' } } }, NOT_A_NO],
	[{ emailAddressData: [{ emailAddress: 'ada@example.com', optOut: true }] }, NO],
	[{ email_address: 'ada@example.com', state: 'cancelled', fields: {} }, NO],
	[{ email: 'ada@example.com', state: 'cancelled', total_price: '10' }, NOT_A_NO],
	[{ email: 'ada@example.com', status: 'canceled' }, NOT_A_NO],
	// An event.
	[{ type: 'unsubscribe' }, NO],
	[{ event: 'unsub' }, NO],
	[{ metric: 'unsubscribed' }, NO],
	[{ event: 'spamreport' }, NO],
	[{ event: 'spam' }, NO],
	[{ metric: 'spammed' }, NO],
	[{ type: 'link_unsubscribe' }, NO],
	[{ event: 'group_unsubscribe' }, NOT_A_NO],
	[{ 'data[action]': 'unsub' }, NO],
	[{ type: 'subscribe' }, NOT_A_NO],
	// What the object around a field says, and words in any order.
	[{ notificationPreferences: { marketingEmails: false } }, NO],
	[{ notificationPreferences: { orderUpdates: false } }, NOT_A_NO],
	[{ notifications: { push: { marketing: false } } }, NOT_A_NO],
	[{ settings: { unsubscribed: true } }, NO],
	[{ settings: { marketing: { enabled: false } } }, NOT_A_NO],
	[{ features: { marketing: false } }, NOT_A_NO],
	[{ preferences: { email: { marketing: 'off' } } }, NO],
	[{ 'preferences[email][marketing]': 'off' }, NO],
	[{ topics: { newsletter: false } }, NOT_A_NO],
	[{ emailPreferences: { newsletter: false, promotions: true } }, NOT_A_NO],
	[{ marketing: false }, NO],
	[{ marketing: 0 }, NOT_A_NO],
	[{ marketing: 'Facebook' }, NOT_A_NO],
	[{ marketing_lead: false }, NOT_A_NO],
	[{ gdpr: 'no' }, NO],
	[{ gdpr: null }, NOT_A_NO],
	[{ DNC: true }, NOT_A_NO],
	[{ objects_to_marketing: true }, NO],
	[{ not_contacted: true }, NOT_A_NO],
	[{ email_frequency: 'never' }, NO],
	[{ photo_consent: false }, NOT_A_NO],
	[{ opted_out_channels: ['email'] }, NO],
	[{ opted_out_channels: ['phone'] }, NOT_A_NO],
	[{ globalSubscriptionStatus: { id: '2', refName: 'Confirmed Opt-Out' } }, NO],
	[{ status: 'Opted out of all marketing' }, NO],
	[{ status: 'Not opted out' }, NOT_A_NO],
	[{ status: 'Never contacted' }, NOT_A_NO],
	[{ Body: 'STOP' }, NO],
	[{ Body: 'How do I unsubscribe?' }, NOT_A_NO],
	[{ message: 'Complaint' }, NOT_A_NO],
	[{ offers_rejected: 1 }, NOT_A_NO],
	[{ event: 'email.suppressed' }, NOT_A_NO],
	[{ user: { unsubscribed: true } }, NOT_A_NO],
	[{ Mailingsperre: 'x' }, NO],
	[{ Telefonwerbung: 'nein' }, NOT_A_NO],
	[{ user_preferences: [{ category: 'marketing_messages', value: 'stop' }] }, NO],
	[{ user_preferences: [{ category: 'marketing_messages', value: 'resume' }] }, NOT_A_NO],
	[{ newsletter_choice: 'optout' }, NO],
	[{ newsletter_choice: 'no' }, NO],
	[{ 'Ich möchte den Newsletter erhalten': 'Nein' }, NO],
	[{ SuppressSending: true, SuppressionReason: 'HardBounce' }, NOT_A_NO],
	[{ email: 'not an email' }, NOT_A_NO],
	[{ email: 'do not email me' }, NOT_A_NO],
	// Other channels, other subjects, and what is only said about an opt-out.
	[{ DoNotCall: true }, NOT_A_NO],
	[{ donotphone: true }, NOT_A_NO],
	[{ HasOptedOutOfFax: true }, NOT_A_NO],
	[{ hs_marketable_status: 'false' }, NOT_A_NO],
	[{ Unsubscribed_Mode: 'Consent form' }, NOT_A_NO],
	[{ unsubscribe_link: 'https://example.com/u/1' }, NOT_A_NO],
	[{ opted_in_at: null }, NOT_A_NO],
	[{ opt_in_level: 'single_opt_in' }, NOT_A_NO],
	[{ has_hard_bounced: true }, NOT_A_NO],
	[{ subscription_id: 0 }, NOT_A_NO],
];

it.each(fields)('%j: a no to marketing is %s', (json, isNo) => {
	expect(optOutInFields({ json }) !== undefined).toBe(isNo);
});

it("returns the field's name, and the path of a group's field", () => {
	expect(optOutInFields({ json: { name: 'Ada', dnd: true } })).toBe('dnd');
	expect(optOutInFields({ json: { email_marketing_consent: { state: 'unsubscribed' } } })).toBe(
		'email_marketing_consent.state',
	);
});

it('counts a subscriber that is canceled, by the key it is under', () => {
	const json = { status: 'cancelled' };
	const optOutUnder = (object: string) =>
		optOutInFields({ json, pathOf: (key) => `${object}.${key}` });
	expect(optOutUnder('subscriber')).toBe('subscriber.status');
	expect(optOutUnder('subscription')).toBeUndefined();
});

it('never throws, whatever is in the fields', () => {
	const deep: Record<string, unknown> = {};
	deep.consent = deep;
	for (const json of [
		deep,
		{ dnd: Symbol('x') },
		{ consent: [[[]]] },
		{ '': false, __proto__: 1 },
	]) {
		expect(optOutInFields({ json })).toBeUndefined();
	}
});

const yes = [
	true,
	1,
	'true',
	'Yes',
	' ja ',
	'sí',
	'是',
	'はい',
	'예',
	'granted',
	'Subscribed',
	'2026-03-01',
	'01.03.2026',
	1767225600,
	new Date('2026-03-01'),
];
const notYes = [
	false,
	0,
	'',
	null,
	undefined,
	'no',
	'unsubscribed',
	'pending',
	'maybe',
	{},
	[],
	7,
	'0001-01-01T00:00:00',
	'01.01.1900',
	'1970-01-01',
	new Date(0),
	new Date(NaN),
	'x'.repeat(500),
];

it.each(yes)('%j gives consent', (value) => {
	expect(saysYes(value)).toBe(true);
});

it.each(notYes)('%j gives no consent', (value) => {
	expect(saysYes(value)).toBe(false);
});
