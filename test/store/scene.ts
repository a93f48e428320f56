import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { HashMode } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type {
	RoundSettings,
	OwnUsers,
	UploadRound,
} from '../../nodes/AlibabaCloudChatApp/store/rounds';
import type { UserList } from '../../nodes/AlibabaCloudChatApp/upload/packedUsers';
import { type Added, type TableState, Store } from '../../nodes/AlibabaCloudChatApp/store/store';
import { MemoryTable } from './memoryTable';
import { MemoryTables } from './memoryTables';

export const AUDIENCE = 'channel/page/account/audience';
/** How long a lease lasts that isn't renewed. */
export const LEASE_MS = 15 * 60_000;

export const HOUR = 60 * 60_000;

/** One audience's store on a table in memory, with a clock that a test moves. */
export class Scene {
	now = Date.parse('2026-11-24T10:40:00Z');
	readonly tables = new MemoryTables(() => this.now);
	/** The users of each upload. */
	readonly sent: User[][] = [];
	private owners = 0;

	constructor(private readonly collectUntil = 5) {}

	table(): MemoryTable {
		return new MemoryTable(this.tables);
	}

	/** The store as another run sees it. */
	store(table = this.table(), audienceKey = AUDIENCE, hash: HashMode = 'none'): Store {
		this.owners += 1;
		const owner = `run ${this.owners}`;
		return new Store(table, {
			audienceKey,
			owner,
			collectUntil: this.collectUntil,
			hash,
			now: () => this.now,
		});
	}

	sending(
		change: Partial<RoundSettings['rules']> = {},
		upload: UploadRound = this.accept,
	): RoundSettings {
		return {
			rules: { collectUntil: this.collectUntil, collectHours: 24, topUp: true, ...change },
			keepDays: 180,
			now: () => this.now,
			upload,
		};
	}

	readonly accept: UploadRound = async ({ users }) => {
		this.sent.push(users.slice(0, users.length));
		return [{ start: 0, end: users.length }];
	};

	byStatus(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { status } of this.table().rows) {
			if (status !== 'lease') counts[String(status)] = (counts[String(status)] ?? 0) + 1;
		}
		return counts;
	}
}

/** A list that a run brings. */
export function runWith(users: UserList): OwnUsers {
	return { users, pause: async () => {} };
}

/** Stores users, each as a contact. */
export async function addTo(store: Store, users: User[]): Promise<Added & { state: TableState }> {
	const added = await store.add(users.map((user) => [user]));
	const { state } = added;
	if (!state) throw added.tableError ?? new Error('No state');
	return { ...added, state };
}

/** Invented users, numbered from `first`. */
export function people(count: number, first = 1): User[] {
	return Array.from({ length: count }, (_, index) => ({ Email: `u${first + index}@example.com` }));
}
