import { checkChoice, readInteger } from '../parameters';
import { CAMS_VERSION, type Action } from './action';
import { page } from './page';

export const listInstance: Action = {
	version: CAMS_VERSION,
	permission: 'cams:ListInstance',
	required: ['ChannelType', 'PageIndex', 'PageSize'],
	optional: ['InstanceName', 'FilterStr'],
	prepare({ parameters, world }) {
		checkChoice(parameters, 'ChannelType', ['messenger', 'whatsapp', 'instagram', 'viber']);
		const index = readInteger(parameters, 'PageIndex', { min: 1 });
		const size = readInteger(parameters, 'PageSize', { min: 1, max: 100 });
		const { ChannelType, InstanceName, FilterStr } = parameters;
		return {
			run() {
				const found = world.channels.filter(
					(channel) =>
						channel.ChannelType === ChannelType &&
						(!InstanceName || channel.InstanceName === InstanceName) &&
						(!FilterStr || holds([channel.InstanceName, channel.InstanceId], FilterStr)),
				);
				return { Data: page(found, index, size), TotalCount: found.length };
			},
		};
	},
};

export const listPageAdAccount: Action = {
	version: CAMS_VERSION,
	permission: 'cams:ListPageAdAccount',
	required: ['CustSpaceId', 'PageId'],
	optional: [],
	prepare({ parameters, world }) {
		return {
			run: () => ({ Data: world.adAccounts.filter(({ PageId }) => PageId === parameters.PageId) }),
		};
	},
};

function holds(texts: string[], part: string): boolean {
	return texts.some((text) => text.toLowerCase().includes(part.toLowerCase()));
}
