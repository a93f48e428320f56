import { fieldNamesOf, hasKnownField } from '../../../contacts/fieldNames';
import { REASONS_IN_PARTS, type ReasonCode } from '../../../contacts/reasons';
import { sentence, type Message } from '../../../message';
import type { FieldsSeen, FieldTally } from '../../../submission/fieldsSeen';

// Fewer say nothing about a column.
const MIN_VALUES = 10;
const CODES_SHOWN = 5;

/** What a person should know about the fields in which contacts were looked for. */
export function fieldWarnings(seen: FieldsSeen): Message[] {
	const { email, phone } = seen.tallies;
	const at = seen.commonest();
	return [
		...mostlyRefused({ tally: email, named: 'email', path: at.email }),
		...mostlyRefused({ tally: phone, named: 'phone', path: at.phone }),
		...guessedCodes(seen.guessed),
	];
}

/** That no item has a field with a known name, which the first item shows; its names are told. */
export function noFieldFound(json: Record<string, unknown>): Message[] {
	if (hasKnownField(json)) return [];
	return [
		{
			code: 'no_field',
			what: `No field has the name of an email or phone number; ${fieldsOf(json)}`,
			fix: "Choose 'Map Each Field' and say where they are",
		},
	];
}

/** That no item has anything at the fields that the person named; the names of the first item's are told. */
export function nothingThere(json: Record<string, unknown>): Message {
	return {
		code: 'no_field',
		what: `No item has anything where 'Email Field' and 'Phone Field' point; ${fieldsOf(json)}`,
		fix: "Drag the right fields there, or set 'Mapping Mode' to Map Automatically",
	};
}

function fieldsOf(json: Record<string, unknown>): string {
	const names = fieldNamesOf(json).map((name) => `'${name}'`);
	if (names.length === 0) return 'the first item has none';
	return `in the first item the fields are ${names.join(', ')}`;
}

function mostlyRefused(field: { tally: FieldTally; named: string; path?: string }): Message[] {
	const { tally, named, path } = field;
	const { sent, refused, reasons } = tally;
	if (sent + refused < MIN_VALUES || refused <= sent) return [];
	const [reason, count = 0] = [...reasons].sort(([, a], [, b]) => b - a)[0] ?? [];
	if (reason === undefined) return [];
	const where = path === undefined ? `the ${named} field` : `the ${named} field '${path}'`;
	return [
		{
			code: `${named}_mostly_refused`,
			what: `${refused} of ${sent + refused} values in ${where} are not sent, ${count} of them as ${reason}`,
			fix: sentence(REASONS_IN_PARTS[reason satisfies ReasonCode]),
		},
	];
}

function guessedCodes(guessed: FieldsSeen['guessed']): Message[] {
	const total = [...guessed.values()].reduce((sum, count) => sum + count, 0);
	if (total === 0) return [];
	const codes = [...guessed].sort(([, a], [, b]) => b - a);
	const shown = codes.slice(0, CODES_SHOWN).map(([code, count]) => `+${code}: ${count}`);
	const more = codes.length > CODES_SHOWN ? ` and ${codes.length - CODES_SHOWN} more` : '';
	const which = total === 1 ? '1 phone number has' : `${total} phone numbers have`;
	return [
		{
			code: 'calling_code_guessed',
			what: `${which} no plus and no country, and went with the calling code that the digits begin with (${shown.join(', ')}${more})`,
			fix: "If they are numbers of one country, set 'Default Country' or map the contact's country",
		},
	];
}
