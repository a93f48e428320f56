import type { Action } from './action';
import { addCustomAudienceUser } from './addCustomAudienceUser';
import { assumeRole } from './assumeRole';
import { createCustomAudience, listCustomAudience } from './customAudience';
import { listInstance, listPageAdAccount } from './directory';
import {
	listMessengerSubscriptionToken,
	syncMessengerSubscriptionToken,
} from './subscriptionToken';

/** By the name that x-acs-action gives. */
export const ACTIONS: Partial<Record<string, Action>> = {
	AddCustomAudienceUser: addCustomAudienceUser,
	AssumeRole: assumeRole,
	CreateCustomAudience: createCustomAudience,
	ListCustomAudience: listCustomAudience,
	ListInstance: listInstance,
	ListMessengerSubscriptionToken: listMessengerSubscriptionToken,
	ListPageAdAccount: listPageAdAccount,
	SyncMessengerSubscriptionToken: syncMessengerSubscriptionToken,
};
