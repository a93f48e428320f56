export interface User {
	Email?: string;
	Phone?: string;
}

/** How Meta matches users. The tokens count in an audience's TokenTotal only after a sync. */
export interface Matching {
	/** The share of an upload's users, from 0 to 1. */
	rate: number;
	/** Milliseconds from a sync until its tokens count. */
	delayMs?: number;
	/** Meta discards an upload with fewer matches; 100 by default. */
	fewest?: number;
}

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

/** One request for an audience, from its arrival until its connection is done with it. */
export interface Visit {
	readonly key: string;
	/** Requests for the same audience that overlapped with it. */
	readonly others: Set<Visit>;
	upload?: Upload;
	batch?: ReceivedBatch;
}

export type Ids = Record<string, string | undefined>;

/** One string for the four IDs of an audience. */
export function audienceKey(ids: Ids): string {
	return JSON.stringify([ids.CustSpaceId, ids.PageId, ids.AdAccountId, ids.CustomAudienceId]);
}

/** Keeps what each audience received, notices runs that mix, and matches users as Meta does. */
export class ReceivedUploads {
	readonly uploads: Upload[] = [];
	private readonly present = new Set<Visit>();
	private readonly open = new Map<string, Upload>();
	/** By audience: how many tokens count from when. */
	private readonly tokens = new Map<string, Array<{ from: number; count: number }>>();
	private matching: Matching | undefined;

	constructor(private readonly initialMatching: Matching | undefined) {
		this.matching = initialMatching;
	}

	/** A request arrives. @param key the audience, as `audienceKey` names it */
	arrive(key: string): Visit {
		const others = new Set([...this.present].filter((visit) => visit.key === key));
		const visit: Visit = { key, others };
		for (const other of others) other.others.add(visit);
		this.present.add(visit);
		return visit;
	}

	/** The visit's connection is done, answered or not. */
	leave(visit: Visit): void {
		this.present.delete(visit);
	}

	/** Adds a batch to its audience's upload, which the last flag completes. */
	receive(visit: Visit, ids: Ids, batch: ReceivedBatch): void {
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
		visit.upload = upload;
		visit.batch = batch;
		for (const other of visit.others) {
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
			this.tokens.set(id, [...before, { from, count: this.matchesOf(id, this.matching) }]);
		}
	}

	/** The tokens that uploads have added to an audience. */
	tokensOf(customAudienceId: string, now: number): number {
		const syncs = this.tokens.get(customAudienceId) ?? [];
		return syncs.findLast(({ from }) => from <= now)?.count ?? 0;
	}

	clear(): void {
		this.uploads.length = 0;
		this.open.clear();
		this.present.clear();
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
	private matchesOf(customAudienceId: string, { rate, fewest = 100 }: Matching): number {
		const matched = new Set<string>();
		for (const upload of this.uploads) {
			if (upload.customAudienceId !== customAudienceId) continue;
			const people = [...new Set(upload.users.map((user) => JSON.stringify(user)))];
			const found = people.slice(0, Math.round(people.length * rate));
			if (found.length >= fewest) for (const person of found) matched.add(person);
		}
		return matched.size;
	}
}
