import { connectApi } from '../../nodes/AlibabaCloudChatApp/transport/api';
import { shownMessage } from '../../nodes/AlibabaCloudChatApp/transport/apiError';
import { stillClock } from '../engine/stillClock';

const EMAIL = 'ada.lovelace@example.com';
const PHONE = '15550100101';

/** What is told of a call that was refused with these words. */
async function told(body: object) {
	const result = await connectApi({
		key: { accessKeyId: 'id', accessKeySecret: 'the-secret-of-it' },
		origin: 'https://127.0.0.1',
		sendHttp: async () => ({ status: 400, headers: {}, text: JSON.stringify(body) }),
		clock: stillClock(),
		timeout: 1000,
	})({
		action: 'AddCustomAudienceUser',
		version: '2020-06-06',
		query: {},
		form: { Users: JSON.stringify([{ Email: EMAIL, Phone: PHONE }]) },
		personal: () => [EMAIL, PHONE],
	});
	if (result.accepted) throw new Error('It was accepted');
	return result.error;
}

test.each([
	['its name alone', 'Lovelace is not acceptable'],
	['an encoding of it', `Bad value ${Buffer.from(EMAIL).toString('base64')}`],
	['its number in groups of letters', 'Bad value 155x501x001x01'],
])('a message that repeats a contact of the call by %s is not shown', async (_, Message) => {
	expect((await told({ Code: 'Invalid', Message })).what).toContain('so it is not shown');
});

test.each(['Invalid.ada.lovelace', `Invalid.${PHONE}`])(
	'a code that repeats a contact of the call is not shown: %s',
	async (Code) => {
		expect((await told({ Code, Message: 'No' })).code).toBe('[hidden]');
	},
);

test('a secret that is too short to be looked for in every spelling is hidden all the same', () => {
	expect(shownMessage('Signed with k3y5.', { secrets: ['k3y5'] })).toBe('Signed with [hidden].');
});
