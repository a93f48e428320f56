import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { JSON_BODY, PEOPLE, post, signedIn, type System } from './system';

const [mei, luis, nina] = PEOPLE;
const CONSENT = 'may_we_send_you_offers_on_messenger?';

/**
 * Meta calls a new webhook before it uses it, and signs each event.
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started
 * @see https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving
 */
export function facebookLeadAds(): System {
	const [page, form, otherForm] = ['100000000000001', '200000000000001', '200000000000002'];
	const byId = (value: string) => ({ __rl: true, mode: 'id', value });
	let target = '';
	return {
		name: 'Facebook Lead Ads',
		file: 'facebook-lead-ads-to-audience.json',
		credentials: { facebookLeadAdsOAuth2Api: signedIn() },
		choices: {
			'Facebook Lead Ads Trigger': { page: byId(page), form: byId(form) },
			'Add Users to Audience': { options: { consentField: `data.${CONSENT}` } },
		},
		host: 'graph.facebook.com',
		async respond({ method, path, body }) {
			const [, , id = '', edge] = path.split('/');
			if (id === 'oauth') return { access_token: 'app-token', token_type: 'bearer' };
			if (edge === 'subscriptions') {
				if (method !== 'POST') return method === 'GET' ? { data: [] } : { success: true };
				const subscription = new URLSearchParams(body);
				target = subscription.get('callback_url') ?? '';
				const isOurs = await returnsChallenge(target, subscription.get('verify_token') ?? '');
				return { success: isOurs };
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
					{ name: CONSENT, values: [person === nina ? 'not_now' : 'yes'] },
					{ name: 'full_name', values: [`${first} ${last}`] },
					{ name: 'email', values: [email] },
					{ name: 'phone_number', values: [phone.replaceAll(' ', '')] },
				],
			};
		},
		async forge() {
			assert.equal(await returnsChallenge(target, 'another-token'), false);
			const body = newLeads(page, form, ['903']);
			await post(target, body, JSON_BODY);
			await post(target, body, signedByMeta(body, 'another-secret'));
			const ofOtherForm = newLeads(page, otherForm, ['903']);
			await post(target, ofOtherForm, signedByMeta(body, 'client-secret'));
			await post(target, ofOtherForm, signedByMeta(ofOtherForm, 'client-secret'));
		},
		async happen() {
			const body = newLeads(page, form, ['901', '902', '903']);
			await post(target, body, signedByMeta(body, 'client-secret'));
		},
		optedOut: {},
		invalidReasons: { no_consent: 1 },
	};
}

async function returnsChallenge(webhook: string, token: string): Promise<boolean> {
	const challenge = '1158201444';
	const query = { 'hub.mode': 'subscribe', 'hub.challenge': challenge, 'hub.verify_token': token };
	const response = await fetch(`${webhook}?${new URLSearchParams(query).toString()}`);
	return response.ok && (await response.text()) === challenge;
}

function newLeads(page: string, form: string, ids: string[]): string {
	const changes = ids.map((leadgen_id) => ({
		field: 'leadgen',
		value: { leadgen_id, page_id: page, form_id: form, ad_id: '1', created_time: 1767225600 },
	}));
	return JSON.stringify({ object: 'page', entry: [{ id: page, time: 1767225600, changes }] });
}

function signedByMeta(body: string, secret: string): Record<string, string> {
	const signature = createHmac('sha256', secret).update(body).digest('hex');
	return { ...JSON_BODY, 'x-hub-signature-256': `sha256=${signature}` };
}

/**
 * Mailchimp calls a new webhook by GET before it accepts it. It signs nothing.
 * @see https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/
 */
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
		async respond({ method, path, headers, body }) {
			if (!path.startsWith('/3.0/lists/a6b5da1054/webhooks')) return undefined;
			assert.equal(headers.authorization, 'apikey mailchimp-key-us1');
			if (method === 'POST') {
				target = (JSON.parse(body) as { url: string }).url;
				if (!(await fetch(target)).ok) return undefined;
			}
			return { id: 'ef1g' };
		},
		async forge() {
			await post(target, listEvent(luis, 'upemail'));
		},
		async happen() {
			for (const person of [mei, luis]) await post(target, listEvent(person, 'subscribe'));
			await post(target, listEvent(nina, 'unsubscribe'));
		},
		executions: 3,
		optedOut: { type: 1 },
	};
}

function listEvent({ first, last, email, phone }: (typeof PEOPLE)[number], type: string) {
	return new URLSearchParams({
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
	});
}
