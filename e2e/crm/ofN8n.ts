import { PEOPLE, post, type System } from './system';

/** n8n's own form, with the fields that a marketer gives it. */
export function form(): System {
	const path = 'e2e-newsletter';
	const field = (fieldLabel: string, fieldType = 'text') => ({ fieldLabel, fieldType });
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
					],
				},
				options: {},
			},
		},
		async happen(n8n) {
			for (const { first, last, email, phone } of PEOPLE.slice(0, 2)) {
				const answers = new FormData();
				for (const [n, answer] of [`${first} ${last}`, email, phone].entries())
					answers.set(`field-${n}`, answer);
				await post(`${n8n}/form/${path}`, answers);
			}
		},
		executions: 2,
	};
}
