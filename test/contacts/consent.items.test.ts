import { findContacts, isContactPage } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import documented from './said-no.json';

const email = 'mary@example.com';

/** Contacts as systems return them, and whether the person said no to email, SMS, or all marketing. */
const saidNo: Array<[system: string, json: object]> = [
	['Mailchimp member', { email_address: email, status: 'unsubscribed', list_id: 'a1' }],
	[
		'Mailchimp export',
		{ 'Email Address': email, UNSUB_TIME: '2025-03-14 09:30:00', UNSUB_REASON: 'N/A' },
	],
	[
		'Salesforce contact',
		{ Email: email, HasOptedOutOfEmail: true, HasOptedOutOfFax: false, DoNotCall: false },
	],
	[
		'Salesforce individual',
		{ Email: email, Individual: { HasOptedOutSolicit: true, HasOptedOutTracking: false } },
	],
	['Salesforce Marketing Cloud Connect', { Email: email, et4ae5__HasOptedOutOfMobile__c: true }],
	['BigCommerce order', { id: 1, billing_address: { email, unsubscribed: true } }],
	[
		'HubSpot contact, merged',
		{
			vid: 1,
			unsubscribed: true,
			'identity-profiles': [{ vid: 1, identities: [{ type: 'EMAIL', value: email }] }],
		},
	],
	['call', { direction: 'outbound', callee: { number: '+14155550123', do_not_contact: true } }],
	[
		'answers by their texts',
		{
			email,
			answers: [{ questionText: 'Would you like our newsletter?', answerText: 'No' }],
		},
	],
	['attributes', { email, attributes: [{ attributeName: 'email_opt_out', content: 'Yes' }] }],
	['promotions', { email, promotions: [{ name: 'newsletter', value: 'no' }] }],
	['fields by their IDs', { email, fields: [{ id: 'marketing_opt_in', value: false }] }],
	['Pardot prospect', { email, is_do_not_email: '1', opted_out: '1' }],
	[
		'Klaviyo, email',
		{
			attributes: {
				email,
				subscriptions: {
					email: { marketing: { consent: 'UNSUBSCRIBED', can_receive_email_marketing: false } },
				},
			},
		},
	],
	[
		'Klaviyo, SMS alone',
		{
			attributes: {
				email,
				subscriptions: {
					email: { marketing: { consent: 'NEVER_SUBSCRIBED' } },
					sms: { marketing: { consent: 'UNSUBSCRIBED' } },
				},
			},
		},
	],
	[
		'Klaviyo, suppressed by the person',
		{
			attributes: {
				email,
				subscriptions: {
					email: {
						marketing: {
							consent: 'NEVER_SUBSCRIBED',
							suppression: [{ reason: 'USER_SUPPRESSED' }],
						},
					},
				},
			},
		},
	],
	['Braze user', { email, email_subscribe: 'unsubscribed', push_subscribe: 'opted_in' }],
	['Constant Contact', { email_address: { address: email, permission_to_send: 'unsubscribed' } }],
	[
		'Constant Contact, date',
		{
			email_address: {
				address: email,
				opt_out_date: '2025-02-01T08:00:00Z',
				opt_out_source: 'Contact',
			},
		},
	],
	[
		'Omnisend contact',
		{
			identifiers: [{ id: email, type: 'email', channels: { email: { status: 'unsubscribed' } } }],
			email,
		},
	],
	[
		'Wix contact',
		{ primaryInfo: { email }, primaryEmail: { email, subscriptionStatus: 'UNSUBSCRIBED' } },
	],
	[
		'WooCommerce order',
		{ billing: { email }, meta_data: [{ id: 1, key: 'marketing_optin', value: 'no' }] },
	],
	['Magento customer', { email, extension_attributes: { is_subscribed: false } }],
	['PrestaShop customer', { email, newsletter: '0', optin: '0' }],
	['Squarespace profile', { email, acceptsMarketing: false }],
	['Shopware customer', { email, newsletter: false }],
	['Intercom user', { email, unsubscribed_from_emails: true }],
	[
		'HubSpot, all email',
		{ properties: { email, hs_email_optout: 'true', hs_email_optout_283763283: 'true' } },
	],
	['HubSpot subscriptions, all', { email, subscription_status: 'unsubscribed_from_all' }],
	['ActiveCampaign webhook', { type: 'unsubscribe', 'contact[email]': email, 'contact[id]': '7' }],
	['SendGrid suppression', { email, global_unsubscribe: true }],
	[
		'Postmark webhook',
		{
			Recipient: email,
			Email: email,
			RecordType: 'SubscriptionChange',
			SuppressSending: true,
			SuppressionReason: 'ManualSuppression',
		},
	],
	['Iterable event', { email, eventName: 'emailUnSubscribe' }],
	[
		'Twilio reply',
		{ From: '+14155550123', Body: 'STOP', OptOutType: 'STOP', SmsStatus: 'received' },
	],
	['Zoho CRM', { Email: email, Email_Opt_Out: true, SMS_Opt_Out: false }],
	['Dynamics 365', { emailaddress1: email, donotbulkemail: true, donotphone: false }],
	['Odoo mailing contact', { email, is_blacklisted: true, opt_out: false }],
	[
		'Keap contact',
		{ email_addresses: [{ email, field: 'EMAIL1' }], opt_in_reason: '', email_opted_in: false },
	],
	['Gravity Forms consent', { email, 'Consent to marketing': 'No' }],
	['checkbox as text', { email, accepts_marketing: '0' }],
	['flag as letter', { email, 'Email Opt-In (Y/N)': 'N' }],
	['withdrawn consent', { email, consent_withdrawn_at: '2025-06-01' }],
	['revoked consent', { email, consent_revoked: true }],
	['GDPR flag', { email, gdpr_marketing_consent: 'false' }],
	['objection under the GDPR', { email, gdpr: { marketing: { status: 'objected' } } }],
	['milliseconds', { email, opted_out_at: 1714564800000 }],
	['date in the name first', { email, 'Date unsubscribed': '03/14/2025' }],
	['WhatsApp', { email, whatsapp_opted_out: true }],
	['WhatsApp, no opt-in', { phone: '+14155550123', whatsapp_opt_in: 'no' }],
	[
		'nested preferences',
		{ email, preferences: { marketing: { email: 'opted_out', post: 'opted_in' } } },
	],
	[
		'list of states',
		{
			email,
			subscriptions: [
				{ channel: 'email', type: 'marketing', status: 'OPTED_OUT' },
				{ channel: 'push', status: 'SUBSCRIBED' },
			],
		},
	],
	['contactable', { email, contactable: 'No' }],
	['do not market', { email, 'Do Not Market': 'TRUE' }],
	['German newsletter', { 'E-Mail': email, Newsletter: 'Nein' }],
	['German objection', { 'E-Mail': email, 'Widerspruch gegen Werbung': 'ja' }],
	['German consent', { 'E-Mail': email, 'Einwilligung Marketing': 'nicht erteilt' }],
	['French', { 'Adresse e-mail': email, 'Ne pas contacter': 'Oui' }],
	['French offers', { 'Adresse e-mail': email, 'Accepte de recevoir nos offres': 'Non' }],
	['Spanish', { 'Correo electrónico': email, 'Acepta publicidad': 'No' }],
	['Spanish, left', { 'Correo electrónico': email, 'Dado de baja': 'Sí' }],
	['Portuguese', { 'E-mail': email, 'Aceita receber e-mails': 'Não' }],
	['Italian', { 'Indirizzo email': email, 'Consenso marketing': 'No' }],
	['Dutch', { 'E-mailadres': email, Nieuwsbrief: 'nee' }],
	['Polish', { 'Adres e-mail': email, 'Zgoda marketingowa': 'nie' }],
	['Russian', { 'Электронная почта': email, 'Согласие на рассылку': 'нет' }],
	['Japanese', { メールアドレス: email, メルマガ配信: '停止' }],
	['Chinese state', { 邮箱: email, 订阅状态: '已退订' }],
	['Chinese consent', { 邮箱: email, 是否接受营销: '否' }],
	['Korean', { 이메일: email, '마케팅 수신 동의': '아니오' }],
	['Turkish', { 'E-posta': email, 'Pazarlama izni': 'Hayır' }],
	['Vietnamese', { Email: email, 'Đồng ý nhận email': 'Không' }],
	['Indonesian', { Email: email, 'Berhenti berlangganan': 'Ya' }],
	// Another set of systems and languages.

	['Copper', { emails: [{ email, category: 'work' }], custom: [], email_opt_out: 'true' }],
	[
		'Sugar',
		{ email1: email, email: [{ email_address: email, opt_out: true, invalid_email: false }] },
	],
	['Close', { emails: [{ email, type: 'office', is_unsubscribed: true }] }],
	['Drip', { email, status: 'unsubscribed', custom_fields: {} }],
	['MailerLite fields', { email, fields: { marketing_consent: 'no' } }],
	['Sailthru', { keys: { email }, optout_email: 'all' }],
	['Emarsys', { email, 'Opt-In': 'False' }],
	['Eloqua', { emailAddress: email, isSubscribed: 'false', isBounceback: 'false' }],
	['Marketo', { email, unsubscribed: 1, emailInvalid: false }],
	['Marketo suspended', { email, marketingSuspended: true }],
	['Acoustic', { EMAIL: email, 'Opted Out': 'T', 'Opted Out Date': '06/01/2025 10:00 AM' }],
	['Sendy', { email, unsubscribed: 'Yes' }],
	['Campaign Monitor', { EmailAddress: email, State: 'Unsubscribed' }],
	['GHL', { email, dnd: false, dndSettings: { SMS: { status: 'active', message: 'STOP' } } }],
	[
		'Kustomer',
		{ emails: [{ email }], preferredChannels: [], defaultLang: 'en', unsubscribed: true },
	],
	[
		'Bloomreach',
		{
			properties: { email },
			consents: { newsletter: { action: 'reject', valid_until: 'unlimited' } },
		},
	],
	['Segment traits', { traits: { email, marketingOptIn: false } }],
	[
		'Ortto',
		{
			email,
			p: { 'str::email': email, 'bol::p': false, 'bol::gdpr': false },
			marketing_permission: false,
		},
	],
	['Vero', { email, 'unsubscribed?': true }],
	['Airtable', { fields: { Email: email, 'Unsubscribed?': true } }],
	['Notion-like', { Email: email, 'Do not contact ❌': true }],
	['Sheet', { Email: email, 'OK to email?': 'No' }],
	['Sheet 2', { Email: email, 'Mailing list': 'unsubscribed' }],
	['Sheet 3', { Email: email, 'Email status': 'Opted out' }],
	['Sheet 4', { Email: email, 'Subscribed to newsletter': 'FALSE' }],
	['Sheet 5', { Email: email, Consent: 'Withdrawn' }],
	['Sheet 6', { Email: email, 'Permission to market': 'N' }],
	['German 2', { 'E-Mail': email, 'Newsletter abonniert': 'nein' }],
	['German 3', { 'E-Mail': email, Status: 'abgemeldet' }],
	['German 4', { 'E-Mail': email, Werbung: 'nein' }],
	['German 5', { 'E-Mail': email, Werbesperre: 'ja' }],
	['French 2', { email, 'Abonné à la newsletter': 'non' }],
	['French 3', { email, désinscrit: 'oui' }],
	['Spanish 2', { email, 'Suscrito al boletín': 'no' }],
	['Portuguese 2', { email, 'Inscrito na newsletter': 'não' }],
	['Italian 2', { email, 'Iscritto alla newsletter': 'no' }],
	['Chinese 2', { 邮箱: email, 是否订阅: '否' }],
	['Chinese 3', { 手机号: '+8613812345678', 短信退订: '1' }],
	['Japanese 2', { メール: email, メール配信: '不可' }],
	['Korean 2', { 이메일: email, '광고성 정보 수신동의': 'N' }],
];

const didNot: Array<[system: string, json: object]> = [
	['discount codes', { email, discount_codes: [{ code: 'NEWSLETTER', value: '0' }] }],
	['buttons', { email, buttons: [{ id: 'unsubscribe', content: 'yes' }] }],
	['Mailchimp, double opt-in pending', { email_address: email, status: 'pending' }],
	['Mailchimp, bounced', { email_address: email, status: 'cleaned' }],
	['Mailchimp, archived', { email_address: email, status: 'archived' }],
	[
		'Mailchimp, a group',
		{ email_address: email, status: 'subscribed', interests: { a1b2: false } },
	],
	[
		'Klaviyo, never asked',
		{
			attributes: {
				email,
				subscriptions: {
					email: { marketing: { consent: 'NEVER_SUBSCRIBED', can_receive_email_marketing: false } },
				},
			},
		},
	],
	[
		'Klaviyo, suppressed after a bounce',
		{
			attributes: {
				email,
				subscriptions: {
					email: { marketing: { consent: 'SUBSCRIBED', suppression: [{ reason: 'HARD_BOUNCE' }] } },
				},
			},
		},
	],
	[
		'Klaviyo, subscribed',
		{ attributes: { email, subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' } } } } },
	],
	[
		'HubSpot, one topic',
		{ properties: { email, hs_email_optout: '', hs_email_optout_283763283: 'true' } },
	],
	[
		'HubSpot, billing',
		{ properties: { email, hs_marketable_status: 'false', hs_email_optout: null } },
	],
	[
		'Shopify, never asked',
		{
			email,
			email_marketing_consent: {
				state: 'not_subscribed',
				opt_in_level: 'single_opt_in',
				consent_updated_at: null,
			},
		},
	],
	['Brevo, one list', { email, emailBlacklisted: false, listUnsubscribed: [3] }],
	[
		'Iterable, one message type',
		{ email, unsubscribedMessageTypeIds: [12, 13], unsubscribedChannelIds: [] },
	],
	[
		'Customer.io, one topic',
		{ email, unsubscribed: false, cio_subscription_preferences: { topics: { topic_1: false } } },
	],
	['Braze, push', { email, email_subscribe: 'subscribed', push_subscribe: 'unsubscribed' }],
	[
		'Omnisend, never asked',
		{
			email,
			identifiers: [{ id: email, type: 'email', channels: { email: { status: 'nonSubscribed' } } }],
		},
	],
	[
		'Constant Contact, implicit',
		{ email_address: { address: email, permission_to_send: 'implicit', opt_out_date: null } },
	],
	['Salesforce, calls', { Email: email, DoNotCall: true, HasOptedOutOfEmail: false }],
	[
		'Salesforce, bounced',
		{ Email: email, IsEmailBounced: true, EmailBouncedReason: 'unknown user' },
	],
	[
		'Dynamics 365, calls and letters',
		{ emailaddress1: email, donotphone: true, donotpostalmail: true, donotbulkemail: false },
	],
	[
		'Wix, not set',
		{ primaryInfo: { email }, primaryEmail: { email, subscriptionStatus: 'NOT_SET' } },
	],
	['BigCommerce, reviews', { email, accepts_product_review_abandoned_cart_emails: false }],
	['no date', { email, unsubscribed_at: null, opted_out_on: '' }],
	['MySQL’s zero date', { email, unsubscribed_at: '0000-00-00 00:00:00' }],
	['zero', { email, unsubscribedAt: 0 }],
	[
		'consent still to be confirmed',
		{ email, consent: 'pending', double_opt_in_sent_at: '2025-06-01' },
	],
	[
		'back again',
		{ email, unsubscribed_at: '2024-01-05', resubscribed_at: '2025-02-01', status: 'subscribed' },
	],
	['calls, German', { 'E-Mail': email, 'Nicht anrufen': 'ja' }],
	['calls, by channel', { email, preferences: { phone: 'opted_out', email: 'opted_in' } }],
	['undeliverable', { email, email_status: 'undeliverable', invalid_email: true }],
	['order canceled', { email, order_status: 'cancelled', cancelled_at: '2025-06-01' }],
	['newsletter by name', { email, Newsletter: 'Weekly digest' }],
	['an unsubscribe link', { email, unsubscribe_url: 'https://example.com/u?id=1' }],
	['terms of service', { email, terms_accepted: 'no', gdpr_request_id: null }],
	// Another set of systems and languages.

	['Copper', { emails: [{ email, category: 'work' }], email_opt_out: '' }],
	['Close', { emails: [{ email, is_unsubscribed: false }] }],
	['Marketo', { email, unsubscribed: 0, emailInvalid: true }],
	['Eloqua bounced', { emailAddress: email, isSubscribed: 'true', isBounceback: 'true' }],
	['GHL call', { email, dnd: false, dndSettings: { Call: { status: 'active' } } }],
	['Lead status', { Email: email, 'Lead Status': 'Closed', Stage: 'Rejected' }],
	['ticket', { requester: { email }, reason: 'complaint', status: 'open' }],
	['push', { email, push_opt_in: false }],
	['topic', { email, topics: { news: 'unsubscribed' } }],
	['dnc', { email, dnc: true, do_not_call: 'Yes' }],
	['double opt-in', { email, double_opt_in: 'pending' }],
	['NA', { email, unsubscribed: 'N/A', opt_out: 'unknown' }],
	['subscription plan', { email, subscription: 'canceled', plan: 'pro' }],
	['unsub count', { email, unsubscribes: 0, opt_out_count: 2 }],
	['consent text', { email, consent_text: 'No thanks', consent_version: 2 }],
	['list of tags', { email, tags: ['newsletter', 'vip'] }],
	['blank consent', { email, marketing_consent: '', optin: null }],
	['metadata', { email, metadata: { opt_out: null, campaign: 'unsub test' } }],
	['address', { email, email_address: { address: email, status: 'bounced' } }],
	['no consent', { email, marketing_status: 'no_consent' }],
];

function optedOutBy(json: object): string | undefined {
	const found = findContacts(json as Record<string, unknown>);
	expect(isContactPage(found)).toBe(false);
	return isContactPage(found) ? undefined : found.optedOutBy;
}

it.each([...saidNo, ...Object.entries(documented.saidNo)])('%s: the person said no', (_, json) => {
	expect(optedOutBy(json)).toEqual(expect.any(String));
});

it.each([...didNot, ...Object.entries(documented.didNot)])(
	'%s: the person did not say no',
	(_, json) => {
		expect(optedOutBy(json)).toBeUndefined();
	},
);
