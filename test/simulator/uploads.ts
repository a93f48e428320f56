/** A user as the API accepts it. */
export interface User {
	Email?: string;
	Phone?: string;
}

/** How Meta matches users. Tokens count in an audience's TokenTotal and are listed only after a sync. */
export interface Matching {
	/** The share of an upload's users that Meta matches, from 0 to 1; by default, it matches those in `people`. */
	rate?: number;
	/** The people whom Meta knows: for each, the emails and phones in their account, as they are sent. */
	people?: readonly User[];
	/** Calling codes of countries that can't be messaged: people with a number there get no token. The list may change. */
	notMessageable?: readonly string[];
	/** Milliseconds from a sync until its tokens count. */
	delayMs?: number;
	/** Meta discards an upload with fewer matches; 100 by default. */
	fewest?: number;
}

/** A token of a person in an upload: Meta returns no recipient, no status, and no dates for it. */
export interface UploadToken {
	NotificationMessagesToken: string;
	TopicTitle: string;
	NotificationMessagesReoptin: string;
	CustomAudienceId: string;
}

/** One call's users, as received. */
export interface ReceivedBatch {
	users: User[];
	last: boolean | undefined;
	total: number | undefined;
	requestId: string;
	/** A response that says OK was written in full. */
	acknowledged: boolean;
}

/** What one audience received up to and including the last flag; the next batch starts another upload. */
export interface Upload {
	custSpaceId: string;
	pageId: string;
	adAccountId: string;
	customAudienceId: string;
	batches: ReceivedBatch[];
	users: User[];
	complete: boolean;
	/** The total changed before a flag, or two requests for the audience overlapped. */
	mixed: boolean;
}

/** A request for an audience, from its arrival until its response is sent or its connection is closed. */
export interface ActiveRequest {
	readonly key: string;
	/** Requests for the same audience that overlapped with it. */
	readonly others: Set<ActiveRequest>;
	upload?: Upload;
	batch?: ReceivedBatch;
}

/** Parameters that may contain an audience's IDs. */
export type Ids = Record<string, string | undefined>;

/** One string for the four IDs of an audience. */
export function audienceKey(ids: Ids): string {
	return JSON.stringify([ids.CustSpaceId, ids.PageId, ids.AdAccountId, ids.CustomAudienceId]);
}

/** Records what each audience received, detects uploads that mix, and matches users as Meta does. */
export class ReceivedUploads {
	readonly uploads: Upload[] = [];
	private readonly active = new Set<ActiveRequest>();
	private readonly open = new Map<string, Upload>();
	/** By audience: who has a token, and since when. */
	private readonly tokens = new Map<string, Array<{ from: number; people: string[] }>>();
	private matching: Matching | undefined;

	constructor(private readonly initialMatching: Matching | undefined) {
		this.matching = initialMatching;
	}

	/** A request arrives. @param key the audience, as `audienceKey` names it */
	begin(key: string): ActiveRequest {
		const others = new Set([...this.active].filter((other) => other.key === key));
		const request: ActiveRequest = { key, others };
		for (const other of others) other.others.add(request);
		this.active.add(request);
		return request;
	}

	/** The response is sent, or the connection is closed without one. */
	end(request: ActiveRequest): void {
		this.active.delete(request);
	}

	/** Adds a batch to its audience's upload, which the last flag completes. */
	receive(request: ActiveRequest, ids: Ids, batch: ReceivedBatch): void {
		const key = audienceKey(ids);
		const upload = this.open.get(key) ?? this.start(key, ids);
		const before = upload.batches.at(-1);
		if (before && before.total !== batch.total) upload.mixed = true;
		upload.batches.push(batch);
		for (const user of batch.users) upload.users.push(user);
		if (batch.last) {
			upload.complete = true;
			this.open.delete(key);
		}
		request.upload = upload;
		request.batch = batch;
		for (const other of request.others) {
			if (other.upload) other.upload.mixed = upload.mixed = true;
		}
	}

	/** Sets how Meta matches uploads from now on; undefined matches no one. */
	match(matching: Matching | undefined): void {
		this.matching = matching;
	}

	/** Fetches the tokens of all uploads so far. @param customAudienceId empty for all audiences */
	sync(customAudienceId: string, now: number): void {
		if (!this.matching) return;
		const from = now + (this.matching.delayMs ?? 0);
		for (const id of new Set(this.uploads.map((one) => one.customAudienceId))) {
			if (customAudienceId !== '' && customAudienceId !== id) continue;
			const before = this.tokens.get(id) ?? [];
			this.tokens.set(id, [...before, { from, people: this.matchesOf(id, this.matching) }]);
		}
	}

	/** How many tokens uploads have added to an audience. */
	tokensOf(customAudienceId: string, now: number): number {
		const syncs = this.tokens.get(customAudienceId) ?? [];
		return syncs.findLast(({ from }) => from <= now)?.people.length ?? 0;
	}

	/** The tokens that uploads have added to an audience, or to all. @param customAudienceId empty for all */
	listTokens(customAudienceId: string, now: number): UploadToken[] {
		const ids = customAudienceId === '' ? [...this.tokens.keys()] : [customAudienceId];
		return ids.flatMap((id) =>
			Array.from({ length: this.tokensOf(id, now) }, (_, index) => ({
				NotificationMessagesToken: `upload-token-${id}-${index + 1}`,
				TopicTitle: 'Offers',
				NotificationMessagesReoptin: 'DISABLED',
				CustomAudienceId: id,
			})),
		);
	}

	clear(): void {
		this.uploads.length = 0;
		this.open.clear();
		this.active.clear();
		this.tokens.clear();
		this.matching = this.initialMatching;
	}

	private start(key: string, ids: Ids): Upload {
		const upload: Upload = {
			custSpaceId: ids.CustSpaceId ?? '',
			pageId: ids.PageId ?? '',
			adAccountId: ids.AdAccountId ?? '',
			customAudienceId: ids.CustomAudienceId ?? '',
			batches: [],
			users: [],
			complete: false,
			mixed: false,
		};
		this.open.set(key, upload);
		this.uploads.push(upload);
		return upload;
	}

	// Meta keeps one membership per person, and discards an upload with too few matches.
	private matchesOf(customAudienceId: string, matching: Matching): string[] {
		const { fewest = 100, notMessageable = [] } = matching;
		const matched = new Set<string>();
		const excluded = new Set<string>();
		for (const { users, customAudienceId: id } of this.uploads) {
			if (id !== customAudienceId) continue;
			const found = matchedBy(matching, users);
			if (new Set(found.values()).size < fewest) continue;
			for (const [{ Phone = '' }, person] of found) {
				matched.add(person);
				if (notMessageable.some((code) => Phone.startsWith(code))) excluded.add(person);
			}
		}
		return [...matched].filter((person) => !excluded.has(person));
	}
}

/** An upload's users whom Meta matched, with their person. */
function matchedBy({ rate, people = [] }: Matching, users: User[]): Map<User, string> {
	if (rate !== undefined) {
		const distinct = new Map(users.map((user) => [JSON.stringify(user), user]));
		const found = [...distinct].slice(0, Math.round(distinct.size * rate));
		return new Map(found.map(([person, user]) => [user, person]));
	}
	const personOf = new Map(
		people.flatMap(({ Email, Phone }, index) =>
			[Email, Phone].map((each) => [each, `person ${index}`] as const),
		),
	);
	personOf.delete(undefined);
	return new Map(
		users.flatMap((user) => {
			const person = personOf.get(user.Email) ?? personOf.get(user.Phone);
			return person === undefined ? [] : [[user, person] as const];
		}),
	);
}
