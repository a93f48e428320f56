import { randomUUID } from 'node:crypto';
import { invalid, missing, Rejection } from './response';
import { denied, type AccessKey, type Keyring } from './authentication';
import {
	checkChoice,
	checkInteger,
	readBoolean,
	readInteger,
	readJson,
	type Parameters,
} from './parameters';
import type { ReceivedBatch, ReceivedUploads, User } from './uploads';
import type { Audience, Role, World } from './world';

interface ActionContext {
	parameters: Parameters;
	key: AccessKey;
	world: World;
	keyring: Keyring;
	received: ReceivedUploads;
	/** Milliseconds since 1970. */
	now: number;
}

/** An action of the API: its table of parameters, and what it does. */
interface Action {
	version: string;
	/** RAM action, e.g. `cams:ListInstance`. */
	permission: string;
	required: string[];
	optional: string[];
	/**
	 * Reads and checks the parameters; changes nothing.
	 * @throws Rejection
	 * @returns what to do once the request is received
	 */
	prepare(context: ActionContext): Prepared;
}

export interface Prepared {
	/** @returns the response's own fields */
	run(): Record<string, unknown>;
	/** Set by AddCustomAudienceUser. */
	batch?: Pick<ReceivedBatch, 'users' | 'last' | 'total'>;
}

const CAMS_VERSION = '2020-06-06';
const STS_VERSION = '2015-04-01';

const MAX_USERS = 10_000;

const addCustomAudienceUser: Action = {
	version: CAMS_VERSION,
	permission: 'cams:AddCustomAudienceUser',
	required: ['CustSpaceId', 'PageId', 'AdAccountId', 'CustomAudienceId', 'Users'],
	optional: ['EstimatedNumTotal', 'BatchLastFlag'],
	prepare({ parameters }) {
		const users = checkUsers(readJson(parameters, 'Users'));
		const total = readInteger(parameters, 'EstimatedNumTotal', { min: 0 });
		const last = readBoolean(parameters, 'BatchLastFlag');
		return { batch: { users, last, total }, run: () => ({}) };
	},
};

function checkUsers(value: unknown): User[] {
	if (!Array.isArray(value)) throw invalid('Users', 'it is not an array');
	if (value.length === 0) throw invalid('Users', 'it is empty');
	if (value.length > MAX_USERS) {
		throw invalid('Users', `it contains ${value.length} users, more than ${MAX_USERS}`);
	}
	for (let index = 0; index < value.length; index++) checkUser(value[index], index);
	return value as User[];
}

function checkUser(user: unknown, index: number): void {
	if (typeof user !== 'object' || user === null || Array.isArray(user)) {
		throw invalid('Users', `entry ${index} is not an object`);
	}
	let fields = 0;
	for (const name in user) {
		if (name !== 'Email' && name !== 'Phone') {
			throw invalid('Users', `entry ${index} has a field that is neither Email nor Phone`);
		}
		const field = (user as User)[name];
		if (typeof field !== 'string' || field === '') {
			throw invalid('Users', `entry ${index} has an empty ${name} or one that is not a string`);
		}
		fields++;
	}
	if (fields === 0) throw invalid('Users', `entry ${index} has neither Email nor Phone`);
}

const listCustomAudience: Action = {
	version: CAMS_VERSION,
	permission: 'cams:ListCustomAudience',
	required: ['CustSpaceId', 'PageId', 'Page'],
	optional: ['AdAccountId', 'CustomAudienceId', 'CustomAudienceName', 'TokenType'],
	prepare({ parameters, world, received, now }) {
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
					TokenTotal: audience.TokenTotal + received.tokensOf(audience.CustomAudienceId, now),
				}));
				return { Data, Total: found.length };
			},
		};
	},
};

const createCustomAudience: Action = {
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

const listInstance: Action = {
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
						(!FilterStr || contains([channel.InstanceName, channel.InstanceId], FilterStr)),
				);
				return { Data: page(found, index, size), TotalCount: found.length };
			},
		};
	},
};

const listPageAdAccount: Action = {
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

function contains(texts: string[], part: string): boolean {
	return texts.some((text) => text.toLowerCase().includes(part.toLowerCase()));
}

const PAGE_KEY = /^after-(\d+)$/;

const syncMessengerSubscriptionToken: Action = {
	version: CAMS_VERSION,
	permission: 'cams:SyncMessengerSubscriptionToken',
	required: ['CustSpaceId', 'PageId', 'TokenType'],
	optional: ['CustomAudienceId'],
	prepare({ parameters, received, now }) {
		checkChoice(parameters, 'TokenType', ['customAudience']);
		return {
			run() {
				received.sync(parameters.CustomAudienceId ?? '', now);
				return { TaskCode: `sync-${now}` };
			},
		};
	},
};

const listMessengerSubscriptionToken: Action = {
	version: CAMS_VERSION,
	permission: 'cams:ListMessengerSubscriptionToken',
	required: ['CustSpaceId', 'PageId', 'TokenType', 'Limit'],
	optional: ['CustomAudienceId', 'PageKey'],
	prepare({ parameters, world, received, now }) {
		checkChoice(parameters, 'TokenType', ['customAudience']);
		const limit = readInteger(parameters, 'Limit', { min: 1, max: 1000 }) ?? 1;
		const start = readPageKey(parameters.PageKey);
		const { PageId, CustomAudienceId } = parameters;
		return {
			run() {
				const inMessenger = world.tokens.filter(
					(token) =>
						token.PageId === PageId &&
						(!CustomAudienceId || token.CustomAudienceId === CustomAudienceId),
				);
				const found = [...inMessenger, ...received.listTokens(CustomAudienceId ?? '', now)];
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

/** The entries of one page, counted from 1. */
function page<T>(entries: T[], index = 1, size = 10): T[] {
	return entries.slice((index - 1) * size, index * size);
}

/** @see https://www.alibabacloud.com/help/doc-detail/28763.html */
const assumeRole: Action = {
	version: STS_VERSION,
	permission: 'sts:AssumeRole',
	required: ['RoleArn', 'RoleSessionName'],
	optional: ['ExternalId', 'DurationSeconds'],
	prepare(context) {
		const { parameters, world, key } = context;
		checkShapes(parameters);
		const role = world.roles.find(({ arn }) => arn === parameters.RoleArn);
		if (!role) throw new Rejection(404, 'EntityNotExist.Role', 'The specified Role not exists.');
		const trusted = !role.trusts || role.trusts.includes(key.accessKeyId);
		if (!trusted || (role.externalId && role.externalId !== parameters.ExternalId)) {
			throw denied('sts:AssumeRole');
		}
		const seconds = Number(parameters.DurationSeconds ?? 3600);
		return { run: () => issueKey(context, role, seconds) };
	},
};

function checkShapes(parameters: Parameters): void {
	const { RoleArn = '', RoleSessionName = '' } = parameters;
	if (!/^acs:ram::\d+:role\/.+$/.test(RoleArn)) throw wronglyFormed('RoleArn');
	if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(RoleSessionName)) throw wronglyFormed('RoleSessionName');
	try {
		readInteger(parameters, 'DurationSeconds', { min: 900, max: 3600 });
	} catch {
		const message = 'The Min/Max value of DurationSeconds is 15min/1hr.';
		throw new Rejection(400, 'InvalidParameter.DurationSeconds', message);
	}
}

function issueKey({ parameters, keyring, now }: ActionContext, role: Role, seconds: number) {
	const expiresAt = now + seconds * 1000;
	const key = {
		accessKeyId: `STS.Simulator${randomUUID().replaceAll('-', '')}`,
		accessKeySecret: `simulator-${randomUUID()}`,
		securityToken: `CAIS-simulator-${randomUUID()}`,
		expiresAt,
		...(role.allow ? { allow: role.allow } : {}),
	};
	keyring.add(key);
	return {
		Credentials: {
			AccessKeyId: key.accessKeyId,
			AccessKeySecret: key.accessKeySecret,
			SecurityToken: key.securityToken,
			Expiration: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z'),
		},
		AssumedRoleUser: {
			Arn: `${role.arn}/${parameters.RoleSessionName}`,
			AssumedRoleId: `300000000000000001:${parameters.RoleSessionName}`,
		},
	};
}

function wronglyFormed(name: string): Rejection {
	return new Rejection(400, `InvalidParameter.${name}`, `The parameter ${name} is wrongly formed.`);
}

/** By the name in x-acs-action. */
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
