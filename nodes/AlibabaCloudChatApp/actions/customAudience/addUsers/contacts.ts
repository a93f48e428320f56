import type { IBinaryData, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { FoundContacts } from '../../../contacts/findContacts';
import { shownName } from '../../../redact';
import type { ByteSource } from '../../../sources/file/bytes';
import { FileError, quotedNames } from '../../../sources/file/fileError';
import { FileSource } from '../../../sources/file/fileSource';
import { type ContactSource, itemSource } from '../../../sources/source';
import { type GrowingUserList, PackedUsers } from '../../../upload/packedUsers';
import { choice } from '../../optionKinds';
import { consentColumn, mappingOfFile } from '../mapping';
import type { AddUsersOptions } from '../options';
import { Progress, type Run } from '../sending/run';

const source = choice({
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
	{ ...source.property, name: 'source', noDataExpression: true },
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
	return source.read(context.getNodeParameter('source', 0, 'items'));
}

const STREAM_PIECE = 256 * 1024;
/** Base64 characters. */
const BASE64_PIECE = 87_380;

/**
 * The file that came with an input item: streamed from where n8n keeps it, or piece by piece out of its memory.
 * @throws FileError when there is none
 */
function fileOf(context: IExecuteFunctions, item: number): ByteSource {
	const binary = binaryOf(context, item);
	const { id } = binary;
	if (!id) return { open: () => fromBase64(binary.data) };
	return {
		async *open() {
			const { getBinaryStream } = context.helpers;
			try {
				yield* (await getBinaryStream(id, STREAM_PIECE)) as AsyncIterable<Uint8Array>;
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
	// Forms and drives use names of their choice; with only one file, it's clear which is meant.
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
	for (let start = 0; start < data.length; start += BASE64_PIECE) {
		// Mail and some APIs break base64 into lines; only whole groups of four can be decoded on their own.
		const known = rest + data.slice(start, start + BASE64_PIECE).replace(/\s+/g, '');
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

/** Opens the contacts of an upload's input items. @throws FileError, or what reading a parameter throws */
export type OpenContacts = (items: number[], options: AddUsersOptions) => OpenedContacts;

/** Each input item is a contact, or a page of them. */
export function itemOpener(
	read: (item: number) => FoundContacts,
	{ onError }: Pick<Run, 'onError'>,
): OpenContacts {
	return (items, { removeDuplicates }) => {
		const source = itemSource(items, read, onError !== 'stop');
		return { source, users: [], removeDuplicates };
	};
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
