import type { Audience } from '../submission/audience';

/** The IDs as they stand in the column 'audience': joined by slashes, and readable for a person. */
export function audienceKey(ids: Audience): string {
	return [ids.custSpaceId, ids.pageId, ids.adAccountId, ids.customAudienceId]
		.map((id) => encodeURIComponent(id.replace(/\p{Surrogate}/gu, '\uFFFD')))
		.join('/');
}

/** The IDs out of the column 'audience'; nothing when it holds something else. */
export function idsOfKey(key: string): Audience | undefined {
	const parts = key.split('/');
	if (parts.length !== 4) return undefined;
	try {
		const [custSpaceId = '', pageId = '', adAccountId = '', customAudienceId = ''] =
			parts.map(decodeURIComponent);
		const ids = { custSpaceId, pageId, adAccountId, customAudienceId };
		return Object.values(ids).includes('') ? undefined : ids;
	} catch {
		// A person's own text, such as a lone percent sign.
		return undefined;
	}
}
