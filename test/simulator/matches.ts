import type { Matching, Upload } from './contract';

/** What Meta made of the uploads, as far as a sync has brought it to Alibaba Cloud. */
export class Matches {
	/** By audience: how many tokens are seen from a moment on. */
	private readonly brought = new Map<string, Array<{ from: number; count: number }>>();

	private matching: Matching | undefined;

	constructor(
		private readonly atFirst: Matching | undefined,
		private readonly submissions: Upload[],
	) {
		this.matching = atFirst;
	}

	/** Matches so from now on; nobody when undefined. */
	follow(matching: Matching | undefined): void {
		this.matching = matching;
	}

	/** Fetches the tokens of what was uploaded so far. @param customAudienceId empty for all audiences */
	sync(customAudienceId: string, now: number): void {
		if (!this.matching) return;
		const from = now + (this.matching.delayMs ?? 0);
		for (const id of new Set(this.submissions.map((one) => one.customAudienceId))) {
			if (customAudienceId !== '' && customAudienceId !== id) continue;
			const earlier = this.brought.get(id) ?? [];
			this.brought.set(id, [...earlier, { from, count: this.matchedOf(id, this.matching) }]);
		}
	}

	/** The tokens that an audience has got from uploads. */
	seen(customAudienceId: string, now: number): number {
		const syncs = this.brought.get(customAudienceId) ?? [];
		return syncs.findLast(({ from }) => from <= now)?.count ?? 0;
	}

	clear(): void {
		this.brought.clear();
		this.matching = this.atFirst;
	}

	// Meta keeps one membership a person, and withholds the tokens of an upload that matched too few.
	private matchedOf(customAudienceId: string, { rate, fewest = 100 }: Matching): number {
		const matched = new Set<string>();
		for (const submission of this.submissions) {
			if (submission.customAudienceId !== customAudienceId) continue;
			const people = [...new Set(submission.users.map((user) => JSON.stringify(user)))];
			const found = people.slice(0, Math.round(people.length * rate));
			if (found.length >= fewest) for (const person of found) matched.add(person);
		}
		return matched.size;
	}
}
