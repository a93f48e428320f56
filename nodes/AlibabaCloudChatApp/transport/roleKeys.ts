import { createHash } from 'node:crypto';
import type { AccessKey } from '../../../credentials/signing';
import { assumeRole, type AssumedKey, type Role } from './assumeRole';
import { currentKey, type Connection, type KeySource } from './client';

/** Milliseconds: a key is given up this long before it expires, so that no call is under way with a dead one. */
const EARLY = 5 * 60_000;
const MOST_KEPT = 100;

/** What is kept in this process: a key lasts an hour, and STS allows few calls a second. */
const kept = new Map<string, { assumed: Promise<AssumedKey>; expiresAt: number }>();

/**
 * A key that is renewed by itself: assumed once for all that use the credential at a time, and anew before it expires.
 * @param connection to STS, with the key that may assume the role
 */
export function roleKeySource(connection: Connection, role: Role): KeySource {
	const { clock, cancelSignal } = connection;
	// Others may wait for this call too, so that one cancelled execution must not end it.
	const shared = { ...connection, cancelSignal: undefined };
	return async () => {
		const name = fingerprint(await currentKey(connection), connection.origin, role);
		let entry = kept.get(name);
		if (!entry || entry.expiresAt - EARLY <= clock.now()) {
			entry = keep(name, assumeRole(shared, role));
		}
		return (await orCancelled(entry.assumed, cancelSignal)).key;
	};
}

function keep(name: string, assumed: Promise<AssumedKey>) {
	const entry = { assumed, expiresAt: Infinity };
	kept.delete(name);
	kept.set(name, entry);
	const [oldest] = kept.keys();
	if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
	assumed.then(
		({ expiresAt }) => (entry.expiresAt = expiresAt),
		// Whoever waits for it is told; the next one asks anew.
		() => kept.get(name) === entry && kept.delete(name),
	);
	return entry;
}

/** Tells credentials apart without keeping their secrets readable. */
function fingerprint(key: AccessKey, origin: string, role: Role): string {
	const parts = [origin, key.accessKeyId, key.accessKeySecret, role.arn, role.sessionName];
	const text = JSON.stringify([...parts, role.externalId]);
	return createHash('sha256').update(text).digest('hex');
}

async function orCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return await work;
	signal.throwIfAborted();
	let stop = () => {};
	const cancelled = new Promise<never>((_resolve, reject) => {
		stop = () => reject(signal.reason as Error);
		signal.addEventListener('abort', stop);
	});
	try {
		return await Promise.race([work, cancelled]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
