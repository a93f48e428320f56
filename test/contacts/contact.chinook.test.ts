import { PhoneNumberFormat, PhoneNumberUtil } from 'google-libphonenumber';
import customers from '../../demo/chinook-customers.json';
import { cleanContact, type User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';

// Where the second library says otherwise, and why what is sent is right.
const DIFFERENCES: Record<number, { other: string; why: string }> = {
	57: {
		other: '56026354444',
		why: 'the bracketed zero is not dialed from abroad, and no number of Chile begins with it',
	},
};

const library = PhoneNumberUtil.getInstance();

function otherPhone(text: string): string | undefined {
	if (text === '') return undefined;
	const number = library.parse(text);
	if (!library.isPossibleNumber(number)) return undefined;
	return library.format(number, PhoneNumberFormat.E164).slice(1);
}

const cleaned = customers.map((customer) => ({
	id: customer.CustomerId,
	written: customer.Phone,
	result: cleanContact(findContact(customer), { hash: 'none' }),
}));
const userOf = (result: (typeof cleaned)[number]['result']): User =>
	'user' in result ? result.user : {};

it('turns 59 contacts into 59 users, each with its email', () => {
	expect(cleaned.filter(({ result }) => userOf(result).Email !== undefined)).toHaveLength(59);
});

it.each(cleaned)(
	'customer $id has the phone that the second library reads',
	({ id, written, result }) => {
		const difference = DIFFERENCES[id];
		expect(otherPhone(written)).toBe(difference ? difference.other : userOf(result).Phone);
		if (difference) expect(userOf(result).Phone).not.toBe(difference.other);
	},
);

it("drops the two phones that aren't possible, with the reason", () => {
	const dropped = cleaned.flatMap(({ id, result }) =>
		'dropped' in result ? [[id, result.dropped]] : [],
	);
	expect(dropped).toEqual([
		[9, 'phone_not_possible'],
		[57, 'phone_not_possible'],
	]);
});
