import { KNOWN } from '../simulator/simulator';

/** An ID as a person enters it. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** An ID as it stands in a workflow after it was chosen from the list. */
export const fromList = (value: string) => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName: 'x',
});

/** The IDs that the simulator knows, as parameters: what each kind of operation asks for. */
export const PAGE = { custSpaceId: byId(KNOWN.custSpaceId), pageId: KNOWN.pageId };
export const AD_ACCOUNT = { ...PAGE, adAccountId: byId(KNOWN.adAccountId) };
export const AUDIENCE = { ...PAGE, customAudienceId: byId(KNOWN.customAudienceId) };
export const ALL_IDS = { ...AD_ACCOUNT, ...AUDIENCE };
