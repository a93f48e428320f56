import { JSON_BODY, PEOPLE, post, type System } from './system';

const [mei, luis, nina] = PEOPLE;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';

/** n8n's own form, with the fields that a marketer gives it. It can't know who fills it in, but refuses programs. */
export function form(): System {
	const path = 'e2e-newsletter';
	const question = 'May we send you offers on Messenger?';
	const field = (fieldLabel: string, fieldType = 'text') => ({ fieldLabel, fieldType });
	const options = { values: [{ option: 'Yes' }, { option: 'No' }] };
	const answer = async (
		n8n: string,
		{ first, last, email, phone }: (typeof PEOPLE)[number],
		consent: string,
		client = { agent: BROWSER, status: 200 },
	) => {
		const answers = new FormData();
		for (const [n, text] of [`${first} ${last}`, email, phone, consent].entries())
			answers.set(`field-${n}`, text);
		await post(`${n8n}/form/${path}`, answers, { 'user-agent': client.agent }, client.status);
	};
	return {
		name: 'n8n Form',
		file: 'crm-trigger-to-audience.json',
		trigger: {
			name: 'On form submission',
			type: 'n8n-nodes-base.formTrigger',
			typeVersion: 2.2,
			webhookId: path,
			parameters: {
				formTitle: 'Newsletter',
				formFields: {
					values: [
						field('Your name'),
						field('Your email address', 'email'),
						field('WhatsApp number (with country code)'),
						{ ...field(question, 'dropdown'), fieldOptions: options },
					],
				},
				options: { ignoreBots: true },
			},
		},
		async forge(n8n) {
			await answer(n8n, luis, 'Yes', { agent: 'ExampleBot/1.0', status: 401 });
		},
		async happen(n8n) {
			await answer(n8n, mei, 'Yes');
			await answer(n8n, luis, 'Yes');
			await answer(n8n, nina, 'No');
		},
		executions: 3,
		optedOut: { [question]: 1 },
	};
}

/** Any system that calls n8n's Webhook node, with a header that only it knows. */
export function webhook(): System {
	const path = '/webhook/new-contact';
	const secret = { 'x-crm-key': 'crm-secret' };
	return {
		name: 'Webhook',
		file: 'crm-trigger-to-audience.json',
		credentials: { httpHeaderAuth: { name: 'x-crm-key', value: 'crm-secret' } },
		choices: { 'New Contact': { authentication: 'headerAuth' } },
		async forge(n8n) {
			const body = JSON.stringify({ email: luis.email });
			await post(`${n8n}${path}`, body, JSON_BODY, 403);
			await post(`${n8n}${path}`, body, { ...JSON_BODY, 'x-crm-key': 'another' }, 403);
		},
		async happen(n8n) {
			for (const person of PEOPLE) {
				const { first, last, email, phone } = person;
				const contact = { first, last, email, mobile: phone, unsubscribed: person === nina };
				await post(`${n8n}${path}`, JSON.stringify(contact), { ...JSON_BODY, ...secret });
			}
		},
		executions: 3,
		optedOut: { 'body.unsubscribed': 1 },
	};
}
