import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { resolveCountry } from '../../nodes/AlibabaCloudChatApp/contacts/country';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import countries from './countries.json';
import payloads from './crm-payloads.json';
import phones from './phones-odd.json';
import repro from './repro.json';

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

it.each(countries)('reads $text as $expect', ({ text, expect: code }) => {
	expect(resolveCountry(text) ?? null).toBe(code);
});

// What may be sent for each of the worst cases; the others send no phone.
const REPRO_PHONES: Record<string, string> = {
	'CN, country 86': '8613812345678',
	'CN, country 中国': '8613812345678',
	'DE, Excel lost the zero, Deutschland': '4915123456789',
	'fax first in a list': '4915112345678',
	'assistant first in a list': '4915112345679',
	'BR (55)': '5555987654321',
	'JotForm area + phone': '4915112345678',
	'Suriname .0': '597211234',
};

it.each(repro.noDefault as Array<Record<string, unknown>>)(
	"sends no one else's number: $case",
	(item) => {
		const { case: name, ...json } = item;
		const { Phone } = userOf(cleanContact(findContact(json), { hash: 'none' }));
		expect(Phone).toBe(REPRO_PHONES[String(name)]);
	},
);

it.each(repro.defaultIndia)(
	'reads $phone as a number from abroad, since India has no such number',
	(json) => {
		const options = { hash: 'none', defaultCountry: 'IN' } as const;
		expect(userOf(cleanContact(findContact(json), options)).Phone).toBe(json.phone);
	},
);

it('a lone surrogate makes only its own email invalid', () => {
	const users = repro.loneSurrogate.map((json) =>
		cleanContact(findContact(json), { hash: 'none' }),
	);
	expect(users.map((cleaned) => userOf(cleaned).Email)).toEqual([
		'good1@example.com',
		undefined,
		'good2@example.com',
	]);
});
