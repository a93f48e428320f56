import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

const PHONE = '0171 3920000';
type Json = Record<string, unknown>;

describe('a delivery', () => {
	const order = (recipient: Json, buyer: Json) => ({
		...buyer,
		shipping_address: { ...recipient, phone: PHONE, country: 'DE' },
	});
	it.each<[Json, Json]>([
		[{}, { name: 'Mary Smith' }],
		[{ name: 'Mary Smith' }, { name: 'mary SMITH' }],
		[{ first_name: 'Mary', last_name: 'Smith' }, { customer: { full_name: 'Mary Smith' } }],
		[{ givenName: 'Mary', surname: 'Smith' }, { billing_address: { name: 'Mary Smith' } }],
		[{ fname: 'Mary' }, { displayName: 'Mary' }],
		[{ lname: 'Smith', name: 'A' }, { family_name: 'Smith' }],
		[
			{ name: 'Mary', first_name: '' },
			{ name: 'Mary', last_name: '' },
		],
		[{ name: 'a'.repeat(201) }, {}],
		[{ name: 5 }, {}],
	])('to %j is the contact’s own where it is %j', (recipient, buyer) => {
		expect(findContact(order(recipient, buyer)).phone).toBe(PHONE);
	});

	it.each<[Json, Json]>([
		[{ name: 'Ann Lee' }, { name: 'Mary Smith' }],
		[{ name: 'Ann Lee' }, {}],
		[{ name: 'Ann Lee' }, { billing_address: null, customer: { name: 'Mary' } }],
		[
			{ first_name: 'Mary', last_name: 'Lee' },
			{ first_name: 'Mary', last_name: 'Smith' },
		],
		[{ first_name: 'Mary' }, { first_name: 'Mary', last_name: 'Smith' }],
		[{ last_name: 'Smith' }, { first_name: 'Mary', last_name: 'Smith' }],
		[{ name: 'a'.repeat(200) }, {}],
	])('to %j is a gift where the contact is %j', (recipient, buyer) => {
		expect(findContact(order(recipient, buyer)).phone).toBeUndefined();
	});
});
