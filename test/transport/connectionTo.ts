import type { Connection } from '../../nodes/AlibabaCloudChatApp/transport/client';
import { throughN8n } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { stillClock } from '../engine/stillClock';
import { DEFAULT_KEY, type Simulator } from '../simulator/simulator';
import { nodeHelpers } from './nodeHelpers';

/** A connection to a simulator, with a key that may do everything; what is set goes first. */
export function connectionTo({ url }: Simulator, set: Partial<Connection> = {}): Connection {
	return {
		key: DEFAULT_KEY,
		origin: url,
		sendHttp: throughN8n(nodeHelpers),
		clock: stillClock(),
		timeout: 10_000,
		...set,
	};
}
