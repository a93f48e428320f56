import { getCountries } from 'libphonenumber-js/max';
import type { INodePropertyOptions } from 'n8n-workflow';
import {
	boolean,
	character,
	choice,
	country,
	number,
	text,
	wholeNumber,
} from '../../nodes/AlibabaCloudChatApp/actions/optionKinds';

const shown = { displayName: 'Size', description: '' };
const size = wholeNumber({ ...shown, default: 1, min: 1, max: 10_000 });
const open = wholeNumber({ ...shown, default: 1, min: 0 });
const hours = number({ ...shown, default: 1, min: 0.5, max: 9 });
const isOn = boolean({ ...shown, default: true });
const name = text({ ...shown, default: '' });
const home = country({ ...shown, default: '' });
const delimiter = character({ ...shown, default: 'auto', characters: { 'Semicolon (;)': ';' } });
const way = choice({
	...shown,
	default: 'a',
	choices: { a: ['A', 'The first'], b: ['B', 'The second'] },
});

it.each<[{ read(value: unknown): unknown }, unknown, unknown]>([
	[size, 1, 1],
	[size, '9', 9],
	[size, ' 2 ', 2],
	[open, 0, 0],
	[open, 2 ** 53 - 1, 2 ** 53 - 1],
	[hours, '0.5', 0.5],
	[hours, 9, 9],
	[isOn, true, true],
	[isOn, 'true', true],
	[isOn, false, false],
	[isOn, 'false', false],
	[name, ' My table ', 'My table'],
	[home, '  ', ''],
	[home, 'SG', 'SG'],
	[home, ' singapore ', 'SG'],
	[way, 'b', 'b'],
	[delimiter, ';', ';'],
	[delimiter, '#', '#'],
	[delimiter, 'auto', 'auto'],
	[delimiter, '\t', '\t'],
	[delimiter, '\\t', '\t'],
	[delimiter, 'tab', '\t'],
])('a valid value is read: no. %#', (option, given, value) => {
	expect(option.read(given)).toBe(value);
});

const CHECK = 'Check the value or its expression';

it.each<[{ read(value: unknown): unknown }, unknown, string]>([
	...[0, 10_001, 1.5, ' ', true].map((value): [typeof size, unknown, string] => [
		size,
		value,
		`'Size' must be a whole number from 1 to 10,000. ${CHECK}`,
	]),
	...[-1, 2 ** 53, ' ', [], undefined].map((value): [typeof size, unknown, string] => [
		open,
		value,
		`'Size' must be a whole number, 0 or higher. ${CHECK}`,
	]),
	[hours, 0.4, `'Size' must be a number from 0.5 to 9. ${CHECK}`],
	[hours, 9.1, `'Size' must be a number from 0.5 to 9. ${CHECK}`],
	[hours, 'soon', `'Size' must be a number from 0.5 to 9. ${CHECK}`],
	[isOn, 1, `'Size' must be true or false. ${CHECK}`],
	[name, ' ', `'Size' is empty. ${CHECK}`],
	[name, 5, `'Size' is empty. ${CHECK}`],
	[home, 5, "'Size' isn't a country. Choose one from the list"],
	[home, 'Atlantis', "'Size' isn't a country. Choose one from the list"],
	[way, 'c', `'Size' must be a or b. ${CHECK}`],
	...[';;', '"', '\n', '', 5].map((value): [typeof delimiter, unknown, string] => [
		delimiter,
		value,
		`'Size' must be one character, or auto. ${CHECK}`,
	]),
])('an invalid value is rejected with what it must be: no. %#', (option, given, message) => {
	expect(() => option.read(given)).toThrow(message);
});

it('lists every country with a phone number plan that its code names, by name', () => {
	const options = (home.property.options ?? []) as INodePropertyOptions[];
	const [none, ...listed] = options;
	expect(none).toMatchObject({ name: 'None', value: '' });
	// Ascension and Tristan da Cunha have no ISO 3166 code.
	const expected = getCountries().filter((code) => code !== 'AC' && code !== 'TA');
	expect(listed.map(({ value }) => value).sort()).toEqual([...expected].sort());
	for (const { value } of listed) expect(home.read(value)).toBe(value);
	expect(listed.map((option) => option.name)).toContain('Singapore (SG)');
	const names = listed.map((option) => option.name);
	expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
});
