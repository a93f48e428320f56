import { resolveCountry } from './country';
import type { Slot } from './fieldRole';
import { objectsAt, type Level } from './level';
import { isOwnShipping } from './shipping';
import { fieldText, isFilled } from './value';

/** A country that was found, and where. */
export interface FoundCountry {
	level: Level;
	key: string;
	value: unknown;
}

/** The country that stands nearest to a phone: at its own level, in an address there, at another level, in an address. */
export function countryOfPhone(
	phone: Level | undefined,
	levels: Level[],
): FoundCountry | undefined {
	const near = phone && (countryAt(phone) ?? countryIn(ownAddresses([phone], levels)));
	return near ?? countryIn(levels) ?? countryIn(ownAddresses(levels, levels));
}

/** Addresses of the contact, the likeliest first; a delivery's only where it is the contact's own. */
export function addressesIn(levels: Level[], isOwn: (level: Level) => boolean): Level[] {
	if (levels.every(({ layout }) => layout.address.length + layout.shipping.length === 0)) return [];
	const addresses = levels.flatMap((level) =>
		level.layout.address.flatMap((candidate) =>
			objectsAt(level, [candidate]).map((address) => ({ rank: candidate.rank, address })),
		),
	);
	const shipping = levels.flatMap((level) => objectsAt(level, level.layout.shipping)).filter(isOwn);
	return [...addresses.sort((a, b) => a.rank - b.rank).map(({ address }) => address), ...shipping];
}

/** Where an IP address is, or whatever else `location` means. */
export function placeIn(levels: Level[]): unknown {
	for (const level of levels) {
		for (const { key } of level.layout.placeCountry) {
			if (isFilled(level.json[key], 'country')) return level.json[key];
		}
		const place = countryIn(objectsAt(level, level.layout.place));
		if (place) return place.value;
	}
	return undefined;
}

function ownAddresses(levels: Level[], all: Level[]): Level[] {
	return addressesIn(levels, (level) => isOwnShipping(level, all));
}

function countryIn(levels: Level[]): FoundCountry | undefined {
	for (const level of levels) {
		const country = countryAt(level);
		if (country !== undefined) return country;
	}
	return undefined;
}

// A prefix of the phone is a part of the phone. Then what names a country goes first: a column such as "country_code" may
// hold a dialing code. One that isn't understood doesn't give way to an address's.
function countryAt(level: Level): FoundCountry | undefined {
	const { country, addressCountry, dial } = level.layout;
	if (country.length + addressCountry.length + dial.length === 0) return undefined;
	return (
		valueAt(level, 'dial', isDial) ??
		valueAt(level, 'country', namesCountry) ??
		valueAt(level, 'country', isWritten) ??
		valueAt(level, 'addressCountry', isCountryFilled) ??
		valueAt(level, 'country', isCountryFilled)
	);
}

const isCountryFilled = (value: unknown) => isFilled(value, 'country');

function isDial(value: unknown): boolean {
	return /^\s*(?:\+|00)?\s?[1-9]\d{0,3}\s*$/.test(String(value)) || namesCountry(value);
}

// Plain digits may be anything, such as a CRM's own number for a country.
function isWritten(value: unknown): boolean {
	return isCountryFilled(value) && !/^\d+$/.test(fieldText(value, 'country') ?? '');
}

function namesCountry(value: unknown): boolean {
	const text = fieldText(value, 'country');
	return typeof text === 'string' && resolveCountry(text) !== undefined;
}

function valueAt(
	level: Level,
	slot: Slot,
	suits: (value: unknown) => boolean,
): FoundCountry | undefined {
	for (const { key } of level.layout[slot]) {
		const value = level.json[key];
		if (suits(value)) return { level, key, value };
	}
	return undefined;
}
