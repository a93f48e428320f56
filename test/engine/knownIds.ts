import { KNOWN } from '../simulator/simulator';

/** An ID as if entered by hand. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** An ID as if chosen from the list. */
export const fromList = (value: string) => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName: 'x',
});

/** IDs of an audience that the simulator's default world doesn't contain. */
export const SAMPLE_IDS = {
	custSpaceId: 'cams-demo',
	pageId: '104996000000001',
	adAccountId: '560153000000001',
	customAudienceId: '23851000000000001',
};

/** The IDs in the simulator's default world, as the parameters that each kind of operation requires. */
export const PAGE = { custSpaceId: byId(KNOWN.custSpaceId), pageId: KNOWN.pageId };
export const AD_ACCOUNT = { ...PAGE, adAccountId: byId(KNOWN.adAccountId) };
export const AUDIENCE = { ...PAGE, customAudienceId: byId(KNOWN.customAudienceId) };
export const ALL_IDS = { ...AD_ACCOUNT, ...AUDIENCE };
