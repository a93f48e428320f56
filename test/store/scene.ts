import type { Pause } from '../../nodes/AlibabaCloudChatApp/async';
import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { HashMode } from '../../nodes/AlibabaCloudChatApp/contacts/hash';
import type { Deliver, Sending } from '../../nodes/AlibabaCloudChatApp/store/rounds';
import { Store } from '../../nodes/AlibabaCloudChatApp/store/store';
import { MemoryTable } from './memoryTable';
import { MemoryTables } from './memoryTables';

export const AUDIENCE = 'channel/page/account/audience';
export const HOUR = 60 * 60_000;

/** Nothing else has to be done meanwhile. */
export const pause = async () => {};

/** One audience's store on a table in memory, with a clock that stands still until it is moved. */
export class Scene {
	now = Date.parse('2026-11-24T10:40:00Z');
	readonly tables = new MemoryTables(() => this.now);
	/** What was delivered, a list for each submission. */
	readonly sent: User[][] = [];
	private owners = 0;

	constructor(private readonly most = 5) {}

	table(): MemoryTable {
		return new MemoryTable(this.tables);
	}

	/** The store as another run sees it. */
	store(table = this.table(), audience = AUDIENCE, hash: HashMode = 'none'): Store {
		this.owners += 1;
		const owner = `run ${this.owners}`;
		return new Store(table, { audience, owner, most: this.most, hash, now: () => this.now });
	}

	sending(
		change: Partial<Sending['rules']> = {},
		deliver: Deliver = this.accept,
	): Sending & { pause: Pause } {
		return {
			rules: { collectUntil: this.most, collectHours: 24, topUp: true, ...change },
			keepDays: 180,
			now: () => this.now,
			pause,
			deliver,
		};
	}

	readonly accept: Deliver = async ({ users }) => {
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

/** Invented users, numbered from `first`. */
export function people(count: number, first = 1): User[] {
	return Array.from({ length: count }, (_, index) => ({ Email: `u${first + index}@example.com` }));
}
