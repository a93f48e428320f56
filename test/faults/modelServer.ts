import type { User } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { HttpResponse, SendHttp } from '../../nodes/AlibabaCloudChatApp/transport/http';

/** What one call meets; the second word says whether its users are counted before. */
export type Meeting =
	| 'ok'
	| 'throttled'
	| 'bad gateway'
	| 'bad gateway, counted'
	| 'reset'
	| 'reset, counted'
	| 'refused'
	| 'no JSON'
	| 'no JSON, counted'
	| 'no permission'
	| 'redirected';

export const MEETINGS: Meeting[] = [
	'ok',
	'throttled',
	'bad gateway',
	'bad gateway, counted',
	'reset',
	'reset, counted',
	'refused',
	'no JSON',
	'no JSON, counted',
	'no permission',
	'redirected',
];

export interface ModelCall {
	users: User[];
	last: boolean;
	total: string | null;
	nonce: string;
	/** Its users were counted. */
	counted: boolean;
	/** The node was told so. */
	acknowledged: boolean;
	tooLarge: boolean;
}

/** A server as small as can be: what comes in is kept, what goes out is written down beforehand. */
export function modelServer(meetings: Meeting[], mostUsers: number) {
	const calls: ModelCall[] = [];
	const sendHttp: SendHttp = async ({ url, body, headers }) => {
		const { searchParams } = new URL(url);
		const users = JSON.parse(
			searchParams.get('Users') ?? new URLSearchParams(body?.toString()).get('Users') ?? '[]',
		) as User[];
		const meeting = meetings[calls.length] ?? 'ok';
		const tooLarge = users.length > mostUsers;
		calls.push({
			users,
			last: searchParams.get('BatchLastFlag') === 'true',
			total: searchParams.get('EstimatedNumTotal'),
			nonce: headers['x-acs-signature-nonce'] ?? '',
			counted: !tooLarge && (meeting === 'ok' || meeting.endsWith('counted')),
			acknowledged: !tooLarge && meeting === 'ok',
			tooLarge,
		});
		return tooLarge ? { status: 413, headers: {}, text: '' } : answer(meeting, calls.length);
	};
	return { calls, sendHttp };
}

function answer(meeting: Meeting, call: number): HttpResponse {
	const json = (status: number, fields: object): HttpResponse => ({
		status,
		headers: {},
		text: JSON.stringify({ RequestId: `request-${call}`, ...fields }),
	});
	switch (meeting) {
		case 'ok':
			return json(200, { Code: 'OK', Message: 'OK', Success: true });
		case 'throttled':
			return json(400, { Code: 'Throttling.User', Message: 'Slow down.' });
		case 'bad gateway':
		case 'bad gateway, counted':
			return { status: 502, headers: {}, text: '<html></html>' };
		case 'reset':
		case 'reset, counted':
			throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
		case 'refused':
			return json(200, { Code: 'Audience.NotReady', Message: 'Not ready.', Success: false });
		case 'no JSON':
		case 'no JSON, counted':
			return { status: 200, headers: {}, text: '' };
		case 'no permission':
			return json(403, { Code: 'NoPermission', Message: 'Not authorized.' });
		case 'redirected':
			return { status: 307, headers: { location: 'https://example.com/' }, text: '' };
	}
}
