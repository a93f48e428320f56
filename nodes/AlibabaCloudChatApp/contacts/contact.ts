import { cleanEmail } from './email';
import { firstGood, type Cleaner, type OtherValue } from './firstGood';
import { withHash, type HashMode } from './hash';
import { cleanPhone } from './phone/clean';
import { planOfDigits } from './phone/numberingPlan';
import type { ReasonCode } from './reasons';
import { fieldText, type FieldResult } from './value';

const EMAIL = { kind: 'email', clean: cleanEmail } as const;

/** A user as the API takes it; a field that is not known is absent, never empty. */
export interface User {
	Email?: string;
	Phone?: string;
}

/** Where a contact's fields stand in its item, as data paths. */
export interface FieldPaths {
	email?: string;
	phone?: string;
	country?: string;
}

/** A contact's fields as they were found in an item. */
export interface RawContact {
	email?: unknown;
	phone?: unknown;
	country?: unknown;
	/** Where an IP address is: used only without any other country, and only where the number itself bears it out. */
	placeCountry?: unknown;
	otherEmails?: OtherValue[];
	otherPhones?: OtherValue[];
	at?: FieldPaths;
	/** A file's row that can't be read, so that it has no fields. */
	unreadable?: true;
}

export interface CleaningOptions {
	/** ISO 3166 alpha-2, for numbers without a country code of contacts without a country; empty for none. */
	defaultCountry?: string;
	hash: HashMode;
}

/**
 * A contact that can be sent (`dropped`: why a value of it is not), or the reason it can't be.
 * `at`: where what is sent stands, if other values were taken than the first.
 * `guessed`: the phone's calling code was taken from its digits alone, without any country.
 */
export type Cleaned =
	| { user: User; dropped?: ReasonCode; at?: FieldPaths; guessed?: string }
	| { reason: ReasonCode };

class PhoneCleaner implements Cleaner {
	readonly kind = 'phone';

	constructor(
		private readonly raw: RawContact,
		private readonly options: CleaningOptions,
	) {}

	clean(text: string, country: unknown): FieldResult {
		const { country: ownCountry, placeCountry } = this.raw;
		return cleanPhone(text, {
			country: fieldText(country ?? ownCountry, 'country'),
			defaultCountry: this.options.defaultCountry,
			place: placeCountry === undefined ? undefined : fieldText(placeCountry, 'country'),
		});
	}
}

/**
 * Brings one contact into the form that Meta matches, or says why it can't be sent; never throws.
 * With both fields filled and neither usable the reason is the email's.
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function cleanContact(raw: RawContact, options: CleaningOptions): Cleaned {
	if (raw.unreadable) return { reason: 'row_unreadable' };
	const email = firstGood(raw.email, raw.otherEmails, EMAIL);
	const phone = firstGood(raw.phone, raw.otherPhones, new PhoneCleaner(raw, options));
	const user: User = {};
	if (email.value !== undefined) user.Email = withHash(email.value, options.hash);
	if (phone.value !== undefined) user.Phone = withHash(phone.value, options.hash);
	const reason = email.reason ?? phone.reason;
	if (email.value === undefined && phone.value === undefined) {
		return { reason: reason ?? 'no_email_or_phone' };
	}
	const cleaned: Cleaned = reason === undefined ? { user } : { user, dropped: reason };
	if (email.at !== undefined || phone.at !== undefined) {
		cleaned.at = {
			...raw.at,
			...(email.at !== undefined && { email: email.at }),
			...(phone.at !== undefined && { phone: phone.at }),
		};
	}
	if (phone.guessed) cleaned.guessed = planOfDigits(phone.value ?? '')?.callingCode;
	return cleaned;
}
