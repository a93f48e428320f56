import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import isEmail from 'validator/lib/isEmail';
import {
	getCountries,
	getCountryCallingCode,
	parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { cleanEmail } from '../../nodes/AlibabaCloudChatApp/contacts/email';
import { cleanPhone } from '../../nodes/AlibabaCloudChatApp/contacts/phone/clean';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { searchContact } from '../../nodes/AlibabaCloudChatApp/contacts/searchContact';
import {
	international,
	unchanged,
} from '../../nodes/AlibabaCloudChatApp/contacts/phone/numberingPlan';
import { runsOf } from '../faults/share';

fc.configureGlobal({ seed: 20200606, numRuns: runsOf(8000) });

const countries = getCountries();
const country = fc.option(fc.constantFrom(...countries, 'unknown', 'AQ', '1', '49', '91', '39'), {
	nil: undefined,
});
const code = fc.constantFrom('', ...countries.map((each) => getCountryCallingCode(each)));
const digits = fc.stringMatching(/^\d{3,13}$/);
const join = (parts: readonly string[]) => parts.join('');

// The blank at the end changes nothing, but leaves the number to the rules.
const samePhone = (text: string, home: string | undefined) =>
	isDeepStrictEqual(cleanPhone(text, { country: home }), cleanPhone(`${text} `, { country: home }));

it('returns the same result for every number with the shortcut as with the full rules', () => {
	const prefix = fc.constantFrom('', '+', '00', '011', '0011', '0041', '000');
	const number = fc.tuple(prefix, code, fc.constantFrom('', '0', '(0)', '8'), digits).map(join);
	fc.assert(fc.property(number, country, samePhone));
});

it('leaves only digits unparsed that the library returns unchanged', () => {
	fc.assert(
		fc.property(fc.tuple(code, fc.constantFrom('', '0', '8', '1'), digits).map(join), (text) => {
			const spared = unchanged(text);
			if (spared === undefined) return true;
			const number = parsePhoneNumberFromString(`+${text}`);
			return number?.isPossible() && number.number === `+${text}`;
		}),
	);
});

it('removes a trunk prefix as the library does', () => {
	// Mexico dropped a prefix that the library still reads.
	const current = code.filter((each) => each !== '52');
	const trunk = fc.constantFrom('0', '8', '1', '9');
	fc.assert(
		fc.property(fc.tuple(current, trunk, digits).map(join), (text) => {
			const read = international(text);
			if (read === undefined || read === text) return;
			const number = parsePhoneNumberFromString(`+${text}`);
			expect([number?.number, number?.isPossible()]).toEqual([`+${read}`, true]);
		}),
	);
});

it('returns the same result for a number written twice as for it alone, if it is sent', () => {
	const number = fc.tuple(fc.constantFrom('', '+', '00'), code, digits).map(join);
	fc.assert(
		fc.property(number, fc.constantFrom('; ', ' / ', '\n', ' or '), country, (text, cut, home) => {
			const alone = cleanPhone(text, { country: home });
			// Up to six digits before a slash are an area code.
			if (alone.value === undefined || text.length < 7) return;
			expect(cleanPhone(text + cut + text, { country: home }).value).toBe(alone.value);
			return samePhone(text + cut + text, home);
		}),
	);
});

it("returns the same result both ways for numbers that begin with the contact's own code", () => {
	const trunk = fc.constantFrom('', '0', '8', '1', '9');
	fc.assert(
		fc.property(fc.constantFrom(...countries), trunk, digits, (home, prefix, rest) => {
			const text = getCountryCallingCode(home) + prefix + rest;
			return samePhone(text, home) && samePhone(`+${text}`, home);
		}),
	);
});

it('returns the same result both ways for numbers of shared calling codes', () => {
	const shared = fc.constantFrom('1', '599', '44', '39', '7', '262', '590', '358', '47', '61');
	const number = fc.tuple(fc.constantFrom('', '+'), shared, digits).map(join);
	fc.assert(fc.property(number, country, samePhone));
});

it('returns the same result for every address with the shortcut as with the full rules', () => {
	const unit = fc.constantFrom(...'aZ09-_.+@\u212aİ');
	const label = fc.string({ unit, minLength: 1, maxLength: 12 });
	const ending = fc.constantFrom('.com', '.c', '', '.xn--p1ai');
	const plain = fc.oneof(
		fc.tuple(label, fc.constantFrom('@', '@@', ''), label, ending).map(join),
		fc.tuple(label, fc.constant('@'), fc.domain()).map(join),
		fc.emailAddress(),
	);
	const around = fc.constantFrom(['', ''], ['Mary <', '>'], ['mailto:', '?subject=a'], [' ', ' ;']);
	const twoWritten = fc.tuple(plain, fc.constantFrom(', ', ' <', '|'), plain).map(join);
	const address = fc.oneof(
		plain,
		fc.tuple(around, plain).map(([[before, after], text]) => `${before}${text}${after}`),
		twoWritten,
		plain.map((text) => `${text}, ${text}`),
	);
	fc.assert(
		fc.property(address, (text) => isDeepStrictEqual(cleanEmail(text), cleanEmail(`${text} `))),
	);
});

it('sends only addresses that the validator accepts', () => {
	const unit = fc.constantFrom(...'aZ09-_.+@');
	const text = fc.oneof(
		fc.emailAddress(),
		fc.string({ unit, maxLength: 70 }).map((s) => `a${s}@b.com`),
	);
	fc.assert(
		fc.property(text, (each) => {
			const { value } = cleanEmail(each);
			return value === undefined || isEmail(value);
		}),
	);
});

it('finds in a plain row what the full search finds there', () => {
	const names = [
		'Email',
		'phone',
		'Mobile',
		'Country',
		'id',
		'Name',
		'tags',
		'address',
		'user',
		'owner',
	];
	const text = fc.constantFrom('mary@example.com', '+4930231255555', 'DE', 'n/a', ' ', '-', 'yes');
	const value = fc.oneof(
		{ weight: 6, arbitrary: text },
		{ weight: 1, arbitrary: fc.constantFrom(null, 4930231255555, true, NaN) },
		{ weight: 1, arbitrary: fc.array(text, { maxLength: 2 }) },
		{ weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...names), text) },
	);
	const row = fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
	fc.assert(
		fc.property(row, (json) => expect(findContact(json)).toStrictEqual(searchContact(json))),
	);
});
