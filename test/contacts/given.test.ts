import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { resolveCountry } from '../../nodes/AlibabaCloudChatApp/contacts/country';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/mapping';
import countries from './countries.json';
import payloads from './crm-payloads.json';
import phones from './phones-odd.json';

type Payload = { system: string; json: Record<string, unknown>; expect: object; dc?: string };
type Phone = { phone: unknown; country?: string; expect: string | null };

const userOf = (cleaned: ReturnType<typeof cleanContact>) =>
	'user' in cleaned ? cleaned.user : {};

it.each(payloads as Payload[])('finds the contact in: $system', ({ json, expect: user, dc }) => {
	const cleaned = cleanContact(findContact(json), { hash: 'none', defaultCountry: dc });
	expect(userOf(cleaned)).toEqual(user);
});

it.each(phones as Phone[])(
	'reads $phone ($country) as $expect',
	({ phone, country, expect: sent }) => {
		const cleaned = cleanContact({ phone, country }, { hash: 'none' });
		expect(userOf(cleaned).Phone ?? null).toBe(sent);
	},
);

it.each(countries)('takes $text for $expect', ({ text, expect: code }) => {
	expect(resolveCountry(text) ?? null).toBe(code);
});
