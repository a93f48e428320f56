import {
	codeOf,
	shownCode,
	shownRequestId,
	withoutFullStop,
} from '../../nodes/AlibabaCloudChatApp/transport/apiError';

const HASH = 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79';
const TOKEN = 'CAISimulatorToken0123456789';
const SENT = {
	secrets: ['a+secret/with=signs', TOKEN, ''],
	personal: () => ['ada.lovelace@example.com', 'ada@example.com', '15550100101', HASH],
};

const UUID = '5F0F8C35-6F0E-4A39-9D0A-0D4A3B1F0001';

test.each([
	[UUID, UUID],
	['request-1', 'request-1'],
	['ada@example.com', '[hidden]'],
	['ada', '[hidden]'],
	['ada-2026', '[hidden]'],
	['15550100101', '[hidden]'],
	['99900000-0000-0000-0000-015550100101', '[hidden]'],
	['61646140-6578-616d-706c-652e636f6d21', '[hidden]'],
	[HASH, '[hidden]'],
	[TOKEN, '[hidden]'],
	['The call was refused', '[hidden]'],
	['x'.repeat(65), '[hidden]'],
	['', ''],
	[['ada@example.com'], ''],
	[undefined, ''],
])('shows only what looks like a request ID: %s', (value, shown) => {
	expect(shownRequestId(value, SENT)).toBe(shown);
});

const printable = (first: string) => `${first}646140-6578-616d-706c-652e636f6d21`;

test.each([
	['a number over a hyphen', '0a155501-0010-1bcd-8000-00000000000f', '[hidden]'],
	['another number', '99900000-0000-0000-0000-015550100102', 'as it is'],
	['the number of somebody else', 'user-49171555888999', '[hidden]'],
	['letters alone', printable('7e'), '[hidden]'],
	['letters and a space', printable('20'), '[hidden]'],
	['a sign below the letters', printable('1f'), 'as it is'],
	['a sign behind the letters', printable('7f'), 'as it is'],
	['a sign of more than seven bits', printable('80'), 'as it is'],
])('a request ID that holds %s is shown %s', (_name, id, shown) => {
	expect(shownRequestId(id, SENT)).toBe(shown === 'as it is' ? id : shown);
});

test.each([
	['12345678', '[hidden]'],
	['1234567', 'as it is'],
])('a number of %s in a request ID is %s', (number, shown) => {
	const id = 'abcdefab-cdef-abcd-efab-0012345678ab';
	const sent = { secrets: [], personal: () => [number] };
	expect(shownRequestId(id, sent)).toBe(shown === 'as it is' ? id : shown);
});

test('nobody is looked up in a request ID that can hold no number', () => {
	const personal = () => {
		throw new Error('looked up');
	};
	expect(shownRequestId(UUID.replace('0001', 'AAAA'), { secrets: [], personal })).toContain('AAAA');
});

test('only the full stop at the end of a message is taken away', () => {
	expect(withoutFullStop('The value 1.5 of a.b is unknown.')).toBe(
		'The value 1.5 of a.b is unknown',
	);
	expect(withoutFullStop('Is it?')).toBe('Is it?');
});

test('a secret that looks like a request ID is not shown as one', () => {
	expect(shownRequestId(UUID, { secrets: [UUID] })).toBe('[hidden]');
	const digits = '12345678-1234-4234-9234-123456789012';
	expect(shownRequestId(digits, { secrets: [] })).toBe(digits);
	expect(shownRequestId(digits, { secrets: [digits] })).toBe('[hidden]');
});

test('shows only what looks like a code and repeats nothing that was sent', () => {
	expect(shownCode('Throttling.User', SENT)).toBe('Throttling.User');
	expect(shownCode('User.ada', SENT)).toBe('[hidden]');
	expect(shownCode('User.15550100101', SENT)).toBe('[hidden]');
	expect(shownCode('User.49171555888999', SENT)).toBe('[hidden]');
	expect(shownCode(TOKEN, SENT)).toBe('[hidden]');
	expect(shownCode('', SENT)).toBe('[hidden]');
	expect(codeOf('Throttling.User')).toBe('Throttling.User');
	expect(codeOf(15)).toBe('15');
	expect(codeOf('Unknown.ada@example.com')).toBe('');
	expect(codeOf('x'.repeat(101))).toBe('');
	expect(codeOf({ toString: () => 'X' })).toBe('');
});
