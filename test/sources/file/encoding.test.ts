import { decoder } from '../../../nodes/AlibabaCloudChatApp/sources/file/encoding';

it('every byte of Windows-1252 is its sign, as the standard has it', () => {
	const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
	const decode = decoder('windows-1252', bytes);
	const text = decode(bytes) + decode();
	expect(text.slice(0x80, 0xa0)).toBe(
		'\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178',
	);
	const rest = [...text].filter((_, at) => at < 0x80 || at >= 0xa0);
	expect(rest.every((sign, at) => sign.charCodeAt(0) === (at < 0x80 ? at : at + 0x20))).toBe(true);
	expect(text).toHaveLength(256);
});

it.each<[string, string, number[], 'utf-8' | 'windows-1252']>([
	['two good signs, one broken', 'üü', [0xe4], 'windows-1252'],
	['three good signs, one broken', 'üüü', [0xe4], 'utf-8'],
	['six good signs, three broken', 'üüüüüü', [0xe4, 0x41, 0xe4, 0x41, 0xe4], 'windows-1252'],
	['seven good signs, three broken', 'üüüüüüü', [0xe4, 0x41, 0xe4, 0x41, 0xe4], 'utf-8'],
	['good signs alone', 'ü', [], 'utf-8'],
])(
	'one broken sign among many does not make UTF-8 another encoding: %s',
	(_, good, broken, encoding) => {
		const bytes = Buffer.concat([Buffer.from(good), Buffer.from(broken), Buffer.from('x')]);
		const guessed = decoder('auto', bytes);
		const told = decoder(encoding, bytes);
		expect(guessed(bytes) + guessed()).toBe(told(bytes) + told());
	},
);
