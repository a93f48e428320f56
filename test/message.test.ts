import { messageIn, messageText } from '../nodes/AlibabaCloudChatApp/message';
import { UnusableValue } from '../credentials/credential';

test("only this node's own errors contain a message", () => {
	const error = new UnusableValue("'Limit' is too high", 'Lower it');
	const message = { code: 'parameter', what: "'Limit' is too high", fix: 'Lower it' };
	expect(messageIn(error)).toEqual(message);
	expect(messageText(message)).toBe(error.message);
	expect(messageText({ ...message, fix: '' })).toBe("'Limit' is too high");
	for (const other of [new Error('x'), { code: 'x', what: 'x' }, 'text', null, undefined]) {
		expect(messageIn(other)).toBeUndefined();
	}
});
