import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { COUNTRIES, PEOPLE, post, signedIn, type System } from './system';

const [mei, luis, nina] = PEOPLE;

/** @see https://developers.hubspot.com/docs/api-reference/legacy/webhooks/guide */
export function hubspot(): System {
	const clientSecret = 'hubspot-client-secret';
	let target = '';
	return {
		name: 'HubSpot',
		file: 'hubspot-to-audience.json',
		credentials: {
			hubspotDeveloperApi: { ...signedIn(), clientSecret, apiKey: 'developer-key', appId: '77' },
			hubspotAppToken: { appToken: 'pat-na1-token' },
		},
		host: 'api.hubapi.com',
		respond({ method, path, headers, body }) {
			if (path === '/webhooks/v3/77/settings') {
				if (method === 'PUT') target = (JSON.parse(body) as { targetUrl: string }).targetUrl;
				return { targetUrl: target, throttling: { maxConcurrentRequests: 5 } };
			}
			if (path.startsWith('/webhooks/v3/77/subscriptions'))
				return method === 'GET' ? { results: [] } : { id: '1', active: true };
			const vid = /^\/contacts\/v1\/contact\/vid\/(\d+)\/profile$/.exec(path)?.[1];
			const person = PEOPLE[Number(vid) - 501];
			if (!person) return undefined;
			assert.equal(headers.authorization, 'Bearer pat-na1-token');
			const value = (text: string) => ({
				value: text,
				versions: [{ value: text, selected: true }],
			});
			return {
				vid: Number(vid),
				'canonical-vid': Number(vid),
				'portal-id': 62515,
				'is-contact': true,
				properties: {
					firstname: value(person.first),
					lastname: value(person.last),
					email: value(person.email),
					phone: value(person.phone),
					hubspot_owner_id: value('88'),
					...(person === nina && { hs_email_optout: value('true') }),
				},
				'form-submissions': [],
				'identity-profiles': [
					{ vid: Number(vid), identities: [{ type: 'EMAIL', value: person.email }] },
				],
			};
		},
		async happen() {
			const body = JSON.stringify(
				[501, 502, 503].map((objectId, eventId) => ({
					eventId,
					objectId,
					subscriptionId: 1,
					portalId: 62515,
					appId: 77,
					occurredAt: 1_767_225_600_000,
					subscriptionType: 'contact.creation',
					attemptNumber: 0,
					changeSource: 'CRM',
				})),
			);
			const signature = createHash('sha256').update(`${clientSecret}${body}`).digest('hex');
			await post(target, body, {
				'content-type': 'application/json',
				'x-hubspot-signature': signature,
				'x-hubspot-signature-version': 'v1',
			});
		},
		optedOut: { 'properties.hs_email_optout': 1 },
	};
}

/** @see https://pipedrive.readme.io/docs/guide-for-webhooks-v2 */
export function pipedrive(): System {
	let target = '';
	return {
		name: 'Pipedrive',
		file: 'pipedrive-to-audience.json',
		credentials: { pipedriveApi: { apiToken: 'pipedrive-token' } },
		host: 'api.pipedrive.com',
		respond({ method, path, query, body }) {
			if (!path.startsWith('/v1/webhooks')) return undefined;
			assert.equal(query.get('api_token'), 'pipedrive-token');
			if (method === 'GET') return { success: true, data: [] };
			if (method === 'POST')
				target = (JSON.parse(body) as { subscription_url: string }).subscription_url;
			return { success: true, data: { id: 9 } };
		},
		async happen() {
			for (const [index, { first, last, email, phone }] of PEOPLE.entries()) {
				const body = JSON.stringify({
					meta: {
						action: 'create',
						entity: 'person',
						entity_id: index + 1,
						company_id: 31,
						user_id: 12,
						version: '2.0',
					},
					data: {
						id: index + 1,
						name: `${first} ${last}`,
						first_name: first,
						last_name: last,
						owner_id: 12,
						org_id: null,
						emails: [{ label: 'work', primary: true, value: email }],
						phones: [{ label: 'mobile', primary: true, value: phone }],
						marketing_status: email === nina.email ? 'unsubscribed' : 'no_consent',
						add_time: '2026-01-01T00:00:00Z',
						custom_fields: {},
					},
					previous: null,
				});
				await post(target, body, { 'content-type': 'application/json' });
			}
		},
		executions: 3,
		optedOut: { 'data.marketing_status': 1 },
	};
}

/** @see https://shopify.dev/docs/apps/build/webhooks/subscribe/https */
export function shopify(): System {
	const appSecretKey = 'shopify-secret';
	let target = '';
	return {
		name: 'Shopify',
		file: 'shopify-to-audience.json',
		credentials: {
			shopifyAccessTokenApi: {
				shopSubdomain: 'example-shop',
				accessToken: 'shpat_token',
				appSecretKey,
			},
		},
		host: 'example-shop.myshopify.com',
		respond({ method, path, headers, body }) {
			if (!path.includes('/webhooks')) return undefined;
			assert.equal(headers['x-shopify-access-token'], 'shpat_token');
			if (method === 'GET') return { webhooks: [] };
			if (method === 'POST')
				target = (JSON.parse(body) as { webhook: { address: string } }).webhook.address;
			return { webhook: { id: 4759306 } };
		},
		async happen() {
			for (const [index, { first, last, email, phone }] of PEOPLE.entries()) {
				const state = email === nina.email ? 'unsubscribed' : 'subscribed';
				const address = { first_name: first, last_name: last, country_code: COUNTRIES[index] };
				const body = JSON.stringify({
					id: 706405506930370 + index,
					email,
					first_name: first,
					last_name: last,
					orders_count: 0,
					state: 'disabled',
					verified_email: true,
					tags: '',
					phone,
					addresses: [{ id: 1, ...address }],
					default_address: { id: 1, ...address, phone: null },
					email_marketing_consent: { state, opt_in_level: null, consent_updated_at: null },
					sms_marketing_consent: null,
				});
				const signature = createHmac('sha256', appSecretKey).update(body).digest('base64');
				await post(target, body, {
					'content-type': 'application/json',
					'x-shopify-topic': 'customers/create',
					'x-shopify-hmac-sha256': signature,
					'x-shopify-shop-domain': 'example-shop.myshopify.com',
					'x-shopify-api-version': '2024-07',
				});
			}
		},
		executions: 3,
		optedOut: { 'email_marketing_consent.state': 1 },
	};
}

/** @see https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving */
export function facebookLeadAds(): System {
	const [page, form] = ['100000000000001', '200000000000001'];
	const byId = (value: string) => ({ __rl: true, mode: 'id', value });
	let target = '';
	return {
		name: 'Facebook Lead Ads',
		file: 'facebook-lead-ads-to-audience.json',
		credentials: { facebookLeadAdsOAuth2Api: signedIn() },
		choices: { 'Facebook Lead Ads Trigger': { page: byId(page), form: byId(form) } },
		host: 'graph.facebook.com',
		respond({ method, path, body }) {
			const [, , id = '', edge] = path.split('/');
			if (id === 'oauth') return { access_token: 'app-token', token_type: 'bearer' };
			if (edge === 'subscriptions') {
				if (method === 'POST') target = new URLSearchParams(body).get('callback_url') ?? '';
				return method === 'GET' ? { data: [] } : { success: true };
			}
			if (edge === 'subscribed_apps') return { success: true };
			if (id === page) return { id, name: 'Example shop', access_token: 'page-token' };
			if (id === form)
				return { id, name: 'Newsletter', locale: 'en_US', status: 'ACTIVE', page: { id: page } };
			const person = PEOPLE[Number(id) - 901];
			if (!person) return undefined;
			const { first, last, email, phone } = person;
			return {
				id,
				created_time: '2026-01-01T00:00:00+0000',
				ad_id: '1',
				ad_name: 'Spring',
				adset_id: '2',
				adset_name: 'Everyone',
				form_id: form,
				field_data: [
					{ name: 'full_name', values: [`${first} ${last}`] },
					{ name: 'email', values: [email] },
					{ name: 'phone_number', values: [phone.replaceAll(' ', '')] },
				],
			};
		},
		async happen() {
			const changes = ['901', '902'].map((leadgen_id) => ({
				field: 'leadgen',
				value: { leadgen_id, page_id: page, form_id: form, ad_id: '1', created_time: 1767225600 },
			}));
			const body = JSON.stringify({
				object: 'page',
				entry: [{ id: page, time: 1767225600, changes }],
			});
			const signature = createHmac('sha256', 'client-secret').update(body).digest('hex');
			await post(target, body, {
				'content-type': 'application/json',
				'x-hub-signature-256': `sha256=${signature}`,
			});
		},
	};
}

/** @see https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/ */
export function mailchimp(): System {
	let target = '';
	return {
		name: 'Mailchimp',
		file: 'crm-trigger-to-audience.json',
		trigger: {
			name: 'Mailchimp Trigger',
			type: 'n8n-nodes-base.mailchimpTrigger',
			typeVersion: 1,
			parameters: {
				authentication: 'apiKey',
				list: 'a6b5da1054',
				events: ['subscribe', 'unsubscribe'],
				sources: ['user', 'admin', 'api'],
			},
		},
		credentials: { mailchimpApi: { apiKey: 'mailchimp-key-us1' } },
		host: 'us1.api.mailchimp.com',
		respond({ method, path, headers, body }) {
			if (!path.startsWith('/3.0/lists/a6b5da1054/webhooks')) return undefined;
			assert.equal(headers.authorization, 'apikey mailchimp-key-us1');
			if (method === 'POST') target = (JSON.parse(body) as { url: string }).url;
			return { id: 'ef1g' };
		},
		async happen() {
			for (const { first, last, email, phone } of [mei, luis, nina]) {
				const type = email === nina.email ? 'unsubscribe' : 'subscribe';
				const event = {
					type,
					fired_at: '2026-01-01 00:00:00',
					'data[id]': '8a25ff1d98',
					'data[email]': email,
					'data[email_type]': 'html',
					'data[ip_opt]': '192.0.2.1',
					'data[merges][EMAIL]': email,
					'data[merges][FNAME]': first,
					'data[merges][LNAME]': last,
					'data[merges][PHONE]': phone,
					'data[list_id]': 'a6b5da1054',
				};
				await post(target, new URLSearchParams(event));
			}
		},
		executions: 3,
		optedOut: { type: 1 },
	};
}
