import { fieldsOf } from './fieldsOf';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

const phone = '0171 3920000';

it.each<[what: string, json: Record<string, unknown>, country: unknown]>([
	['its own level', { data: { phone, country: 'DE' }, country: 'GB' }, 'DE'],
	['an address there', { data: { phone, address: { country: 'DE' } }, country: 'GB' }, 'DE'],
	['another level', { data: { country: 'DE' }, contact: { phone } }, 'DE'],
	['an address elsewhere', { data: { address: { country: 'DE' } }, contact: { phone } }, 'DE'],
	[
		'the likeliest of the addresses',
		{
			work_address: { country: 'GB' },
			data: { default_address: { country: 'DE' } },
			contact: { phone },
		},
		'DE',
	],
	['an address by its kind', { phone, address: { home: { country: 'DE' } } }, 'DE'],
	[
		'the first address by its kind',
		{ phone, address: { a: [{ country: 'DE' }], b: { country: 'GB' } } },
		'DE',
	],
	['the address itself', { phone, address: { country: 'DE', home: { country: 'GB' } } }, 'DE'],
	['a column of an address', { phone, 'Billing Country': 'NA' }, 'NA'],
	['a column that names one', { phone, country: 'Atlantis', 'country code': 'DE' }, 'DE'],
	['a column that is written', { phone, country: 77, country_code: 'Atlantis' }, 'Atlantis'],
	['an address where it is digits', { phone, country: 77, 'Billing Country': 'DE' }, 'DE'],
	['digits where nothing else is', { phone, country: 77, 'Billing Country': '' }, 77],
	['what is more than digits', { phone, country: 'Area 77', 'Billing Country': 'DE' }, 'Area 77'],
	['what begins with digits', { phone, country: '77 areas', 'Billing Country': 'DE' }, '77 areas'],
])('reads the country of a phone from %s', (_, json, country) => {
	expect(findContact(json).country).toBe(country);
});

it.each([
	['+49', '+49'],
	['0049', '+49'],
	['49', '+49'],
	[49, '+49'],
	[' +49 ', '+49'],
	['+ 49', '+49'],
	['00 49', '+49'],
	['1', '+1'],
	['1684', '+1684'],
	['Germany', 'Germany'],
	['NA', 'NA'],
])('uses the calling code next to a phone before its country: %p', (dial_code, country) => {
	expect(findContact({ phone, dial_code, Country: 'Atlantis' }).callingCode).toBe(country);
});

it.each(['', 'yes', '+0', '12345', '+12345', 'x49', '49x', '49 49', 'Jupiter', null, true])(
	"uses the country if the calling code isn't one: %p",
	(dial_code) => {
		expect(findContact({ phone, dial_code, Country: 'Atlantis' }).country).toBe('Atlantis');
	},
);

it.each<[what: string, json: Record<string, unknown>, place: unknown]>([
	['a column', { phone, ip_country: 'DE' }, 'DE'],
	['a column that is filled', { phone, ip_country: '', geoip_country: 'DE' }, 'DE'],
	['a column that says Namibia', { phone, ip_country: 'NA' }, 'NA'],
	['an object', { phone, location: { country_code: 'DE' } }, 'DE'],
	['an object at another level', { phone, data: { geo: { country: 'DE' } } }, 'DE'],
])('finds the location of an IP address in %s', (_, json, ipCountry) => {
	expect(findContact(json)).toMatchObject({ ipCountry, paths: { phone: 'phone' } });
	expect(fieldsOf({ ...json, Country: 'GB' })).toEqual({
		email: undefined,
		phone,
		country: 'GB',
		paths: { phone: 'phone', country: 'Country' },
	});
});

it('finds no location, and no country of an email', () => {
	expect(fieldsOf({ email: 'mary@example.com', country_code: 'DE', a: {} })).toEqual({
		email: 'mary@example.com',
		phone: undefined,
		country: 'DE',
		paths: { email: 'email' },
	});
});
