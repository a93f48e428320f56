import { boolean, choice, notUsable, type Option, type Shown } from './optionKinds';

const forFiles = { show: { '/source': ['file'] } };

/** Options that only a file needs. */
export const FILE_OPTIONS = {
	encoding: choice({
		displayName: 'Encoding',
		default: 'auto',
		displayOptions: forFiles,
		choices: {
			auto: ['Automatic', 'As the beginning of the file shows'],
			'utf-16be': ['UTF-16 (Big Endian)', 'Rare'],
			'utf-16le': ['UTF-16 (Little Endian)', 'What Excel calls Unicode text'],
			'utf-8': ['UTF-8', 'What most systems write'],
			'windows-1252': ['Windows-1252', 'What Excel writes as plain CSV in western countries'],
		},
		description:
			"Only when letters such as ü or ł come out wrong, change it: how the file's text is stored",
	}),
	headerRow: boolean({
		displayName: 'First Row Holds Names',
		default: true,
		displayOptions: forFiles,
		description:
			"Whether the first row of the file holds the names of its columns. Switch it off when it is a contact already, and give the columns by position under 'Map Each Field': 0 for the first.",
	}),
	separator: separator({
		displayName: 'Separator',
		default: 'auto',
		displayOptions: forFiles,
		description:
			"Only when the columns are not told apart, change it: the character between the file's cells",
	}),
};

/** The sign between a file's cells; `auto`: as the file's beginning tells. */
function separator(shown: Shown<string>): Option<string> {
	return {
		property: {
			...shown,
			type: 'options',
			options: [
				{ name: 'Automatic', value: 'auto', description: 'As the first rows of the file show' },
				{ name: 'Comma (,)', value: ',' },
				{ name: 'Semicolon (;)', value: ';' },
				{ name: 'Tab', value: '\t' },
				{ name: 'Vertical Bar (|)', value: '|' },
			],
		},
		read(value) {
			const sign = value === '\\t' || value === 'tab' ? '\t' : value;
			if (sign === 'auto' || (typeof sign === 'string' && /^[^\r\n"]$/.test(sign))) return sign;
			throw notUsable(shown.displayName, 'Choose one from the list or enter one character');
		},
	};
}
