import assert from 'node:assert/strict';
import { contacts } from '../contacts';
import type { Respond } from '../machine/outside';
import type { System } from './system';

const PAGE = 200;

/** A CRM whose API returns a list page by page. */
export const LIST = contacts(450);
/** Who said no to marketing, by their place in the list: on the first and the last page. */
const SAID_NO = [7, 449];

/** Any CRM with an API, through n8n's HTTP Request with its pagination. */
export function httpList(): System {
	const respond: Respond = ({ query, headers }) => {
		assert.equal(headers.authorization, 'Bearer crm-token');
		assert.equal(query.get('limit'), String(PAGE));
		const from = Number(query.get('from') ?? 0);
		const page = LIST.slice(from, from + PAGE).map((contact, n) => ({
			...contact,
			email_opt_out: SAID_NO.includes(from + n),
		}));
		const next = `https://crm.example.com/contacts?limit=${PAGE}&from=${from + PAGE}`;
		return { contacts: page, next: from + PAGE < LIST.length ? next : null };
	};
	return {
		name: 'HTTP list',
		file: 'http-list-to-audience.json',
		credentials: { httpBearerAuth: { token: 'crm-token' } },
		choices: {
			'Get Contacts': {
				authentication: 'genericCredentialType',
				genericAuthType: 'httpBearerAuth',
			},
		},
		host: 'crm.example.com',
		respond,
		async happen() {},
		optedOut: { email_opt_out: SAID_NO.length },
	};
}
