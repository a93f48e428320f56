import type { IBinaryData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { FieldPaths, Contact, SearchOptions } from '../../contacts/contact';
import { resolveCountry } from '../../contacts/country';
import {
	type ContactPage,
	findContacts,
	type FoundContacts,
	isContactPage,
	mappedContacts,
	pathInEntry,
	valueReader,
} from '../../contacts/findContacts';
import { isObjectOrList } from '../../contacts/text';
import { shownName } from '../../redact';
import type { ByteSource } from '../../sources/file/streams';
import type { Mapping } from '../../sources/file/columns';
import { FileError, quotedNames } from '../../sources/file/fileError';
import { FileSource } from '../../sources/file/fileSource';
import { type ContactSource, itemSource, type ReadItemContacts } from '../../sources/source';
import { textOf } from '../../transport/api';
import { type GrowingUserList, PackedUsers } from '../../upload/packedUsers';
import { choice } from '../optionKinds';
import {
	mayDiffer,
	isForWholeItem,
	parameterReader,
	pathOfExpression,
	rawParameter,
} from '../parameters';
import type { AddUsersOptions } from './options';
import { Progress, type Run } from './sending/run';

const SOURCE = choice({
	displayName: 'Contacts From',
	default: 'items',
	choices: {
		items: ['Input Items', 'Each input item is a contact, or a page of contacts'],
		file: [
			'File',
			'Each input item contains an Excel workbook (.xlsx) or a CSV file, plain or compressed',
		],
	},
	description:
		'Where the contacts are. Choose File for large lists: it needs much less memory and time than one item per row.',
});

const DEFAULT_BINARY_FIELD = 'data';

/** The panel's fields for where the contacts come from. */
export const sourceFields: INodeProperties[] = [
	{ ...SOURCE.property, name: 'source', noDataExpression: true },
	{
		displayName: 'Input Data Field Name',
		name: 'binaryField',
		type: 'string',
		default: DEFAULT_BINARY_FIELD,
		placeholder: 'e.g. data',
		hint: "The input panel shows this name under 'Binary'",
		displayOptions: { show: { source: ['file'] } },
		description:
			"Name of the input field that contains the file. Each input item's file is a separate upload.",
	},
];

/** @throws UnusableValue when it is neither */
export function readSource(context: IExecuteFunctions): 'items' | 'file' {
	return SOURCE.read(context.getNodeParameter('source', 0, 'items'));
}

const STREAM_CHUNK = 256 * 1024;
/** Base64 characters. */
const BASE64_CHUNK = 87_380;

/**
 * The file that came with an input item: streamed from where n8n keeps it, or read in chunks from its memory.
 * @throws FileError when there is none
 */
function fileOf(context: IExecuteFunctions, item: number): ByteSource {
	const binary = binaryOf(context, item);
	const { id, fileName: name } = binary;
	if (!id) return { name, open: () => fromBase64(binary.data) };
	return {
		name,
		async *open() {
			const { getBinaryStream } = context.helpers;
			try {
				yield* (await getBinaryStream(id, STREAM_CHUNK)) as AsyncIterable<Uint8Array>;
			} catch {
				// Its message names a path on n8n's disk.
				throw NOT_PROVIDED;
			}
		},
	};
}

const NOT_PROVIDED = new FileError({
	code: 'file_unreadable',
	what: "n8n couldn't provide the file",
	fix: 'Run the workflow again from the start',
});

function binaryOf(context: IExecuteFunctions, item: number): IBinaryData {
	const field = String(context.getNodeParameter('binaryField', item, DEFAULT_BINARY_FIELD)).trim();
	const fields = Object.keys(context.getInputData()[item]?.binary ?? {});
	// Forms and drives name this field as they like; with only one file, it's clear which is meant.
	const isOnlyFile = field === DEFAULT_BINARY_FIELD && fields.length === 1;
	const name = isOnlyFile ? (fields[0] as string) : field;
	try {
		return context.helpers.assertBinaryData(item, name);
	} catch {
		throw noFile(field, fields);
	}
}

function noFile(field: string, fields: string[]): FileError {
	return new FileError({
		code: 'file_missing',
		what: `The input item has no file in the field '${shownName(field)}'`,
		fix:
			fields.length === 0
				? "Add a node that returns a file before this one, or set 'Contacts From' to Input Items"
				: `Enter one of its fields with files as 'Input Data Field Name': ${quotedNames(fields)}`,
	});
}

async function* fromBase64(data: string): AsyncGenerator<Uint8Array> {
	let rest = '';
	for (let start = 0; start < data.length; start += BASE64_CHUNK) {
		// Mail and some APIs break base64 into lines; only whole groups of four can be decoded on their own.
		const known = rest + data.slice(start, start + BASE64_CHUNK).replace(/\s+/g, '');
		rest = known.slice(known.length - (known.length % 4));
		yield Buffer.from(known.slice(0, known.length - rest.length), 'base64');
	}
	if (rest !== '') yield Buffer.from(rest, 'base64');
}

/** An upload's contacts before they are read. */
export interface OpenedContacts {
	source: ContactSource;
	/** Where the users are kept. */
	users: GrowingUserList;
	/** Whether duplicates are still to be removed, since the list doesn't do it. */
	removeDuplicates: boolean;
}

/**
 * Opens the contacts of an upload's input items.
 * @param how `skipsUnreadable`: whether an item that can't be read is skipped; if absent, 'On Error' decides
 * @throws FileError, or what reading a parameter throws
 */
export type OpenContacts = (
	items: number[],
	options: AddUsersOptions,
	how?: { skipsUnreadable: boolean },
) => OpenedContacts;

/** Each input item is a contact, or a page of them. */
export function itemOpener({ context, onError }: Pick<Run, 'context' | 'onError'>): OpenContacts {
	const read = contactsReader(context);
	return (items, options, how = { skipsUnreadable: onError !== 'stop' }) => {
		const readUnreadable = (item: number) => contactsDespiteFailure(context, item, options);
		const source = itemSource(items, read, how.skipsUnreadable ? readUnreadable : undefined);
		return { source, users: [], removeDuplicates: options.removeDuplicates };
	};
}

/** The contacts of an item for which an expression can't be evaluated: only those who opted out are known well enough. */
function contactsDespiteFailure(
	context: IExecuteFunctions,
	item: number,
	{ optedOut }: Pick<AddUsersOptions, 'optedOut'>,
): FoundContacts {
	const isOptedOut = ({ optedOutBy }: Contact) =>
		optedOut !== 'send' && optedOutBy !== undefined && mappingKind(context) === 'automatic';
	const unlessOptedOut = (contact: Contact): Contact =>
		isOptedOut(contact) ? contact : { reason: 'expression_failed' };
	const found = findContacts(context.getInputData()[item]?.json ?? {});
	if (!isContactPage(found)) return unlessOptedOut(found);
	return { ...found, readEntry: (entry) => unlessOptedOut(found.readEntry(entry)) };
}

/** The upload's one input item has a file of contacts. */
export function fileOpener(run: Pick<Run, 'context' | 'clock'>): OpenContacts {
	const { context } = run;
	return ([item = 0], options) => {
		const { delimiter, encoding, headerRow, removeDuplicates, sheet, skipUnreadable } = options;
		const progress = new Progress(run);
		const source = new FileSource(fileOf(context, item), {
			delimiter: delimiter === 'auto' ? '' : delimiter,
			encoding,
			headerRow,
			sheet,
			skipUnreadable,
			mapping: mappingOfFile(context, item),
			consentField: consentColumn(context, item),
			item,
			onRows: (rows) => progress.report(`${rows} rows read`),
		});
		const users = new PackedUsers({ unique: removeDuplicates });
		return { source, users, removeDuplicates: false };
	};
}

const mappingMode = choice({
	displayName: 'Mapping Mode',
	default: 'autoMapInputData',
	choices: {
		autoMapInputData: [
			'Map Automatically',
			'Find email, phone, and country by the names that CRMs and forms use',
		],
		defineBelow: ['Map Each Field Below', 'Choose the fields for email, phone, and country'],
	},
	description: "How to find each contact's email, phone number, and country",
});

/** 'Mapping Mode', which is read at the first of the input items. */
export const MAPPING_MODE = { mappingMode };

/** The panel's fields for where items and files contain email, phone, and country. */
export const mappingFields: INodeProperties[] = [
	{ ...mappingMode.property, name: 'mappingMode' },
	pathField('Email Field', 'emailField', {
		placeholder: 'e.g. contact.email',
		content: 'email',
	}),
	pathField('Phone Field', 'phoneField', {
		placeholder: 'e.g. contact.mobile',
		content: 'phone number',
	}),
	pathField('Country Field', 'countryField', {
		placeholder: 'e.g. contact.country',
		content: 'country',
	}),
];

function pathField(
	displayName: string,
	name: string,
	{ placeholder, content }: { placeholder: string; content: string },
): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		requiresDataPath: 'single',
		default: '',
		placeholder,
		displayOptions: { show: { mappingMode: ['defineBelow'] } },
		description: `Field with the contact's ${content}: drag it here from the input panel or, for a file, enter the column's name. Leave it empty if there is none.`,
	};
}

type MappedField = keyof FieldPaths;

const PARAMETERS: Array<[MappedField, string]> = [
	['email', 'emailField'],
	['phone', 'phoneField'],
	['country', 'countryField'],
];

/**
 * Reads an input item's contacts by 'Mapping Mode'. A field contains a data path; an expression that only names a field is
 * read as that path, and any other is evaluated for each item and used as the value.
 * @throws what an expression in its fields throws
 */
export function contactsReader(
	context: IExecuteFunctions,
	options?: SearchOptions,
): ReadItemContacts {
	let read: ReadItemContacts | undefined;
	// Created with the first contact, so that a broken expression in 'Mapping Mode' is reported like any other.
	return (item) => (read ??= readerWithConsent(context, options))(item);
}

/** How the fields are mapped: `none` means by hand, but without an email or phone field. */
export function mappingKind(context: IExecuteFunctions): 'automatic' | 'byHand' | 'none' {
	const given = context.getNodeParameter('mappingMode', 0, mappingMode.property.default);
	if (given !== 'defineBelow') return 'automatic';
	const { paths, expressions } = readFields(context);
	const isMapped = (field: MappedField) =>
		(paths[field] ?? '').trim() !== '' || expressions.some(([name]) => name === field);
	return isMapped('email') || isMapped('phone') ? 'byHand' : 'none';
}

function readerWithConsent(context: IExecuteFunctions, options?: SearchOptions): ReadItemContacts {
	const items = context.getInputData();
	const json = (item: number) => items[item]?.json ?? {};
	const read = withCountryOfItem(context, fieldsReader(context, options));
	const consent = consentReader(context);
	if (!consent) return read;
	return (item) => {
		const found = read(item);
		if (!isContactPage(found)) return { ...found, consent: consent.ofItem(json(item), item) };
		const ofEntry = consent.ofEntries(found, item);
		return {
			...found,
			readEntry: (entry) => ({ ...found.readEntry(entry), consent: ofEntry(fieldsOfEntry(entry)) }),
		};
	};
}

/** The fields of a page's entry; none if it is plain text, a number, or the like. */
export function fieldsOfEntry(entry: unknown): IDataObject {
	return isObjectOrList(entry) ? (entry as IDataObject) : {};
}

/** Adds 'Default Country' if it is an expression: the field that it names usually has a different country in each item. */
function withCountryOfItem(context: IExecuteFunctions, read: ReadItemContacts): ReadItemContacts {
	const name = 'defaultCountry';
	if (!mayDiffer(context, name)) return read;
	const countryOf = parameterReader(context, name);
	return (item) => {
		const found = read(item);
		if (!isContactPage(found)) return withDefaultCountry(found, countryOf(item));
		const ofEntry = entryValueReader(context, name, { page: found, item, evaluate: countryOf });
		return {
			...found,
			readEntry: (entry) =>
				withDefaultCountry(found.readEntry(entry), ofEntry(fieldsOfEntry(entry))),
		};
	};
}

function withDefaultCountry({ country, ...contact }: Contact, given: unknown): Contact {
	const text = textOf(given);
	const defaultCountry = resolveCountry(text) ?? '';
	const isNone = typeof given === 'string' && text === '';
	const isUnknown = text !== '' && defaultCountry === '';
	return {
		...contact,
		// A country that isn't recognized may be the number's, as if it were in the contact's own field.
		country: country ?? (isUnknown ? text : undefined),
		defaultCountry,
		...(defaultCountry === '' && !isNone && { hasUnknownDefaultCountry: true as const }),
	};
}

/** What a parameter's values for the entries of a page depend on. */
interface EntryValues {
	page: ContactPage;
	/** The page's input item. */
	item: number;
	evaluate(item: number): unknown;
	/** The value for entries that the expression says nothing about. */
	unknown?: unknown;
}

/**
 * Reads a parameter with an expression for the entries of a page. A field of an entry is read from each of them; any other expression that
 * may return one entry's value says nothing about the others.
 */
function entryValueReader(
	context: IExecuteFunctions,
	parameter: string,
	{ page, item, evaluate, unknown }: EntryValues,
): (entry: IDataObject) => unknown {
	const raw = String(rawParameter(context, parameter));
	const path = pathOfExpression(raw);
	const inEntry = path === undefined ? undefined : pathInEntry(path, page.path);
	if (inEntry !== undefined) return valueReader(inEntry);
	const json = context.getInputData()[item]?.json ?? {};
	const isOfAll = page.entries.length < 2 || isForWholeItem(raw, json, page.path);
	const value = isOfAll ? evaluate(item) : unknown;
	return () => value;
}

function fieldsReader(context: IExecuteFunctions, options?: SearchOptions): ReadItemContacts {
	const items = context.getInputData();
	const json = (item: number) => items[item]?.json ?? {};
	const given = context.getNodeParameter('mappingMode', 0, mappingMode.property.default);
	if (mappingMode.read(given) === 'autoMapInputData')
		return (item) => findContacts(json(item), options);
	const { paths, expressions } = readFields(context);
	const readPaths = mappedContacts(paths, options);
	if (expressions.length === 0) return (item) => readPaths(json(item));
	const countryParameter = expressions.find(([field]) => field === 'country')?.[1];
	const countryOfAll = (item: number, page: ContactPage, country: unknown) => {
		if (countryParameter === undefined) return {};
		const settings = { page, item, evaluate: () => country, unknown: NOT_UNDERSTOOD };
		return { country: entryValueReader(context, countryParameter, settings)({}) };
	};
	return (item) => {
		const values = expressions.map(
			([field, parameter]) => [field, context.getNodeParameter(parameter, item, '')] as const,
		);
		const evaluated: Partial<Record<MappedField, unknown>> = Object.fromEntries(values);
		const found = readPaths(json(item));
		if (!isContactPage(found)) return { ...found, ...evaluated };
		// An item's one email or phone is that of one person at most.
		const isOne = found.entries.length === 1;
		const ofEach = isOne ? evaluated : countryOfAll(item, found, evaluated.country);
		return { ...found, readEntry: (entry) => ({ ...found.readEntry(entry), ...ofEach }) };
	};
}

/** Counts as a country that isn't recognized, so that 'Default Country' doesn't apply either. */
const NOT_UNDERSTOOD = true;

const CONSENT_FIELD = 'options.consentField';

interface ConsentReader {
	ofItem(json: IDataObject, item: number): unknown;
	ofEntries(page: ContactPage, item: number): (entry: IDataObject) => unknown;
}

/** Reads the value of 'Consent Field'; undefined if it isn't set. Like any field, it contains a data path or an expression. */
function consentReader(context: IExecuteFunctions): ConsentReader | undefined {
	const given = givenField(context, CONSENT_FIELD);
	if (given === undefined || given.path?.trim() === '') return undefined;
	const { path } = given;
	if (path !== undefined) {
		return {
			ofItem: valueReader(path),
			ofEntries: (page) => valueReader(pathInEntry(path, page.path) ?? path),
		};
	}
	const evaluate = (item: number) => context.getNodeParameter(CONSENT_FIELD, item, '') as unknown;
	return {
		ofItem: (_, item) => evaluate(item),
		ofEntries: (page, item) => entryValueReader(context, CONSENT_FIELD, { page, item, evaluate }),
	};
}

/** Whether only contacts whose 'Consent Field' says yes are sent. */
export function isConsentNeeded(context: IExecuteFunctions): boolean {
	return consentReader(context) !== undefined;
}

function consentColumn(context: IExecuteFunctions, item: number): string {
	const given = givenField(context, CONSENT_FIELD);
	if (given === undefined) return '';
	return given.path ?? String(context.getNodeParameter(CONSENT_FIELD, item, ''));
}

/**
 * How contacts are found in a file's rows, by 'Mapping Mode': a field contains the name of a column, or an expression that
 * returns it.
 */
function mappingOfFile(context: IExecuteFunctions, item: number): Mapping {
	const given = context.getNodeParameter('mappingMode', item, mappingMode.property.default);
	if (mappingMode.read(given) === 'autoMapInputData') return 'auto';
	const { paths, expressions } = readFields(context);
	for (const [field, parameter] of expressions) {
		const name = context.getNodeParameter(parameter, item, '');
		if (typeof name === 'string' || typeof name === 'number') paths[field] = String(name);
	}
	return paths;
}

function readFields(context: IExecuteFunctions) {
	const paths: FieldPaths = {};
	const expressions: Array<[MappedField, string]> = [];
	for (const [field, parameter] of PARAMETERS) {
		const given = givenField(context, parameter);
		if (given === undefined) continue;
		if (given.path === undefined) expressions.push([field, parameter]);
		else paths[field] = given.path;
	}
	return { paths, expressions };
}

/** A field as it was chosen: by its path, or without one by an expression; undefined if it contains no text. */
function givenField(context: IExecuteFunctions, parameter: string): { path?: string } | undefined {
	const raw = rawParameter(context, parameter);
	// A column's position, as an AI agent may write it.
	if (typeof raw === 'number') return { path: String(raw) };
	if (typeof raw !== 'string') return undefined;
	return { path: raw.startsWith('=') ? pathOfExpression(raw) : raw };
}
