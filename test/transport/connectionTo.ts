import type { AlibabaCloudOpenApiCredential } from '../../credentials/credential';
import type { Connection } from '../../nodes/AlibabaCloudChatApp/transport/client';
import type { ConnectionContext } from '../../nodes/AlibabaCloudChatApp/transport/connect';
import { throughN8n } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, KNOWN, type Simulator } from '../simulator/simulator';
import { httpHelper } from './httpHelpers';

/** A connection to a simulator, with a key that may do everything; `set` replaces parts of it. */
export function connectionTo({ url }: Simulator, set: Partial<Connection> = {}): Connection {
	return {
		key: DEFAULT_KEY,
		origin: url,
		sendHttp: throughN8n(httpHelper),
		clock: stillClock(),
		timeout: 10_000,
		...set,
	};
}

/** The part of n8n's context that a connection needs, with a credential. */
export function contextWith(
	credential: AlibabaCloudOpenApiCredential,
	set: Partial<ConnectionContext> = {},
): ConnectionContext {
	return {
		async getCredentials<T extends object>(type: string) {
			if (type !== 'alibabaCloudOpenApi') throw new Error(`Node has no credential ${type}`);
			return credential as T;
		},
		helpers: httpHelper,
		...set,
	};
}

let names = 0;

/** A credential with a role that no other test has assumed, since the process shares the keys of roles. */
export function roleCredential(
	{ url }: Pick<Simulator, 'url'>,
	set: Partial<AlibabaCloudOpenApiCredential> = {},
): AlibabaCloudOpenApiCredential {
	return {
		...DEFAULT_KEY,
		authType: 'ramRole',
		endpoint: url,
		stsEndpoint: url,
		roleArn: KNOWN.roleArn,
		roleSessionName: `test-${++names}`,
		...set,
	};
}
