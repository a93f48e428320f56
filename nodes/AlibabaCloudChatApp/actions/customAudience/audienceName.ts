import type { IExecuteFunctions } from 'n8n-workflow';
import type { ItemsOfAudience } from './audienceIds';

const MARKS_OF_DIRECTION = /[\u2068\u2069]/g;

/** What an audience is called, where that is known without asking: as chosen from the list, or as 'Create' gave it. */
export function nameOfAudience(
	context: IExecuteFunctions,
	{ audience, items }: Pick<ItemsOfAudience, 'audience' | 'items'>,
): string | undefined {
	const id = audience.customAudienceId;
	const chosen: unknown = context.getNodeParameter('customAudienceId', 0, '', {
		rawExpressions: true,
	});
	if (isChosen(chosen) && String(chosen.value) === id) {
		const [name = ''] = chosen.cachedResultName.replace(MARKS_OF_DIRECTION, '').split(' · ');
		return name === id ? undefined : name;
	}
	const { customAudienceId, customAudienceName } =
		context.getInputData()[items[0] ?? 0]?.json ?? {};
	if (String(customAudienceId) !== id || typeof customAudienceName !== 'string') return undefined;
	return customAudienceName;
}

function isChosen(given: unknown): given is { value: unknown; cachedResultName: string } {
	return (
		typeof given === 'object' &&
		given !== null &&
		'value' in given &&
		'cachedResultName' in given &&
		typeof given.cachedResultName === 'string'
	);
}
