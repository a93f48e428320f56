const SENTENCES = {
	no_email_or_phone:
		"The contact has neither an email nor a phone number. Fill one in, or check 'Mapping Mode'.",
	email_invalid:
		'The email is not a complete address. Write one address, for example mary@example.com.',
	email_ambiguous:
		'The email field holds more than one address. Keep one address in the mapped field.',
	phone_no_country:
		"The phone number has no country code and the contact has no country. Write the number with its country code, map the contact's country, or set 'Default Country'.",
	phone_country_unknown:
		"The phone number has no country code and the contact's country is not understood. Write the country as an ISO code such as DE or by its English name, or write the number with its country code.",
	phone_not_possible:
		'The phone number has the wrong length, an unknown country code, or characters that a number does not have. Write it with its country code, digits only.',
	phone_ambiguous:
		'The phone field holds more than one number. Keep one number in the mapped field.',
	phone_spreadsheet:
		'A spreadsheet rewrote the phone number as a calculation value, so digits may be lost. Format the column as text and enter the number again.',
	hash_md5:
		'The value looks like an MD5 hash, which custom audiences do not take. Send it plain or as SHA-256.',
};

/** The closed set of reasons for which a contact, or one field of it, is not sent. */
export type ReasonCode = keyof typeof SENTENCES;

/**
 * Why a contact, or one field of it, isn't sent, with a sentence for people: what it is and how to mend it.
 * The codes appear in outputs that workflows filter on, so they stay; a sentence never quotes the value.
 */
export const REASONS: Record<ReasonCode, string> = SENTENCES;
