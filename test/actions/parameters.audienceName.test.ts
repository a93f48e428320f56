import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { nameOfAudience } from '../../nodes/AlibabaCloudChatApp/actions/parameters';

const ID = '6123';
const audience = { custSpaceId: 'c', pageId: '1', adAccountId: '2', customAudienceId: ID };

/** The name of the audience of input item 1, when `given` stands in the field 'Custom Audience'. */
function nameOf(given: unknown, item: IDataObject = {}, items = [1]) {
	const context = {
		getNodeParameter: (name: string, ...[, , how]: unknown[]) =>
			name === 'customAudienceId' && (how as IDataObject).rawExpressions ? given : undefined,
		getInputData: () => [
			{ json: { customAudienceId: ID, customAudienceName: 'first' } },
			{ json: item },
		],
	} as unknown as IExecuteFunctions;
	return nameOfAudience(context, { audience, items });
}

test.each<[string, unknown, string | undefined]>([
	['its name, as the list shows it', 'Leads · 1,200 people', 'Leads'],
	['a name in marks of direction', '\u2068Leads\u2069 · none', 'Leads'],
	['the ID, where it has no name', ID, undefined],
	['nothing that could be a name', 7, undefined],
	['no name at all', undefined, undefined],
])('an audience that was chosen is called as it was chosen: %s', (_, cachedResultName, name) => {
	expect(nameOf({ mode: 'list', value: ID, cachedResultName })).toBe(name);
	expect(nameOf({ mode: 'list', value: Number(ID), cachedResultName })).toBe(name);
});

test("an audience isn't called as another one that was chosen", () => {
	expect(nameOf({ value: '99', cachedResultName: 'Leads' })).toBeUndefined();
});

test.each([
	['an expression', '={{ $json.customAudienceId }}'],
	['nothing', null],
	['a value', { value: 'x' }],
])("an audience is called as 'Create' gave it, when the field holds %s", (_, given) => {
	expect(nameOf(given, { customAudienceId: ID, customAudienceName: 'Made' })).toBe('Made');
	expect(nameOf(given, { customAudienceId: Number(ID), customAudienceName: 'Made' })).toBe('Made');
	expect(nameOf(given, { customAudienceId: '99', customAudienceName: 'Made' })).toBeUndefined();
	expect(nameOf(given, { customAudienceId: ID, customAudienceName: 5 })).toBeUndefined();
	expect(nameOf(given, {})).toBeUndefined();
});

test('an audience of no item is looked for in the first one', () => {
	expect(nameOf('', {}, [])).toBe('first');
	expect(nameOf('', {}, [7])).toBeUndefined();
});
