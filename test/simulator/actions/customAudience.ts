import { checkChoice, checkInteger, readJson } from '../parameters';
import { invalid, missing } from '../refusal';
import type { Audience } from '../world';
import { CAMS_VERSION, type Action } from './action';
import { page } from './page';

export const listCustomAudience: Action = {
	version: CAMS_VERSION,
	permission: 'cams:ListCustomAudience',
	required: ['CustSpaceId', 'PageId', 'Page'],
	optional: ['AdAccountId', 'CustomAudienceId', 'CustomAudienceName', 'TokenType'],
	prepare({ parameters, world, matches, now }) {
		const { index, size } = readPage(readJson(parameters, 'Page'));
		const { PageId, AdAccountId, CustomAudienceId, CustomAudienceName, TokenType } = parameters;
		return {
			run() {
				const found = world.audiences.filter(
					(audience) =>
						audience.PageId === PageId &&
						(!AdAccountId || audience.AdAccountId === AdAccountId) &&
						(!CustomAudienceId || audience.CustomAudienceId === CustomAudienceId) &&
						(!CustomAudienceName || audience.CustomAudienceName.includes(CustomAudienceName)) &&
						(!TokenType || audience.TokenType === TokenType),
				);
				const Data = page(found, index, size).map((audience) => ({
					...audience,
					TokenTotal: audience.TokenTotal + matches.seen(audience.CustomAudienceId, now),
				}));
				return { Data, Total: found.length };
			},
		};
	},
};

export const createCustomAudience: Action = {
	version: CAMS_VERSION,
	permission: 'cams:CreateCustomAudience',
	required: ['CustSpaceId', 'PageId', 'AdAccountId', 'Name', 'UploadType'],
	optional: ['Description', 'FilePath'],
	prepare({ parameters, world, now }) {
		checkChoice(parameters, 'UploadType', ['intf', 'excel']);
		if (parameters.UploadType === 'excel' && !parameters.FilePath) throw missing('FilePath');
		return {
			run() {
				const audience = makeAudience(parameters, world.audiences.length + 1, now);
				world.audiences.push(audience);
				return { CustomAudienceId: audience.CustomAudienceId };
			},
		};
	},
};

function makeAudience(parameters: Record<string, string>, n: number, now: number): Audience {
	const seconds = Math.floor(now / 1000);
	return {
		CustomAudienceId: String(600_000_000_000_000 + n),
		CustomAudienceName: parameters.Name ?? '',
		Description: parameters.Description ?? '',
		AdAccountId: parameters.AdAccountId ?? '',
		PageId: parameters.PageId ?? '',
		Status: 'NONE',
		TokenTotal: 0,
		TokenType: 'custom',
		UploadType: parameters.UploadType ?? '',
		CreateTime: seconds,
		UpdateTime: seconds,
	};
}

function readPage(value: unknown): { index: number; size: number } {
	if (typeof value !== 'object' || value === null) throw invalid('Page', 'it is not an object');
	const { Index, Size, ...rest } = value as Record<string, unknown>;
	if (Object.keys(rest).length > 0) throw invalid('Page', 'it has more than Index and Size');
	return {
		index: checkInteger('Page.Index', Index, { min: 1 }),
		size: checkInteger('Page.Size', Size, { min: 1, max: 100 }),
	};
}
