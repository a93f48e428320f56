import { connectApi } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { stillClock } from '../engine/stillClock';
import type { Fault } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';
import { connectionTo } from './connectionTo';
import { error, LIST_CALL } from './requests';

const simulator = useSimulator();

test('an accepted call gives what the answer holds, and the ID of the request', async () => {
	await expect(connectApi(connectionTo(simulator))(LIST_CALL)).resolves.toEqual({
		accepted: true,
		requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
		body: expect.objectContaining({ Code: 'OK', Success: true, Data: expect.any(Array) }),
	});
});

const ACCEPTED = { Code: 'OK', Success: true };

test.each([
	['all that it takes', 200, ACCEPTED, true],
	['another status', 202, ACCEPTED, false],
	['an error', 500, ACCEPTED, false],
	['no code', 200, { Success: true }, false],
	['another code', 200, { Code: 'Ok', Success: true }, false],
	['no success', 200, { Code: 'OK' }, false],
	['success that is a text', 200, { Code: 'OK', Success: 'true' }, false],
	['no object', 200, [ACCEPTED], false],
])('a call is accepted by %s: %i %j', async (_name, status, body, accepted) => {
	const sendHttp = async () => ({ status, headers: {}, text: JSON.stringify(body) });
	const result = await connectApi(connectionTo(simulator, { sendHttp }))(LIST_CALL);
	expect(result).toMatchObject(accepted ? { accepted } : { accepted, error: {} });
});

test('a caller may know an acceptance by something else, but not by another status', async () => {
	const ask = async (status: number) => {
		const sendHttp = async () => ({ status, headers: {}, text: '{"Credentials":{}}' });
		const callApi = connectApi(
			connectionTo(simulator, { sendHttp }),
			(body) => 'Credentials' in body,
		);
		return (await callApi(LIST_CALL)).accepted;
	};
	expect([await ask(200), await ask(201)]).toEqual([true, false]);
});

test.each<[string, Fault, object]>([
	[
		'a error',
		error(400, 'NoPermission'),
		{ kind: 'permission', fix: `'cams:${LIST_CALL.action}'` },
	],
	['a page', { kind: 'html', status: 502 }, { kind: 'temporary', code: 'Http502' }],
	['a broken connection', { kind: 'reset' }, { kind: 'temporary', code: 'ECONNRESET' }],
	['an answer without end', { kind: 'hostile', how: 'endless' }, { code: 'AnswerTooLong' }],
])(
	'%s is a result, not an exception',
	async (_name, fault, { fix, ...error }: { fix?: string }) => {
		simulator.misbehave(1, fault, LIST_CALL.action);
		await expect(connectApi(connectionTo(simulator))(LIST_CALL)).resolves.toMatchObject({
			accepted: false,
			error: { ...error, fix: expect.stringContaining(fix ?? '') },
		});
	},
);

test('a call that took too long says how long, and what its kind of call can do', async () => {
	const time = new AbortController();
	const sendHttp = async () => {
		time.abort();
		return await new Promise<never>(() => {});
	};
	const clock = { ...stillClock(), timer: () => time.signal };
	const connection = connectionTo(simulator, { sendHttp, clock, timeout: 2500 });
	await expect(connectApi(connection)(LIST_CALL)).resolves.toMatchObject({
		accepted: false,
		error: {
			what: 'No complete answer came within 2.5 seconds',
			fix: expect.stringContaining("'Endpoint'"),
		},
	});
});

test('only a canceled run is an exception', async () => {
	const controller = new AbortController();
	const sendHttp = async () => {
		controller.abort(new Error('stopped'));
		throw new Error('aborted');
	};
	const { signal: cancelSignal } = controller;
	const callApi = connectApi(connectionTo(simulator, { sendHttp, cancelSignal }));
	await expect(callApi(LIST_CALL)).rejects.toThrow('stopped');
});
