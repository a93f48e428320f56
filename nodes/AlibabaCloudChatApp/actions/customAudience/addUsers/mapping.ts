import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { RawContact } from '../../../contacts/contact';
import { contactReader, findContact, type FieldPaths } from '../../../contacts/mapping';
import type { Mapping } from '../../../sources/file/columns';
import { pathOfExpression, rawParameter } from '../../itemValue';
import { choice } from './optionKinds';

const mode = choice({
	displayName: 'Mapping Mode',
	default: 'autoMapInputData',
	choices: {
		autoMapInputData: [
			'Map Automatically',
			'Find email, phone and country by the names that CRMs use',
		],
		defineBelow: ['Map Each Field', 'Say where email, phone and country are'],
	},
	description: "How each contact's email and phone number are found in the input",
});

export const mappingFields: INodeProperties[] = [
	{ ...mode.property, name: 'mappingMode' },
	pathField('Email Field', 'emailField', {
		placeholder: 'e.g. contact.email',
		holds: 'email',
	}),
	pathField('Phone Field', 'phoneField', {
		placeholder: 'e.g. contact.mobile',
		holds: 'phone number',
	}),
	pathField('Country Field', 'countryField', {
		placeholder: 'e.g. contact.country',
		holds: 'country',
	}),
];

function pathField(
	displayName: string,
	name: string,
	{ placeholder, holds }: { placeholder: string; holds: string },
): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		requiresDataPath: 'single',
		default: '',
		placeholder,
		displayOptions: { show: { mappingMode: ['defineBelow'] } },
		description: `Where the ${holds} is in each input item, or the name of the file's column. Drag the field from the input panel here, or leave it empty if your contacts have none.`,
	};
}

type ReadItemContact = (item: number) => RawContact;
type Field = keyof FieldPaths;

const PARAMETERS: Array<[Field, string]> = [
	['email', 'emailField'],
	['phone', 'phoneField'],
	['country', 'countryField'],
];

/**
 * Reads the contact of an input item, as 'Mapping Mode' says; throws what an expression in its fields throws.
 * A field holds a data path; an expression that only names a field counts as that path, and any other is taken as the
 * value itself, evaluated for each item.
 */
export function contactOfItem(context: IExecuteFunctions): ReadItemContact {
	let read: ReadItemContact | undefined;
	// Made with the first contact, so that an expression in 'Mapping Mode' is an unreadable field like any other.
	return (item) => (read ??= makeReader(context))(item);
}

/** Whether the person says where the fields are. */
export function isMappedByHand(context: IExecuteFunctions): boolean {
	return context.getNodeParameter('mappingMode', 0, mode.property.default) === 'defineBelow';
}

function makeReader(context: IExecuteFunctions): ReadItemContact {
	const items = context.getInputData();
	const json = (item: number) => items[item]?.json ?? {};
	const given = context.getNodeParameter('mappingMode', 0, mode.property.default);
	if (mode.read(given) === 'autoMapInputData') return (item) => findContact(json(item));
	const { paths, expressions } = readFields(context);
	const readPaths = contactReader(paths);
	return (item) => {
		const contact = readPaths(json(item));
		for (const [field, parameter] of expressions) {
			contact[field] = context.getNodeParameter(parameter, item, '');
		}
		return contact;
	};
}

/**
 * How contacts are found in a file's rows, as 'Mapping Mode' says: a field holds the name of a column, and an expression
 * in it gives that name.
 */
export function mappingOfFile(context: IExecuteFunctions, item: number): Mapping {
	const given = context.getNodeParameter('mappingMode', item, mode.property.default);
	if (mode.read(given) === 'autoMapInputData') return 'auto';
	const { paths, expressions } = readFields(context);
	for (const [field, parameter] of expressions) {
		const name = context.getNodeParameter(parameter, item, '');
		if (typeof name === 'string' || typeof name === 'number') paths[field] = String(name);
	}
	return paths;
}

function readFields(context: IExecuteFunctions) {
	const paths: FieldPaths = {};
	const expressions: Array<[Field, string]> = [];
	for (const [field, parameter] of PARAMETERS) {
		const raw = rawParameter(context, parameter);
		if (typeof raw !== 'string') continue;
		const path = raw.startsWith('=') ? pathOfExpression(raw) : raw;
		if (path === undefined) expressions.push([field, parameter]);
		else paths[field] = path;
	}
	return { paths, expressions };
}
