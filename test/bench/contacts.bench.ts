import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { cleanContact, type Contact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { resolveCountry } from '../../nodes/AlibabaCloudChatApp/contacts/country';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/findContacts';
import { generateContacts, MIXES } from './generate';
import { medianTime, type Figure, type PartResult } from './measure';

const COUNT = 100_000;

/** Cleaning: contacts a second for each mix, and the same numbers through the phone library's own parse. */
export function contactsBench(): PartResult {
	const lists = {
		canonical: generateContacts(COUNT, MIXES.canonical),
		messy: generateContacts(COUNT, MIXES.messy),
		mixed: generateContacts(COUNT, MIXES.mixed),
	};
	const phones = { canonical: phonesOf(lists.canonical), messy: phonesOf(lists.messy) };
	const cleaned = { canonical: timeOf(phones.canonical), messy: timeOf(phones.messy) };
	const parsed = { canonical: libraryTime(phones.canonical), messy: libraryTime(phones.messy) };
	const mapped = lists.mixed.map((contact) => ({ ...contact, id: 1, name: 'Mary Smith' }));
	return {
		part: 'contacts',
		figures: [
			...Object.entries(lists).map(([name, list]) => rate(`${name} contacts`, timeOf(list))),
			rate(
				'mixed contacts, found by name and cleaned',
				medianTime(() => mapped.forEach(mapAndClean)),
			),
			rate('canonical phones', cleaned.canonical),
			rate('messy phones', cleaned.messy),
			rate("canonical phones, the library's parse", parsed.canonical),
			rate("messy phones, the library's parse", parsed.messy),
			ratio('canonical phones against messy phones', cleaned.messy / cleaned.canonical),
			ratio("canonical phones against the library's parse", parsed.canonical / cleaned.canonical),
			ratio("messy phones against the library's parse", parsed.messy / cleaned.messy),
		],
	};
}

function phonesOf(list: Contact[]): Contact[] {
	return list.map(({ phone, country }) => ({ phone, country }));
}

function timeOf(list: Contact[]): number {
	return medianTime(() => list.forEach(clean));
}

function clean(contact: Contact): void {
	cleanContact(contact, { hash: 'none' });
}

function mapAndClean(json: Record<string, unknown>): void {
	clean(findContact(json));
}

// Countries are resolved beforehand: the library knows codes only, and its parse is what is compared.
function libraryTime(list: Contact[]): number {
	const numbers = list.map(({ phone, country }) => ({
		text: String(phone).replace(/^(?=\d{11,}$)/, '+'),
		defaultCountry: resolveCountry(String(country)) as CountryCode | undefined,
	}));
	return medianTime(() => {
		for (const { text, defaultCountry } of numbers) {
			parsePhoneNumberFromString(text, { defaultCountry })?.isPossible();
		}
	});
}

function rate(name: string, milliseconds: number): Figure {
	return { name, value: Math.round((COUNT / milliseconds) * 1000), unit: '/s' };
}

function ratio(name: string, value: number): Figure {
	return { name, value: Math.round(value * 100) / 100, unit: 'times as fast' };
}
