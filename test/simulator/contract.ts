import type { Hostile } from './hostile';
import type { World } from './world';

export interface User {
	Email?: string;
	Phone?: string;
}

/** A key that the simulator knows; without `allow` it may do everything. */
export interface AccessKey {
	accessKeyId: string;
	accessKeySecret: string;
	/** Makes it an STS key: calls without this token are refused. */
	securityToken?: string;
	/** The token's time is over; for a key without token: the key is disabled. */
	expired?: boolean;
	/** RAM actions such as `cams:AddCustomAudienceUser`, `cams:List*` or `*`. */
	allow?: string[];
	denyCode?: 'NoPermission' | 'Forbidden.RAM';
}

export interface SimulatorOptions {
	/** 0 or none: any free port. */
	port?: number;
	/** The clock in milliseconds since 1970. */
	now?: () => number;
	keys?: AccessKey[];
	/** A longer body is answered with 413. */
	maxBodyBytes?: number;
	/** A longer path and query is answered with 414; 16 KB unless given. */
	maxUrlBytes?: number;
	/** Read `Users` of AddCustomAudienceUser from the query alone, as a gateway may: in a body it counts as missing. */
	ignoreBody?: boolean;
	/** How Meta matches what is uploaded; nobody when left out. */
	matching?: Matching;
	/** Refuse IDs that the world doesn't hold, with 200 and `Success: false`. */
	strictIds?: boolean;
	/** Lists given here replace those of the default world. */
	world?: Partial<World>;
	/** Called once for each call, when its connection is done with it. */
	onRequest?: (call: RecordedRequest) => void;
	/** PEM key and certificate: serve https. */
	tls?: { key: string; cert: string };
}

/** Whom Meta matches. The tokens are seen in an audience's TokenTotal only after a sync. */
export interface Matching {
	/** The share of an upload's users, from 0 to 1. */
	rate: number;
	/** Milliseconds from a sync to the tokens it brings. */
	delayMs?: number;
	/** Matches of one upload below which all its tokens are withheld; 100 unless given. */
	fewest?: number;
}

/** One call as it arrived; `query`, `form` and `users` are filled only past the signature check. */
export interface RecordedRequest {
	action: string;
	query: Record<string, string>;
	/** Parameters from a form body, without Users. */
	form: Record<string, string>;
	users?: User[];
	/** The status sent; 0 when none was (reset, silence). */
	status: number;
	/** `OK`, or the Code of the refusal; empty when the answer has none (HTML, reset, …). */
	code: string;
	method: string;
	/** Path and query, raw. */
	url: string;
	headers: Record<string, string>;
	bodyBytes: number;
	/** The full answer was written to the client. */
	acknowledged: boolean;
	/** Milliseconds since 1970, by the simulator's clock. */
	at: number;
}

export interface ReceivedBatch {
	users: User[];
	last: boolean | undefined;
	total: number | undefined;
	requestId: string;
	/** An answer that says OK was written in full. */
	acknowledged: boolean;
}

/** What one audience received up to and with the last flag; a call after it opens the next one. */
export interface Upload {
	custSpaceId: string;
	pageId: string;
	adAccountId: string;
	customAudienceId: string;
	batches: ReceivedBatch[];
	users: User[];
	complete: boolean;
	/** The total changed before a flag, or two calls for the audience were under way at once. */
	mixed: boolean;
}

/** `received`: whether the users are counted before the server misbehaves. */
export type Fault =
	| {
			kind: 'throttle';
			code?: string;
			status?: 400 | 429 | 503;
			/** Seconds, sent as Retry-After. */
			retryAfter?: number;
			received?: boolean;
	  }
	| { kind: 'error'; status: number; code: string; message?: string; received?: boolean }
	| { kind: 'businessError'; code: string; message?: string; received?: boolean }
	| { kind: 'html'; status: number; body?: string; retryAfter?: number; received?: boolean }
	| { kind: 'empty'; status: number; received?: boolean }
	| { kind: 'redirect'; status: 301 | 302 | 307; location: string; received?: boolean }
	| { kind: 'reset'; received?: boolean }
	| { kind: 'silence'; received?: boolean }
	/** An OK answer of which half is sent; received unless told otherwise. */
	| { kind: 'cutOff'; received?: boolean }
	/** The ordinary answer, late. */
	| { kind: 'slow'; ms: number }
	/** The ordinary answer, when a test lets it go. */
	| { kind: 'held'; until: Promise<unknown> }
	/** An answer without end, or one that can't be read. */
	| { kind: 'hostile'; how: Hostile; received?: boolean }
	/** A page that quotes the request's URL, headers and body. */
	| { kind: 'echo'; status?: number; format?: 'html' | 'json'; received?: boolean }
	/** 200 with `Success: false`, its Message quoting the first user. */
	| { kind: 'quoteContact'; code?: string; received?: boolean };

export type CallNumbers = number | number[] | ((n: number, action: string) => boolean);

export interface Simulator {
	/** `http://127.0.0.1:PORT`. */
	url: string;
	port: number;
	/** In the order of arrival, refused ones too. */
	requests: RecordedRequest[];
	/** Those of AddCustomAudienceUser among them. */
	readonly attempts: RecordedRequest[];
	uploads: Upload[];
	/**
	 * Answers the given calls of an action with a fault, unless they are refused anyway; the latest matching rule wins.
	 * @param callNumbers the n-th recorded call of that action since start or reset, from 1
	 * @param action `AddCustomAudienceUser` unless given
	 */
	misbehave(callNumbers: CallNumbers, fault: Fault, action?: string): void;
	/** Matches what is uploaded so from now on; nobody when left out. */
	match(matching?: Matching): void;
	/** Forgets calls, submissions, faults, nonces, assumed roles, created audiences and what `match` said; drops unanswered calls. */
	reset(): void;
	/** Ends open sockets and stops listening. */
	close(): Promise<void>;
}
