/**
 * Why a contact, or one of its fields, isn't sent: what is wrong, and how to fix it.
 * Workflows filter the output by these codes, so they never change. The text never quotes the value.
 */
export const REASON_MESSAGES = {
	no_email_or_phone: {
		what: 'The contact has neither an email nor a phone number',
		fix: "Fill one in, or check 'Mapping Mode'",
	},
	email_invalid: {
		what: 'The email address is incomplete, or no one reads it (for example, a no-reply address)',
		fix: 'Enter one address, for example mary@example.com',
	},
	email_ambiguous: {
		what: 'The email field contains more than one address',
		fix: 'Keep one address in the mapped field',
	},
	phone_no_country: {
		what: 'The phone number has no country code and the contact has no country',
		fix: "Enter the number with its country code, map the contact's country, or set 'Default Country'",
	},
	phone_country_unknown: {
		what: "The phone number has no country code and the contact's country isn't recognized",
		fix: 'Enter the country as an ISO code such as BR or its English name, or enter the number with its country code',
	},
	phone_no_area_code: {
		what: 'The phone number is a local number without its area code',
		fix: 'Add the area code, or enter the number with its country code',
	},
	phone_not_possible: {
		what: "The phone number has the wrong length, an unknown country code, or characters that don't belong in a phone number",
		fix: 'Enter it with its country code, digits only',
	},
	phone_ambiguous: {
		what: 'The phone field contains more than one number',
		fix: 'Keep one number in the mapped field',
	},
	phone_spreadsheet: {
		what: 'A spreadsheet turned the phone number into a value such as 4.9E+11, so digits may be lost',
		fix: 'Format the column as text and enter the number again',
	},
	row_unreadable: {
		what: "The row can't be read: it has an unmatched quotation mark, or uses a different delimiter than the other rows",
		fix: 'Correct the row in the file',
	},
	empty_page: {
		what: 'The item is a page without contacts',
		fix: 'Check the filter in the previous node, or leave such items out',
	},
	only_ids: {
		what: 'The item contains no contact, only an ID',
		fix: 'Add a node that gets the contact before this one',
	},
	staff: {
		what: 'The item is not a contact but, for example, an agent, an admin, a supplier, or a company',
		fix: 'Filter out such items before this node',
	},
	opted_out: {
		what: 'The contact, or another one with the same email or phone number, said no to marketing',
		fix: "You don't have to do anything. To send such contacts anyway, set 'Opted-Out Contacts' to Send",
	},
	no_consent: {
		what: "The contact's 'Consent Field' doesn't say yes",
		fix: "Ask the contact for consent and fill in the field, or check its name in 'Consent Field'",
	},
	forgotten: {
		what: 'The contact asked to be forgotten',
		fix: "To allow the contact again, delete the rows with the status 'forgotten' and the SHA-256 hashes of its email and phone number from the Data Table",
	},
	country_not_messageable: {
		what: "Meta sends no marketing messages to people in the contact's country",
		fix: "You don't have to do anything. To send such contacts anyway, set 'Contacts Meta Can't Message' to Send",
	},
	expression_failed: {
		what: "An expression in the node can't be evaluated for the contact",
		fix: "Check 'Default Country', 'Consent Field', and the fields of 'Map Each Field Below'",
	},
	hash_md5: {
		what: "The value looks like an MD5 hash, which custom audiences don't accept",
		fix: 'Send it unhashed, or as a SHA-256 hash',
	},
};

/** The result of cleaning one field: the value to send, the reason it can't be sent, or neither when it is empty. */
export interface FieldResult {
	value?: string;
	reason?: ReasonCode;
	/** The calling code was read from the phone's digits alone, without any country. */
	guessed?: boolean;
}

/** The complete set of reasons why a contact, or one of its fields, isn't sent. */
export type ReasonCode = keyof typeof REASON_MESSAGES;

/** {@link REASON_MESSAGES} as sentences. */
export const REASONS = Object.fromEntries(
	Object.entries(REASON_MESSAGES).map(([code, { what, fix }]) => [code, `${what}. ${fix}.`]),
) as Record<ReasonCode, string>;
