/** Where a call contains `Users`. */
export type UsersIn = 'body' | 'query';

/** A URL of this many bytes is accepted nearly everywhere; no limit is documented. */
const FIRST_URL_BYTES = 6 * 1024;
/** No gateway rejects a URL of this many bytes. */
const FEWEST_URL_BYTES = 512;

/** What this process has learned about an endpoint's gateway. */
interface Gateway {
	/** It didn't see `Users` in a body. */
	readsQueryOnly: boolean;
	/** The longest URL, path and query, that is worth an attempt. */
	urlBytes: number;
}

const gateways = new Map<string, Gateway>();

/** A call with users, as it was sent. */
export interface SentUsers {
	usersIn: UsersIn;
	/** Number of users. */
	users: number;
	/** Bytes of the encoded users. */
	bytes: number;
	/** The call's other parameters. */
	query: Record<string, string>;
}

/**
 * Where calls to an endpoint contain `Users`. Alibaba's metadata declares it as a parameter of the query, while its other
 * clients send it in a form body: what a gateway reads is learned from its responses, and kept for the process.
 */
export class UsersPlacement {
	private readonly gateway: Gateway;

	/** @param origin scheme, host, and port of the endpoint */
	constructor(
		origin: string,
		private readonly chosen: 'auto' | UsersIn,
	) {
		this.gateway = gateways.get(origin) ?? { readsQueryOnly: false, urlBytes: FIRST_URL_BYTES };
		gateways.set(origin, this.gateway);
	}

	get usersIn(): UsersIn {
		if (this.chosen !== 'auto') return this.chosen;
		return this.gateway.readsQueryOnly ? 'query' : 'body';
	}

	/**
	 * Bytes of encoded users that one call can contain; undefined when only the body's own limit applies.
	 * @param query the call's other parameters
	 */
	maxBytes(query: Record<string, string>): number | undefined {
		return this.usersIn === 'body' ? undefined : this.gateway.urlBytes - urlBytes(query);
	}

	/**
	 * Learns from a failed call.
	 * @returns whether the same users may be accepted now, in another place or in smaller calls
	 */
	learn(error: { kind: string; code: string }, sent: SentUsers): boolean {
		if (/^MissingUsers$/i.test(error.code)) return this.tryQuery(sent.usersIn);
		if (sent.usersIn !== 'query' || error.kind !== 'tooLarge') return false;
		const sentBytes = urlBytes(sent.query) + sent.bytes;
		const half = Math.max(FEWEST_URL_BYTES, Math.floor(sentBytes / 2));
		const before = this.gateway.urlBytes;
		this.gateway.urlBytes = Math.min(before, half);
		// Where the new limit wouldn't make this URL shorter, the batch has to lose users instead.
		const isLower = this.gateway.urlBytes < Math.min(before, sentBytes);
		return sent.users > 1 && isLower;
	}

	private tryQuery(usersIn: UsersIn): boolean {
		if (this.chosen !== 'auto') return false;
		// When neither place is read, the next run starts with the body again.
		this.gateway.readsQueryOnly = usersIn === 'body';
		return usersIn === 'body';
	}
}

/** Bytes of a URL's path and query before the users. */
function urlBytes(query: Record<string, string>): number {
	const pairs = Object.entries(query).map(
		([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`,
	);
	return `/?${pairs.join('&')}&`.length;
}

/**
 * A string as Alibaba Cloud's signer encodes it for the URL (RFC 3986); bodies and byte counts use the same encoding.
 * @throws URIError for a lone surrogate
 */
export function percentEncode(text: string): string {
	const encoded = encodeURIComponent(text);
	return RESERVED.test(encoded) ? encoded.replace(/[!'()*]/g, escapeReserved) : encoded;
}

const RESERVED = /[!'()*]/;

function escapeReserved(character: string): string {
	return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
