export interface Channel {
	InstanceId: string;
	InstanceName: string;
	CustSpaceId: string;
	ChannelType: string;
	State: string;
}

export interface Page {
	PageId: string;
	CustSpaceId: string;
}

export interface AdAccount {
	AdAccountId: string;
	AdAccountName: string;
	Currency: string;
	PageId: string;
}

export interface Audience {
	CustomAudienceId: string;
	CustomAudienceName: string;
	Description: string;
	AdAccountId: string;
	PageId: string;
	Status: string;
	TokenTotal: number;
	TokenType: string;
	UploadType: string;
	/** Seconds since 1970. */
	CreateTime: number;
	UpdateTime: number;
}

/** The token of a person who subscribed in Messenger. */
export interface Token {
	NotificationMessagesToken: string;
	RecipientId: string;
	UserTokenStatus: string;
	/** Milliseconds since 1970, as are the other times. */
	CreationTimestamp: number;
	TokenExpiryTimestamp: number;
	NextEligibleTime: number;
	PageId: string;
	CustomAudienceId: string;
}

export interface Role {
	arn: string;
	/** If set, AssumeRole must name it. */
	externalId?: string;
	/** RAM actions of its keys; all by default. */
	allow?: string[];
	/** AccessKey IDs that may assume it; all by default. */
	trusts?: string[];
}

/** What the account contains. */
export interface World {
	channels: Channel[];
	pages: Page[];
	adAccounts: AdAccount[];
	audiences: Audience[];
	tokens: Token[];
	roles: Role[];
}

/** IDs that the default world knows. */
export const KNOWN = {
	custSpaceId: 'cams-simulator1',
	pageId: '100000000000001',
	adAccountId: '300000000000001',
	customAudienceId: '500000000000001',
	roleArn: 'acs:ram::1000000000000000:role/cams-uploader',
};

/** The channel and the Page of the default world, as parameters. */
export const PAGE_IDS = { CustSpaceId: KNOWN.custSpaceId, PageId: KNOWN.pageId };

const START_SECONDS = 1_767_225_600;

/** A new copy of the world that the simulator starts with; the given lists replace its own. */
export function makeWorld(lists: Partial<World> = {}): World {
	return structuredClone({ ...defaultWorld(), ...lists });
}

function defaultWorld(): World {
	return {
		channels: [
			channel(1, 'Shop Messenger', 'messenger', 'published'),
			channel(2, 'Support Messenger', 'messenger', 'published'),
			channel(3, 'New Messenger', 'messenger', 'draft'),
			channel(4, 'Shop WhatsApp', 'whatsapp', 'published'),
		],
		pages: [
			{ PageId: KNOWN.pageId, CustSpaceId: KNOWN.custSpaceId },
			{ PageId: '100000000000002', CustSpaceId: 'cams-simulator2' },
		],
		adAccounts: [
			{
				AdAccountId: KNOWN.adAccountId,
				AdAccountName: 'Shop EUR',
				Currency: 'EUR',
				PageId: KNOWN.pageId,
			},
			{
				AdAccountId: '300000000000002',
				AdAccountName: 'Shop USD',
				Currency: 'USD',
				PageId: KNOWN.pageId,
			},
		],
		audiences: Array.from({ length: 45 }, (_, index) => audience(index + 1)),
		tokens: Array.from({ length: 120 }, (_, index) => token(index + 1)),
		roles: [{ arn: KNOWN.roleArn }],
	};
}

function channel(n: number, InstanceName: string, ChannelType: string, State: string): Channel {
	return {
		InstanceId: `ins-simulator${n}`,
		InstanceName,
		CustSpaceId: `cams-simulator${n}`,
		ChannelType,
		State,
	};
}

/** Empty audiences `A1`, `A2`, and so on. */
export function makeAudiences(count: number): Audience[] {
	return Array.from({ length: count }, (_, index) => ({
		...audience(index + 1),
		CustomAudienceId: `A${index + 1}`,
		CustomAudienceName: `Audience ${index + 1}`,
		AdAccountId: KNOWN.adAccountId,
		TokenTotal: 0,
	}));
}

function audience(n: number): Audience {
	return {
		CustomAudienceId: String(500_000_000_000_000 + n),
		CustomAudienceName: n === 1 ? 'Newsletter readers' : `Audience ${n}`,
		Description: '',
		AdAccountId: n % 3 === 0 ? '300000000000002' : KNOWN.adAccountId,
		PageId: KNOWN.pageId,
		Status: 'NONE',
		TokenTotal: n * 10,
		TokenType: 'custom',
		UploadType: 'intf',
		CreateTime: START_SECONDS + n,
		UpdateTime: START_SECONDS + n,
	};
}

function token(n: number): Token {
	const created = (START_SECONDS + n) * 1000;
	return {
		NotificationMessagesToken: `token-${n}`,
		RecipientId: `psid-${n}`,
		UserTokenStatus: 'REFRESHED',
		CreationTimestamp: created,
		TokenExpiryTimestamp: created + 90 * 86_400_000,
		NextEligibleTime: created + 2 * 86_400_000,
		PageId: KNOWN.pageId,
		CustomAudienceId: n % 2 === 0 ? '500000000000002' : KNOWN.customAudienceId,
	};
}
