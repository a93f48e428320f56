import { connectApi } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { ApiError } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import type { KeySource } from '../../nodes/AlibabaCloudChatApp/transport/client';
import { DEFAULT_KEY } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';
import { error, LIST_CALL } from './requests';

const simulator = useSimulator();

/** A key that another one can be had for, and how often that was asked for. */
function changingKey(renew: KeySource['renewed'] = async () => DEFAULT_KEY) {
	const renewed = jest.fn(renew);
	return { renewed, key: { current: async () => DEFAULT_KEY, renewed } };
}

test.each([
	[400, 'InvalidSecurityToken.Expired', 2],
	[400, 'MissingSecurityToken', 2],
	[404, 'invalidaccesskeyid.NotFound', 2],
	[400, 'SignatureDoesNotMatch', 1],
	[401, 'Code.InvalidAccessKeyId', 1],
	[403, 'NoPermission', 1],
	[400, 'Throttling.SecurityToken', 1],
	[400, 'Throttling', 1],
])('after HTTP %i with %s a changing key is tried so often: %i', async (status, code, tries) => {
	simulator.misbehave(1, error(status, code), LIST_CALL.action);
	const { key, renewed } = changingKey();
	const result = await connectApi(connectionTo(simulator, { key }))(LIST_CALL);
	expect(simulator.requests).toHaveLength(tries);
	expect(result.accepted).toBe(tries === 2);
	expect(renewed.mock.calls).toEqual(tries === 2 ? [[DEFAULT_KEY]] : []);
});

test('a key that is accepted is not renewed', async () => {
	const { key, renewed } = changingKey();
	await connectApi(connectionTo(simulator, { key }))(LIST_CALL);
	expect(renewed).not.toHaveBeenCalled();
});

test('a second key that is refused is the end, and named as that of the role', async () => {
	simulator.misbehave([1, 2], error(400, 'InvalidSecurityToken.Expired'), LIST_CALL.action);
	const { key } = changingKey();
	await expect(connectApi(connectionTo(simulator, { key }))(LIST_CALL)).resolves.toMatchObject({
		error: { kind: 'key', fix: expect.stringContaining("'Role ARN'") },
	});
	expect(simulator.requests).toHaveLength(2);
});

test('a key of its own that is refused is not tried again', async () => {
	simulator.misbehave(1, error(400, 'InvalidSecurityToken.Expired'), LIST_CALL.action);
	await expect(connectApi(connectionTo(simulator))(LIST_CALL)).resolves.toMatchObject({
		error: { kind: 'key', fix: expect.stringContaining("'Security Token'") },
	});
	expect(simulator.requests).toHaveLength(1);
});

test('no key to be had is the error of the call that was to get it', async () => {
	simulator.misbehave(1, error(404, 'InvalidAccessKeyId.NotFound'), LIST_CALL.action);
	const rejected = new ApiError({
		kind: 'key',
		code: 'EntityNotExist.Role',
		what: 'The specified Role not exists',
		fix: 'Check it',
		requestId: 'request-1',
		answerLost: false,
	});
	const { key } = changingKey(async () => {
		throw rejected;
	});
	const result = await connectApi(connectionTo(simulator, { key }))(LIST_CALL);
	expect(result).toEqual({ accepted: false, error: rejected });
});
