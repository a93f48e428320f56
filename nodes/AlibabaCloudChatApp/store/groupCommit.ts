import { untilAborted } from '../async';

/** Stores several items at once. @returns a result for each, in the order of the items */
export type Commit<Item, Result> = (items: Item[]) => Promise<Result[]>;

interface Member<Item, Result> {
	item: Item;
	commit: Commit<Item, Result>;
	/** The cancel signal of the member's execution. */
	canceled: AbortSignal | undefined;
	resolve(result: Result): void;
	reject(error: unknown): void;
}

/** At most this many store together, so that one commit stays short. */
const MAX_MEMBERS = 100;

/**
 * Lets runs of one process that store at the same time do it together, as databases do: while one commit runs, others
 * wait, and then the first of them commits for all. An item that waits here is stored nowhere yet, so its run must wait
 * for the result. If the first one fails or is canceled, each of the others commits for itself.
 */
export class GroupCommit<Item, Result> {
	private readonly groups = new Map<string, Array<Member<Item, Result>>>();

	/**
	 * @param key which items may be stored together
	 * @throws what `commit` throws; the cancel signal's reason
	 */
	async add(
		key: string,
		item: Item,
		{ commit, canceled }: { commit: Commit<Item, Result>; canceled?: AbortSignal },
	): Promise<Result> {
		return await new Promise((resolve, reject) => {
			const member = { item, commit, canceled, resolve, reject };
			const waiting = this.groups.get(key);
			if (waiting) {
				waiting.push(member);
			} else {
				const members = [member];
				this.groups.set(key, members);
				void this.commitAll(key, members);
			}
		});
	}

	private async commitAll(key: string, waiting: Array<Member<Item, Result>>): Promise<void> {
		while (waiting.length > 0) await commitTogether(waiting.splice(0, MAX_MEMBERS));
		this.groups.delete(key);
	}
}

async function commitTogether<Item, Result>(members: Array<Member<Item, Result>>): Promise<void> {
	const [leader, ...others] = members;
	if (!leader) return;
	try {
		leader.canceled?.throwIfAborted();
		const committing = leader.commit(members.map(({ item }) => item));
		const results = await untilAborted(committing, leader.canceled);
		members.forEach(({ resolve }, index) => resolve(results[index] as Result));
	} catch (error) {
		leader.reject(error);
		// Its failure may concern only itself.
		await Promise.all(others.map(async (member) => await commitTogether([member])));
	}
}
