import type { Upload, ReceivedBatch } from './contract';

/** One call for an audience, from its arrival until its connection is done with it. */
export interface Visit {
	readonly key: string;
	/** Calls for the same audience that were under way at the same time. */
	readonly others: Set<Visit>;
	submission?: Upload;
	call?: ReceivedBatch;
}

export type Ids = Record<string, string | undefined>;

/** Keeps what each audience received, and notices runs that mix. */
export class Uploads {
	readonly uploads: Upload[] = [];
	private readonly underWay = new Set<Visit>();
	private readonly open = new Map<string, Upload>();

	/** @param key the audience, as `audienceKey` names it */
	arrive(key: string): Visit {
		const others = new Set([...this.underWay].filter((visit) => visit.key === key));
		const visit: Visit = { key, others };
		for (const other of others) other.others.add(visit);
		this.underWay.add(visit);
		return visit;
	}

	/** The visit's connection is done, answered or not. */
	leave(visit: Visit): void {
		this.underWay.delete(visit);
	}

	/** Counts a call's users; the flag closes the submission. */
	receive(visit: Visit, ids: Ids, call: ReceivedBatch): void {
		const key = audienceKey(ids);
		const submission = this.open.get(key) ?? this.begin(key, ids);
		const before = submission.batches.at(-1);
		if (before && before.total !== call.total) submission.mixed = true;
		submission.batches.push(call);
		for (const user of call.users) submission.users.push(user);
		if (call.last) {
			submission.complete = true;
			this.open.delete(key);
		}
		visit.submission = submission;
		visit.call = call;
		for (const other of visit.others) {
			if (other.submission) other.submission.mixed = submission.mixed = true;
		}
	}

	clear(): void {
		this.uploads.length = 0;
		this.open.clear();
		this.underWay.clear();
	}

	private begin(key: string, ids: Ids): Upload {
		const submission: Upload = {
			custSpaceId: ids.CustSpaceId ?? '',
			pageId: ids.PageId ?? '',
			adAccountId: ids.AdAccountId ?? '',
			customAudienceId: ids.CustomAudienceId ?? '',
			batches: [],
			users: [],
			complete: false,
			mixed: false,
		};
		this.open.set(key, submission);
		this.uploads.push(submission);
		return submission;
	}
}

/** One string for the four IDs that name an audience. */
export function audienceKey(ids: Ids): string {
	return JSON.stringify([ids.CustSpaceId, ids.PageId, ids.AdAccountId, ids.CustomAudienceId]);
}
