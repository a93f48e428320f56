/** The four IDs that make a submission: contacts that differ in one of them form another. */
export interface Audience {
	custSpaceId: string;
	pageId: string;
	adAccountId: string;
	customAudienceId: string;
}
