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

/** Every way in which the simulator can misbehave, and every class of answer that the API, gateways and proxies give. */
export const FAULTS: NamedFault[] = [
	{ name: 'throttled, 400', fault: { kind: 'throttle' }, effect: 'retried' },
	{
		name: 'throttled, 429 with Retry-After',
		fault: { kind: 'throttle', status: 429, retryAfter: 7 },
		effect: 'retried',
	},
	{
		name: 'throttled, 503 Throttling.Api',
		fault: { kind: 'throttle', status: 503, code: 'Throttling.Api' },
		effect: 'retried',
	},
	{ name: 'HTML 429', fault: { kind: 'html', status: 429 }, effect: 'retried' },
	{ name: 'HTML 502', fault: { kind: 'html', status: 502 }, effect: 'retried' },
	{
		name: 'HTML 502, received',
		fault: { kind: 'html', status: 502, received: true },
		effect: 'retried',
		lost: true,
	},
	{
		name: 'HTML 503 with Retry-After',
		fault: { kind: 'html', status: 503, retryAfter: 3 },
		effect: 'retried',
	},
	{ name: 'HTML 408', fault: { kind: 'html', status: 408 }, effect: 'retried' },
	{ name: 'empty 500', fault: { kind: 'empty', status: 500 }, effect: 'retried' },
	{
		name: 'JSON 500, received',
		fault: { kind: 'error', status: 500, code: 'InternalError', received: true },
		effect: 'retried',
		lost: true,
	},
	{ name: 'reset', fault: { kind: 'reset' }, effect: 'retried' },
	{
		name: 'reset, received',
		fault: { kind: 'reset', received: true },
		effect: 'retried',
		lost: true,
	},
	{ name: 'silence', fault: { kind: 'silence' }, effect: 'retried' },
	{
		name: 'silence, received',
		fault: { kind: 'silence', received: true },
		effect: 'retried',
		lost: true,
	},
	{ name: 'answer cut off', fault: { kind: 'cutOff' }, effect: 'retried', lost: true },
	{
		name: 'answer after the time-out',
		fault: { kind: 'slow', ms: 60_000 },
		effect: 'retried',
		lost: true,
	},
	{ name: 'echoing page, 500', fault: { kind: 'echo' }, effect: 'retried' },
	{
		name: 'echoing JSON, 500',
		fault: { kind: 'echo', format: 'json' },
		effect: 'retried',
	},
	{
		name: 'business code, 200',
		fault: { kind: 'businessError', code: 'Audience.NotReady' },
		effect: 'rejected',
	},
	{ name: 'quoted contact, 200', fault: { kind: 'quoteContact' }, effect: 'rejected' },
	{
		name: 'JSON 400',
		fault: { kind: 'error', status: 400, code: 'InvalidParameter', message: MESSAGE },
		effect: 'rejected',
	},
	{ name: 'HTML 404', fault: { kind: 'html', status: 404 }, effect: 'rejected' },
	{ name: 'HTML 200', fault: { kind: 'html', status: 200 }, effect: 'rejected' },
	{
		name: 'empty 200, received',
		fault: { kind: 'empty', status: 200, received: true },
		effect: 'rejected',
		lost: true,
	},
	{
		name: 'redirect 307',
		fault: { kind: 'redirect', status: 307, location: 'http://127.0.0.1:9/diverted' },
		effect: 'rejected',
	},
	{
		name: 'echoing JSON, 400',
		fault: { kind: 'echo', status: 400, format: 'json' },
		effect: 'rejected',
	},
	{
		name: 'permission refused, 403',
		fault: { kind: 'error', status: 403, code: 'NoPermission', message: MESSAGE },
		effect: 'access',
	},
	{
		name: 'key refused, 404',
		fault: { kind: 'error', status: 404, code: 'InvalidAccessKeyId.NotFound' },
		effect: 'access',
	},
	{
		name: 'token expired, 400',
		fault: { kind: 'error', status: 400, code: 'InvalidSecurityToken.Expired' },
		effect: 'access',
	},
	{
		name: 'answer without end, received',
		fault: { kind: 'hostile', how: 'endless', received: true },
		effect: 'rejected',
		lost: true,
	},
	{ name: 'a gigabyte', fault: { kind: 'hostile', how: 'gigabyte' }, effect: 'rejected' },
	{ name: 'a packed gigabyte', fault: { kind: 'hostile', how: 'gzipBomb' }, effect: 'rejected' },
	{
		name: 'answer that drips, received',
		fault: { kind: 'hostile', how: 'dripping', received: true },
		effect: 'retried',
		lost: true,
	},
	{ name: 'broken gzip', fault: { kind: 'hostile', how: 'brokenGzip' }, effect: 'retried' },
	{
		name: 'broken chunks, received',
		fault: { kind: 'hostile', how: 'brokenChunks', received: true },
		effect: 'retried',
		lost: true,
	},
	{ name: 'a huge header', fault: { kind: 'hostile', how: 'hugeHeader' }, effect: 'retried' },
	{
		name: 'unavailable, 200',
		fault: { kind: 'businessError', code: 'ServiceUnavailable' },
		effect: 'retried',
	},
	{
		name: 'system error, 200, received',
		fault: { kind: 'businessError', code: 'SystemError', received: true },
		effect: 'retried',
		lost: true,
	},
	{
		name: 'credentials for an answer, 200',
		fault: page200('{"Credentials":"required"}'),
		effect: 'rejected',
	},
	{
		name: 'odd types, 200',
		fault: page200('{"Success":"true","Code":["OK"],"Message":{},"RequestId":7}'),
		effect: 'rejected',
	},
	{
		name: 'nested beyond reason, 200',
		fault: page200(
			`{"Code":"OK","Success":true,"Data":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
		),
		effect: 'rejected',
	},
	{
		name: 'acceptance as a prototype, 200',
		fault: page200('{"__proto__":{"Code":"OK","Success":true}}'),
		effect: 'rejected',
	},
	{ name: 'HTML 413', fault: { kind: 'html', status: 413 }, effect: 'halved' },
	{ name: 'HTML 414', fault: { kind: 'html', status: 414 }, effect: 'halved' },
];
