import fc from 'fast-check';
import {
	cleanContact,
	createDuplicateFilter,
	type User,
} from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { REASONS } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';
import { generateContacts, MIXES } from '../bench/generate';
import shapes from './crm-shapes.json';
import { readerAt } from './fieldsOf';
import { runsOf } from '../faults/share';

fc.configureGlobal({ seed: 20200606, numRuns: runsOf(2000) });

const digits = fc.stringMatching(/^\d{5,13}$/);
const number = fc
	.tuple(
		fc.constantFrom('', '+', '00', '011'),
		fc.constantFrom('', '1', '44', '49', '39', '84', '91', '599'),
		fc.constantFrom('', '0', '(0)', '8'),
		digits,
	)
	.map((parts) => parts.join(''));
const scribble = fc.string({
	unit: fc.constantFrom(
		...'0123456789+-() ./,;#xE@<>\u00a0\u202a１٠aé"\'',
		'ext',
		'tel:',
		'mailto:',
		'@example.com',
	),
	maxLength: 24,
});
const value = fc.oneof(
	scribble,
	number,
	fc.jsonValue(),
	fc.double(),
	fc.constantFrom(...Object.keys(REASONS)),
);
const raw = fc.record({ email: value, phone: value, country: value }, { requiredKeys: [] });
const options = fc.record({
	defaultCountry: fc.constantFrom('', 'DE', 'us', 'XX', 'IN', 'CA'),
	hash: fc.constantFrom('none' as const, 'sha256' as const),
});

it('returns a user in canonical form or a known reason for any JSON value, and never throws', () => {
	fc.assert(
		fc.property(raw, options, (contact, chosen) => {
			const cleaned = cleanContact(contact, chosen);
			if ('reason' in cleaned) return Object.hasOwn(REASONS, cleaned.reason);
			const { user, dropped } = cleaned;
			expect(Object.keys(user).length).toBeGreaterThan(0);
			if ('Phone' in user) expect(user.Phone).toMatch(/^(\d{7,15}|[0-9a-f]{64})$/);
			if ('Email' in user) expect(user.Email).toBe(user.Email?.toLowerCase().trim());
			if (chosen.hash === 'sha256') {
				for (const identifier of Object.values(user)) expect(identifier).toMatch(/^[0-9a-f]{64}$/);
			}
			return dropped === undefined || Object.hasOwn(REASONS, dropped);
		}),
	);
});

it('finds and reads fields in any JSON object without throwing', () => {
	fc.assert(
		fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (json, path) => {
			findContact(json);
			readerAt({ email: path, phone: path })(json);
		}),
	);
});

it('returns the same user if it is cleaned again with a plus and without a country', () => {
	fc.assert(
		fc.property(raw, options, (contact, chosen) => {
			const first = cleanContact(contact, chosen);
			if ('reason' in first) return;
			const { Email, Phone } = first.user;
			const again = { email: Email, phone: Phone?.replace(/^(?=\d{7,15}$)/, '+') };
			expect(cleanContact(again, { hash: chosen.hash })).toEqual({ user: first.user });
		}),
	);
});

it('sends the same identifiers whatever the order of the contacts', () => {
	const contacts = [
		...generateContacts(60, MIXES.mixed),
		...shapes.map(({ json }) => findContact(json)),
	];
	const users = contacts.flatMap((contact) => {
		const cleaned = cleanContact(contact, { hash: 'none' });
		return 'user' in cleaned ? [cleaned.user] : [];
	});
	const inOrder = identifiersSent(users);
	fc.assert(
		fc.property(fc.shuffledSubarray(users, { minLength: users.length }), (shuffled) => {
			expect(identifiersSent(shuffled)).toEqual(inOrder);
		}),
		{ numRuns: 200 },
	);
});

function identifiersSent(users: User[]): string[] {
	const isDuplicate = createDuplicateFilter();
	const sent = users.filter((user) => !isDuplicate(user)).flatMap((user) => Object.values(user));
	return [...new Set(sent)].sort();
}
