import { parseArgs } from 'node:util';

export interface DemoArguments {
	/** A file with a JSON array of objects; the sample list by default. */
	contacts?: string;
	/** A file of contacts, which becomes the node's source. */
	file?: string;
	/** Values by field or option name. */
	set: Record<string, unknown>;
	onError: 'stop' | 'continue' | 'output';
	json: boolean;
	/** Each contact in a separate run, as a CRM's trigger sends them. */
	oneByOne: boolean;
	/** The server reads users only from the query. */
	ignoreBody: boolean;
}

/** @throws Error that names the argument if one is unknown or has an invalid value */
export function readArguments(argv: string[]): DemoArguments {
	const { values } = parseArgs({
		args: argv,
		options: {
			contacts: { type: 'string' },
			file: { type: 'string' },
			set: { type: 'string', multiple: true, default: [] },
			'on-error': { type: 'string', default: 'stop' },
			json: { type: 'boolean', default: false },
			'one-by-one': { type: 'boolean', default: false },
			'ignore-body': { type: 'boolean', default: false },
		},
	});
	const onError = values['on-error'];
	if (onError !== 'stop' && onError !== 'continue' && onError !== 'output') {
		throw new Error(`--on-error takes stop, continue or output, not '${onError}'`);
	}
	if (values.contacts !== undefined && values.file !== undefined) {
		throw new Error('Give either --contacts or --file');
	}
	return {
		contacts: values.contacts,
		file: values.file,
		set: Object.fromEntries(values.set.map(readSetting)),
		onError,
		json: values.json,
		oneByOne: values['one-by-one'],
		ignoreBody: values['ignore-body'],
	};
}

function readSetting(setting: string): [string, unknown] {
	const equals = setting.indexOf('=');
	if (equals < 1) throw new Error(`--set takes NAME=VALUE, not '${setting}'`);
	const text = setting.slice(equals + 1);
	try {
		return [setting.slice(0, equals), JSON.parse(text)];
	} catch {
		// Not JSON: the text itself is the value.
		return [setting.slice(0, equals), text];
	}
}
