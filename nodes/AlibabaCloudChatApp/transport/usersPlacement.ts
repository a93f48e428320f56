/** Where a call carries `Users`. */
export type UsersIn = 'body' | 'query';

/** A URL of this many bytes gets through nearly everywhere; no limit is documented. */
const FIRST_URL_BYTES = 6 * 1024;
/** No gateway refuses a URL of this many bytes. */
const FEWEST_URL_BYTES = 512;

/** What this process has learned of an endpoint's gateway. */
interface Gateway {
	/** Set once it did not see `Users` in a body. */
	readsQueryAlone: boolean;
	/** The longest URL, path and query, that is worth a try. */
	urlBytes: number;
}

const gateways = new Map<string, Gateway>();

/**
 * The way that `Users` takes to an endpoint. Alibaba's metadata declares it as a parameter of the query, while its other
 * clients send it in a form body: what a gateway reads is learned from its answer, and kept for the process.
 */
export class UsersRoad {
	private readonly gateway: Gateway;

	/** @param origin scheme, host and port of the endpoint */
	constructor(
		origin: string,
		private readonly wish: 'auto' | UsersIn,
	) {
		this.gateway = gateways.get(origin) ?? {
			readsQueryAlone: false,
			urlBytes: FIRST_URL_BYTES,
		};
		gateways.set(origin, this.gateway);
	}

	get usersIn(): UsersIn {
		if (this.wish !== 'auto') return this.wish;
		return this.gateway.readsQueryAlone ? 'query' : 'body';
	}

	/**
	 * Bytes of encoded users that one call may carry; undefined when only the body's own limit holds.
	 * @param query the call's other parameters
	 */
	room(query: Record<string, string>): number | undefined {
		if (this.usersIn === 'body') return undefined;
		return this.gateway.urlBytes - `/?${new URLSearchParams(query).toString()}&`.length;
	}

	/**
	 * Learns from a refusal.
	 * @param call how it was sent, and the bytes of its encoded users and of its whole URL
	 * @returns whether the same users may get through now, in another way or in smaller calls
	 */
	learn(
		error: { kind: string; code: string },
		call: { usersIn: UsersIn; users: number; urlBytes: number },
	): boolean {
		if (/^MissingUsers$/i.test(error.code)) return this.misses(call.usersIn);
		if (call.usersIn !== 'query' || error.kind !== 'tooLarge') return false;
		const half = Math.max(FEWEST_URL_BYTES, Math.floor(call.urlBytes / 2));
		const before = this.gateway.urlBytes;
		this.gateway.urlBytes = Math.min(before, half);
		// Where the new limit wouldn't make this URL shorter, the batch has to lose users instead.
		const isLower = this.gateway.urlBytes < Math.min(before, call.urlBytes);
		return call.users > 1 && isLower;
	}

	private misses(usersIn: UsersIn): boolean {
		if (this.wish !== 'auto') return false;
		// Neither road is read: the next run begins anew.
		this.gateway.readsQueryAlone = usersIn === 'body';
		return usersIn === 'body';
	}
}
