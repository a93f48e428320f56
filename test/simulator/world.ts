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
	/** AssumeRole must name it when it is set. */
	externalId?: string;
	/** RAM actions of the keys it gives out; all when left out. */
	allow?: string[];
	/** AccessKey IDs that may assume it; all when left out. */
	trusts?: string[];
}

/** What the account holds. */
export interface World {
	channels: Channel[];
	pages: Page[];
	adAccounts: AdAccount[];
	audiences: Audience[];
	tokens: Token[];
	roles: Role[];
}
