import { createHash } from 'node:crypto';
import type { AccessKey } from '../../../credentials/signing';
import { untilAborted } from '../abort';
import { assumeRole, type AssumedKey, type Role } from './assumeRole';
import { currentKey, type Connection, type KeySource } from './client';

/** Milliseconds: a key is given up this long before it expires, so that no call is under way with a dead one. */
const EARLY = 5 * 60_000;
const MOST_KEPT = 100;

/** What is kept in this process: a key lasts an hour, and STS allows few calls a second. */
const kept = new Map<string, Kept>();

interface Kept {
	assumed: Promise<AssumedKey>;
	/** Known as soon as it is assumed. */
	key?: AccessKey;
	expiresAt: number;
}

/**
 * A key that is renewed by itself: assumed once for all that use the credential at a time, and anew before it expires.
 * @param connection to STS, with the key that may assume the role
 */
export function roleKeySource(connection: Connection, role: Role): KeySource {
	const { clock, cancelSignal } = connection;
	// Others may wait for this call too, so that one canceled execution must not end it.
	const shared = { ...connection, cancelSignal: undefined };
	const entry = async (isUsable: (entry: Kept) => boolean): Promise<AccessKey> => {
		const name = fingerprint(await currentKey(connection), connection.origin, role);
		const known = kept.get(name);
		const used = known && isUsable(known) ? known : keep(name, assumeRole(shared, role));
		return (await untilAborted(used.assumed, cancelSignal)).key;
	};
	return {
		current: async () => await entry(({ expiresAt }) => expiresAt - EARLY > clock.now()),
		// Others may have renewed it meanwhile.
		renewed: async (refused) =>
			await entry(({ key }) => key?.securityToken !== refused.securityToken),
	};
}

function keep(name: string, assumed: Promise<AssumedKey>): Kept {
	const entry: Kept = { assumed, expiresAt: Infinity };
	kept.delete(name);
	kept.set(name, entry);
	const [oldest] = kept.keys();
	if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
	assumed.then(
		(known) => void Object.assign(entry, known),
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
