import type { HttpAnswer } from '../../nodes/AlibabaCloudChatApp/transport/http';
import { roleKeySource } from '../../nodes/AlibabaCloudChatApp/transport/role';
import { stillClock } from '../engine/stillClock';

const Credentials = {
	AccessKeyId: 'STS.Assumed',
	AccessKeySecret: 'assumed-secret',
	SecurityToken: 'assumed-token',
	Expiration: '2099-01-01T00:00:00Z',
};

test('a canceled execution waits for a role no longer, and ends the wait of no other', async () => {
	let answer: (given: HttpAnswer) => void = () => {};
	const sendHttp = jest.fn(async () => await new Promise<HttpAnswer>((done) => (answer = done)));
	const source = (cancelSignal?: AbortSignal) =>
		roleKeySource(
			{
				key: { accessKeyId: 'id', accessKeySecret: 'secret' },
				origin: 'https://127.0.0.1',
				sendHttp,
				clock: stillClock(),
				cancelSignal,
				timeout: 60_000,
			},
			{ arn: 'acs:ram::1:role/uploader', sessionName: 'n8n', externalId: '' },
		);
	const controller = new AbortController();
	const canceled = source(controller.signal).current();
	const other = source().current();
	while (sendHttp.mock.calls.length === 0) await new Promise(setImmediate);
	controller.abort(new Error('stopped'));
	const ended = canceled.then(
		() => 'a key',
		({ message }: Error) => message,
	);
	await expect(Promise.race([ended, new Promise(setImmediate)])).resolves.toBe('stopped');
	answer({ status: 200, headers: {}, text: JSON.stringify({ Credentials }) });
	await expect(other).resolves.toMatchObject({ securityToken: 'assumed-token' });
	expect(sendHttp).toHaveBeenCalledTimes(1);
});
