import openApiUtil from '@alicloud/openapi-util';
import * as fc from 'fast-check';
import { systemClock } from '../../nodes/AlibabaCloudChatApp/async';
import { openClient } from '../../nodes/AlibabaCloudChatApp/transport/client';
import { formBody } from '../../nodes/AlibabaCloudChatApp/transport/http';

test("sends a form in the same bytes as the SDK's own", async () => {
	const bodies: Array<string | undefined> = [];
	const key = { accessKeyId: 'id', accessKeySecret: 'secret' };
	const send = await openClient({
		key,
		origin: 'https://cams.ap-southeast-1.aliyuncs.com',
		sendHttp: async ({ body }) => {
			bodies.push(body?.toString());
			return { status: 200, headers: {}, text: '{}' };
		},
		clock: systemClock,
		timeout: 1000,
	});
	const call = { action: 'AddCustomAudienceUser', version: '2020-06-06', query: {} };
	const name = fc.stringMatching(/^[A-Z][A-Za-z]{0,20}$/);
	const value = fc.string({ unit: 'grapheme' });
	await fc.assert(
		fc.asyncProperty(
			fc.dictionary(name, value, { minKeys: 1, noNullPrototype: true }),
			async (form) => {
				await send({ ...call, form }, key);
				expect(bodies.at(-1)).toBe(openApiUtil.toForm(form as never));
			},
		),
	);
});

it.each([
	['100,000 characters', 'ab c&'.repeat(20_000)],
	['characters of two halves, none of which is parted', `a${'😀'.repeat(40_000)}`],
	['no character', ''],
])('sends a text of %s as it is', (_kind, text) => {
	expect(formBody({ Users: text, 'A B': text }).toString()).toBe(
		`Users=${encodeURIComponent(text)}&A%20B=${encodeURIComponent(text)}`,
	);
});
