import { send, signed, type Wish } from './signedClient';
import type { Simulator } from './simulator';

/** The fields of all the answers that the tests look into. */
export interface AnswerBody {
	RequestId: string;
	HostId: string;
	Code: string;
	Message: string;
	Success: boolean;
	Recommend: string;
	AccessDeniedDetail: Record<string, string>;
	Data: Record<string, unknown>[];
	Total: number;
	TotalCount: number;
	NextPage?: string;
	CustomAudienceId: string;
	TaskCode: string;
	Credentials: Record<'AccessKeyId' | 'AccessKeySecret' | 'SecurityToken' | 'Expiration', string>;
	AssumedRoleUser: { Arn: string };
}

/** Signs, sends, and reads the answer as JSON. */
export async function call(
	simulator: Simulator,
	wish: Wish = {},
): Promise<{ status: number; body: AnswerBody }> {
	const { status, text } = await send(simulator, signed(wish));
	return { status, body: JSON.parse(text) as AnswerBody };
}

/** Calls an action with parameters in the query. */
export async function ask(
	simulator: Simulator,
	action: string,
	query: Record<string, string>,
): Promise<AnswerBody> {
	return (await call(simulator, { action, query })).body;
}
