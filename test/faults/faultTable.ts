import type { Fault } from '../simulator/simulator';

/** What the node makes of a fault: tries again, gives the batch up, gives the run up, or goes on with halves. */
export type Effect = 'retried' | 'rejected' | 'access' | 'halved';

export interface NamedFault {
	name: string;
	fault: Fault;
	effect: Effect;
	/** The server may hold the users though the node was not told so. */
	lost?: true;
}

const MESSAGE = 'The request was refused.';

function page200(body: string): Fault {
	return { kind: 'html', status: 200, body };
}

const ROWS: Array<[name: string, effect: Effect, fault: Fault]> = [
	['throttled, 400', 'retried', { kind: 'throttle' }],
	['throttled, 429 with Retry-After', 'retried', { kind: 'throttle', status: 429, retryAfter: 7 }],
	[
		'throttled, 503 Throttling.Api',
		'retried',
		{ kind: 'throttle', status: 503, code: 'Throttling.Api' },
	],
	['HTML 429', 'retried', { kind: 'html', status: 429 }],
	['HTML 502', 'retried', { kind: 'html', status: 502 }],
	['HTML 502, received', 'retried', { kind: 'html', status: 502, received: true }],
	['HTML 503 with Retry-After', 'retried', { kind: 'html', status: 503, retryAfter: 3 }],
	['HTML 408', 'retried', { kind: 'html', status: 408 }],
	['empty 500', 'retried', { kind: 'empty', status: 500 }],
	[
		'JSON 500, received',
		'retried',
		{ kind: 'error', status: 500, code: 'InternalError', received: true },
	],
	['reset', 'retried', { kind: 'reset' }],
	['reset, received', 'retried', { kind: 'reset', received: true }],
	['silence', 'retried', { kind: 'silence' }],
	['silence, received', 'retried', { kind: 'silence', received: true }],
	['answer cut off', 'retried', { kind: 'cutOff' }],
	['answer after the timeout', 'retried', { kind: 'slow', ms: 60_000 }],
	['echoing page, 500', 'retried', { kind: 'echo' }],
	['echoing JSON, 500', 'retried', { kind: 'echo', format: 'json' }],
	['business code, 200', 'rejected', { kind: 'businessError', code: 'Audience.NotReady' }],
	['quoted contact, 200', 'rejected', { kind: 'quoteContact' }],
	[
		'JSON 400',
		'rejected',
		{ kind: 'error', status: 400, code: 'InvalidParameter', message: MESSAGE },
	],
	['HTML 404', 'rejected', { kind: 'html', status: 404 }],
	['HTML 200', 'rejected', { kind: 'html', status: 200 }],
	['empty 200, received', 'rejected', { kind: 'empty', status: 200, received: true }],
	[
		'redirect 307',
		'rejected',
		{ kind: 'redirect', status: 307, location: 'http://127.0.0.1:9/diverted' },
	],
	['echoing JSON, 400', 'rejected', { kind: 'echo', status: 400, format: 'json' }],
	[
		'permission refused, 403',
		'access',
		{ kind: 'error', status: 403, code: 'NoPermission', message: MESSAGE },
	],
	[
		'key refused, 404',
		'access',
		{ kind: 'error', status: 404, code: 'InvalidAccessKeyId.NotFound' },
	],
	[
		'token expired, 400',
		'access',
		{ kind: 'error', status: 400, code: 'InvalidSecurityToken.Expired' },
	],
	['answer without end, received', 'rejected', { kind: 'hostile', how: 'endless', received: true }],
	['a gigabyte', 'rejected', { kind: 'hostile', how: 'gigabyte' }],
	['a packed gigabyte', 'rejected', { kind: 'hostile', how: 'gzipBomb' }],
	['answer that drips, received', 'retried', { kind: 'hostile', how: 'dripping', received: true }],
	['broken gzip', 'retried', { kind: 'hostile', how: 'brokenGzip' }],
	['broken chunks, received', 'retried', { kind: 'hostile', how: 'brokenChunks', received: true }],
	['a huge header', 'retried', { kind: 'hostile', how: 'hugeHeader' }],
	['unavailable, 200', 'retried', { kind: 'businessError', code: 'ServiceUnavailable' }],
	[
		'system error, 200, received',
		'retried',
		{ kind: 'businessError', code: 'SystemError', received: true },
	],
	['credentials for an answer, 200', 'rejected', page200('{"Credentials":"required"}')],
	[
		'odd types, 200',
		'rejected',
		page200('{"Success":"true","Code":["OK"],"Message":{},"RequestId":7}'),
	],
	[
		'acceptance as a prototype, 200',
		'rejected',
		page200('{"__proto__":{"Code":"OK","Success":true}}'),
	],
	['HTML 413', 'halved', { kind: 'html', status: 413 }],
	['HTML 414', 'halved', { kind: 'html', status: 414 }],
];

/** Every way in which the simulator can misbehave, and every class of answer that the API, gateways and proxies give. */
export const FAULTS: NamedFault[] = ROWS.map(([name, effect, fault]) => ({
	name,
	fault,
	effect,
	...(isLost(fault) && { lost: true }),
}));

/** Whether the server took the users before the answer was lost. */
function isLost(fault: Fault): boolean {
	return (
		fault.kind === 'cutOff' || fault.kind === 'slow' || ('received' in fault && !!fault.received)
	);
}
