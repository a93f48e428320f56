import { REASON_MESSAGES } from '../../../contacts/reasons';
import { MAX_ENTRIES_READ } from '../../../contacts/scopes';
import { countOfContacts, type Message, messageText } from '../../../message';
import { shownName } from '../../../redact';
import type { SourceFacts } from '../../../sources/source';
import type { ItemWithoutContact, Plan } from '../../../upload/plan';
import type { FieldsSeen, FieldTally, ReachTally } from '../../../upload/tallies';

/** What a person should know about how an upload's contacts were found and read. */
export function contactMessages({
	fields,
	reach,
	users,
	extraUserCount = 0,
	options,
	source,
}: Plan): Message[] {
	const messages: Message[] = [];
	if (fields) {
		const { email, phone } = fields.tallies;
		const at = fields.mostCommonPaths();
		messages.push(
			...mostlyInvalid({ tally: email, named: 'email', path: at.email }),
			...mostlyInvalid({ tally: phone, named: 'phone', path: at.phone }),
			...countryNotReturned(fields),
			...guessedCodes(fields.guessed),
			...unusedData(fields.unused()),
			...peopleNotUsed(fields.people),
			...(options.optedOut === 'send' ? optedOutSent(fields.optedOut) : []),
		);
	}
	if (reach) messages.push(...notMessageable(reach, users.length - extraUserCount));
	return [...messages, ...sourceMessages(source?.facts ?? {})];
}

/** Contacts for which the expression in 'Default Country' returned no country. */
export function countryNotReturned({
	withoutCountry,
	total,
}: Pick<FieldsSeen, 'withoutCountry' | 'total'>): Message[] {
	if (withoutCountry === 0) return [];
	const which = total === 1 ? 'the contact' : `${withoutCountry} of ${countOfContacts(total)}`;
	return [
		{
			code: 'country_not_returned',
			what: `The expression in 'Default Country' returned no country for ${which}`,
			fix: 'Phone numbers without a country code need one. For contacts without a country, the expression may return an empty string',
		},
	];
}

const PATHS_SHOWN = 4;

/** Values that look like an email or a phone number, in fields whose names don't show it. */
function unusedData(unused: ReturnType<FieldsSeen['unused']>): Message[] {
	const [first, ...more] = unused.slice(0, PATHS_SHOWN);
	if (!first) return [];
	const described = [first, ...more].map(({ path, kind, count, total }) => {
		const looks = kind === 'email' ? 'an email' : 'a phone number';
		const where = total === 1 ? '' : ` in ${count} of ${total} contacts`;
		return `'${path}' looks like ${looks}${where}`;
	});
	const others = unused.length - described.length;
	const it = unused.length === 1 ? 'it' : 'them';
	return [
		{
			code: 'unused_data',
			what: `Not used: ${described.join(', ')}${others > 0 ? ` and ${others} more` : ''}`,
			fix: `Set 'Mapping Mode' to Map Each Field Below to use ${it}`,
		},
	];
}

// Only a list's first entries are read, and one of them may be used: if none of the others is, there may be more people.
const MOST_COUNTED = MAX_ENTRIES_READ - 1;

function peopleNotUsed(people: ReadonlyMap<string, number>): Message[] {
	return [...people].slice(0, PATHS_SHOWN).map(([field, count]) => ({
		code: 'people_not_used',
		what:
			count === 1
				? `1 more person in '${field}' was not used`
				: `${count < MOST_COUNTED ? count : `At least ${count}`} more people in '${field}' were not used`,
		fix: 'To send them too, return each person as an item before this node; for a list, use a Split Out node',
		level: 'info',
	}));
}

function sourceMessages(facts: SourceFacts): Message[] {
	const {
		unreadableItems = [],
		unreadableRows,
		wideRows,
		otherSheets = [],
		rowsAbove = 0,
		secondTable,
	} = facts;
	return [
		...(otherSheets.length > 0 ? [unreadSheets(facts.sheet, otherSheets)] : []),
		...(rowsAbove > 0 ? [skippedLines(rowsAbove)] : []),
		...(secondTable === undefined ? [] : [tableNextTo(secondTable)]),
		...(unreadableItems.length > 0 ? [notReadable(unreadableItems)] : []),
		...(unreadableRows ? [rowsNotRead(unreadableRows)] : []),
		...(wideRows ? [widerRows(wideRows)] : []),
	];
}

function notReadable(items: number[]): Message {
	const which =
		items.length === 1
			? `item ${items[0]}`
			: `${items.length} items, starting with item ${items[0]}`;
	return {
		code: 'expression',
		what: `An expression in the node can't be evaluated for ${which}`,
		fix: "Check 'Default Country', 'Consent Field', and the fields of 'Map Each Field Below'",
	};
}

const SHEETS_SHOWN = 5;

function unreadSheets(sheet = '', others: string[]): Message {
	const shown = others.slice(0, SHEETS_SHOWN).map((name) => `'${shownName(name)}'`);
	const more = others.length - shown.length;
	return {
		code: 'file_other_sheets',
		what: `Only the sheet '${shownName(sheet)}' was read; contacts are also in ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
		fix: "To send another one, enter its name as 'Sheet' in 'File Options'",
	};
}

function skippedLines(count: number): Message {
	return {
		code: 'file_lines_above',
		what: `${count === 1 ? '1 row' : `${count} rows`} above the column names ${count === 1 ? 'was' : 'were'} skipped`,
		fix: '',
		level: 'info',
	};
}

function tableNextTo(column: string): Message {
	return {
		code: 'file_second_table',
		what: `A second table begins in column ${column}, next to the first one; its contacts were only read in rows where the first one has none`,
		fix: 'Move it to a separate sheet or file, and send that too',
	};
}

function rowsNotRead({ count, what }: { count: number; what: string }): Message {
	const that =
		count === 1
			? "1 row in the file can't be read and counts as invalid"
			: `${count} rows in the file can't be read, so they count as invalid; the first one`;
	return {
		code: 'file_rows_unreadable',
		what: `${that}: ${what}`,
		fix: 'Correct it in the file, since other rows may have been read as part of it',
	};
}

const ROWS_NAMED = 5;

/** Waiting contacts whose rows in the Data Table can't be read. @param ids of the first row of each */
export function unreadableContacts(ids: number[]): Message {
	const [are, which] = ids.length === 1 ? ['is', 'row with ID'] : ['are', 'rows with IDs'];
	const named = ids.slice(0, ROWS_NAMED).join(', ');
	const more = ids.length > ROWS_NAMED ? `, and ${ids.length - ROWS_NAMED} more` : '';
	return {
		code: 'stored_unreadable',
		what: `${countOfContacts(ids.length)} in the Data Table ${are} not sent, because the ${which} ${named}${more} can't be read`,
		fix: 'Open Data Tables in n8n and correct or delete these rows. A phone number needs its country code',
	};
}

function widerRows({ count, row }: { count: number; row: number }): Message {
	const which = count === 1 ? `Row ${row} has` : `${count} rows, starting with row ${row}, have`;
	return {
		code: 'file_rows_wider',
		what: `${which} more cells than the file has columns`,
		fix: `Check whether ${count === 1 ? 'its' : 'their'} cells have shifted: a cell that contains the delimiter needs quotation marks`,
	};
}

/** No contact has an email or phone. */
export function noFieldFound(seen: ItemWithoutContact): Message {
	const message = specificMessage(seen);
	if (message) return { code: 'no_field', ...message };
	const { names, mapping } = seen;
	const first =
		names.length === 0
			? 'the first item has no field to choose'
			: `the first item has ${names.map((name) => `'${name}'`).join(', ')}`;
	if (mapping === 'byHand') {
		return {
			code: 'no_field',
			what: `The fields chosen as 'Email Field' and 'Phone Field' are empty in every item; ${first}`,
			fix: "Drag the right fields there, or set 'Mapping Mode' to Map Automatically",
		};
	}
	return {
		code: 'no_field',
		what: `No field is named like an email or phone number; ${first}`,
		fix:
			names.length === 0
				? "Check the previous node's output: each contact needs fields such as 'email' and 'phone'"
				: "Set 'Mapping Mode' to Map Each Field Below, and choose the fields",
	};
}

// A message that is more specific than the names of the fields.
function specificMessage({
	isEmpty,
	mapping,
	file,
}: ItemWithoutContact): Omit<Message, 'code'> | undefined {
	if (file === 'text') {
		return {
			what: "A field of the items contains a file's text, not contacts",
			fix: "In the node before this one, set 'Response Format' to File, and here, set 'Contacts From' to File",
		};
	}
	if (file === 'binary') {
		return {
			what: 'The items contain a file, but no contact in their fields',
			fix: "To read the file, set 'Contacts From' to File",
		};
	}
	if (isEmpty) {
		return {
			what: 'The first item is empty, and no other contains an email or phone number',
			fix: 'Connect a node that returns your contacts to this one',
		};
	}
	if (mapping === 'none') {
		return {
			what: "'Email Field' and 'Phone Field' are empty",
			fix: "Drag a field from the input panel into at least one of them, or set 'Mapping Mode' to Map Automatically",
		};
	}
	return undefined;
}

function optedOutSent(byField: ReadonlyMap<string, number>): Message[] {
	const total = [...byField.values()].reduce((sum, count) => sum + count, 0);
	if (total === 0) return [];
	const fields = [...byField].map(([field, count]) => `'${field}': ${count}`).join(', ');
	const which = total === 1 ? '1 contact who' : `${total} contacts who`;
	return [
		{
			code: 'opted_out_sent',
			what: `${which} said no to marketing ${total === 1 ? 'is' : 'are'} included (${fields})`,
			fix: "Meta subscribes everyone it matches. To leave them out, set 'Opted-Out Contacts' to Leave Out",
		},
	];
}

/** Share of contacts above which a warning is shown. */
const MANY = 0.1;
const COUNTRIES_SHOWN = 5;

function notMessageable(reach: ReachTally, contacts: number): Message[] {
	const { notMessageableCount } = reach;
	if (notMessageableCount <= contacts * MANY) return [];
	const countries = [...reach.notMessageable].sort(([, a], [, b]) => b - a);
	const shown = countries
		.slice(0, COUNTRIES_SHOWN)
		.map(([country, count]) => `${country}: ${count}`);
	const more =
		countries.length > COUNTRIES_SHOWN ? ` and ${countries.length - COUNTRIES_SHOWN} more` : '';
	const areIn = notMessageableCount === 1 ? 'is in a country' : 'are in countries';
	return [
		{
			code: 'not_messageable',
			what: `${notMessageableCount} of ${contacts} contacts ${areIn} where Meta sends no marketing messages (${shown.join(', ')}${more})`,
			fix: "To leave them out, set 'Contacts Meta Can't Message' to Leave Out",
		},
	];
}

// Fewer values say nothing about a column.
const MIN_VALUES = 10;
const CODES_SHOWN = 5;

function mostlyInvalid(field: { tally: FieldTally; named: string; path?: string }): Message[] {
	const { tally, named, path } = field;
	const { valid, invalid, reasons } = tally;
	if (valid + invalid < MIN_VALUES || invalid <= valid) return [];
	const [reason, count = 0] = [...reasons].sort(([, a], [, b]) => b - a)[0] ?? [];
	if (reason === undefined) return [];
	const where = path === undefined ? `the ${named} field` : `the ${named} field '${path}'`;
	return [
		{
			code: `${named}_mostly_invalid`,
			what: `${invalid} of ${valid + invalid} values in ${where} are invalid, ${count} of them for this reason`,
			fix: messageText(REASON_MESSAGES[reason]),
		},
	];
}

function guessedCodes(guessed: Map<string, number>): Message[] {
	const total = [...guessed.values()].reduce((sum, count) => sum + count, 0);
	if (total === 0) return [];
	const codes = [...guessed].sort(([, a], [, b]) => b - a);
	const shown = codes.slice(0, CODES_SHOWN).map(([code, count]) => `+${code}: ${count}`);
	const more = codes.length > CODES_SHOWN ? ` and ${codes.length - CODES_SHOWN} more` : '';
	const which = total === 1 ? '1 phone number has' : `${total} phone numbers have`;
	return [
		{
			code: 'calling_code_guessed',
			what: `${which} no plus and no country, and ${total === 1 ? 'was' : 'were'} read with the calling code that the digits begin with (${shown.join(', ')}${more})`,
			fix: "If they are all from one country, set 'Default Country' or map the contact's country",
		},
	];
}
