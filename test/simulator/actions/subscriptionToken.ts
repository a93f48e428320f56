import { checkChoice, readInteger } from '../parameters';
import { invalid } from '../refusal';
import { CAMS_VERSION, type Action } from './action';

const PAGE_KEY = /^after-(\d+)$/;

export const syncMessengerSubscriptionToken: Action = {
	version: CAMS_VERSION,
	permission: 'cams:SyncMessengerSubscriptionToken',
	required: ['CustSpaceId', 'PageId', 'TokenType'],
	optional: ['CustomAudienceId'],
	prepare({ parameters, matches, now }) {
		checkChoice(parameters, 'TokenType', ['customAudience']);
		return {
			run() {
				matches.sync(parameters.CustomAudienceId ?? '', now);
				return { TaskCode: `sync-${now}` };
			},
		};
	},
};

export const listMessengerSubscriptionToken: Action = {
	version: CAMS_VERSION,
	permission: 'cams:ListMessengerSubscriptionToken',
	required: ['CustSpaceId', 'PageId', 'TokenType', 'Limit'],
	optional: ['CustomAudienceId', 'PageKey'],
	prepare({ parameters, world }) {
		checkChoice(parameters, 'TokenType', ['customAudience']);
		const limit = readInteger(parameters, 'Limit', { min: 1, max: 1000 }) ?? 1;
		const start = readPageKey(parameters.PageKey);
		const { PageId, CustomAudienceId } = parameters;
		return {
			run() {
				const found = world.tokens.filter(
					(token) =>
						token.PageId === PageId &&
						(!CustomAudienceId || token.CustomAudienceId === CustomAudienceId),
				);
				const end = start + limit;
				const next = end < found.length ? { NextPage: `after-${end}` } : {};
				return { Data: found.slice(start, end), ...next };
			},
		};
	},
};

function readPageKey(key: string | undefined): number {
	if (!key) return 0;
	const match = PAGE_KEY.exec(key);
	if (!match) throw invalid('PageKey', 'it is not a key that NextPage gave');
	return Number(match[1]);
}
