import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { COUNTRIES, JSON_BODY, PEOPLE, post, signedIn, type System } from './system';

const nina = PEOPLE[2];

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
		async forge() {
			const body = contactsCreated([504]);
			await post(target, body, JSON_BODY);
			await post(target, body, signedByHubspot(target, body, 'another-secret'));
			const { 'x-hubspot-signature': _, ...onlyV3 } = signedByHubspot(target, body, clientSecret);
			await post(target, body, onlyV3);
			const altered = contactsCreated([505]);
			await post(target, altered, signedByHubspot(target, body, clientSecret));
		},
		async happen() {
			const body = contactsCreated([501, 502, 503]);
			await post(target, body, signedByHubspot(target, body, clientSecret));
		},
		optedOut: { 'properties.hs_email_optout': 1 },
	};
}

/** @returns the body of HubSpot's call for new contacts */
function contactsCreated(ids: number[]): string {
	return JSON.stringify(
		ids.map((objectId, eventId) => ({
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
}

/**
 * HubSpot sends both signatures; n8n checks the older one.
 * @see https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 */
function signedByHubspot(url: string, body: string, secret: string): Record<string, string> {
	const timestamp = String(Date.now());
	const v3 = createHmac('sha256', secret).update(`POST${url}${body}${timestamp}`).digest('base64');
	return {
		...JSON_BODY,
		'x-hubspot-signature': createHash('sha256').update(`${secret}${body}`).digest('hex'),
		'x-hubspot-signature-version': 'v1',
		'x-hubspot-signature-v3': v3,
		'x-hubspot-request-timestamp': timestamp,
	};
}

/**
 * Pipedrive signs nothing; it sends the user and password that n8n gave it when the workflow was published.
 * @see https://pipedrive.readme.io/docs/guide-for-webhooks-v2
 */
export function pipedrive(): System {
	let target = '';
	let headers: Record<string, string> = {};
	return {
		name: 'Pipedrive',
		file: 'pipedrive-to-audience.json',
		credentials: {
			pipedriveApi: { apiToken: 'pipedrive-token' },
			httpBasicAuth: { user: 'pipedrive', password: 'a-password' },
		},
		choices: { 'Pipedrive Trigger': { incomingAuthentication: 'basicAuth' } },
		host: 'api.pipedrive.com',
		respond({ method, path, query, body }) {
			if (!path.startsWith('/v1/webhooks')) return undefined;
			assert.equal(query.get('api_token'), 'pipedrive-token');
			if (method === 'GET') return { success: true, data: [] };
			if (method === 'POST') {
				const { subscription_url, http_auth_user, http_auth_password } = JSON.parse(body) as Record<
					string,
					string
				>;
				target = subscription_url ?? '';
				headers = { ...JSON_BODY, ...basicAuth(`${http_auth_user}:${http_auth_password}`) };
			}
			return { success: true, data: { id: 9 } };
		},
		async forge() {
			const body = personCreated(1);
			await post(target, body, JSON_BODY, 401);
			await post(target, body, { ...JSON_BODY, ...basicAuth('pipedrive:another') }, 403);
		},
		async happen() {
			for (const index of PEOPLE.keys()) await post(target, personCreated(index), headers);
		},
		executions: 3,
		optedOut: { 'data.marketing_status': 1 },
	};
}

function basicAuth(userAndPassword: string): Record<string, string> {
	return { authorization: `Basic ${Buffer.from(userAndPassword).toString('base64')}` };
}

function personCreated(index: number): string {
	const { first, last, email, phone } = PEOPLE[index] ?? nina;
	return JSON.stringify({
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
		async forge() {
			const body = customer(2);
			const headers = signedByShopify(body, appSecretKey);
			const { 'x-shopify-hmac-sha256': _, ...unsigned } = headers;
			await post(target, body, unsigned);
			await post(target, body, signedByShopify(body, 'another-secret'));
			await post(target, customer(1), headers);
			await post(target, body, { ...headers, 'x-shopify-topic': 'customers/update' });
		},
		async happen() {
			for (const body of [...PEOPLE.keys()].map(customer))
				await post(target, body, signedByShopify(body, appSecretKey));
		},
		executions: 3,
		optedOut: { 'email_marketing_consent.state': 1 },
	};
}

function customer(index: number): string {
	const { first, last, email, phone } = PEOPLE[index] ?? nina;
	const state = email === nina.email ? 'unsubscribed' : 'subscribed';
	const address = { first_name: first, last_name: last, country_code: COUNTRIES[index] };
	return JSON.stringify({
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
}

function signedByShopify(body: string, secret: string): Record<string, string> {
	return {
		...JSON_BODY,
		'x-shopify-topic': 'customers/create',
		'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
		'x-shopify-shop-domain': 'example-shop.myshopify.com',
		'x-shopify-api-version': '2024-07',
	};
}
