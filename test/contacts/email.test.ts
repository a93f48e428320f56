import { cleanContact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import type { ReasonCode } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';

const clean = (email: unknown) => cleanContact({ email }, { hash: 'none' });
const ofOctets = (octets: number) =>
	`${'a'.repeat(64)}@${'b'.repeat(60)}.${'b'.repeat(60)}.${'b'.repeat(octets - 199)}.example.com`;
const longDomain = `${'b'.repeat(60)}.${'b'.repeat(60)}.${'b'.repeat(60)}.example.com`;

it.each<[unknown, string]>([
	['"Smith, Mary" <Mary@Example.com>', 'mary@example.com'],
	['<mary@example.com>', 'mary@example.com'],
	['mary@example.com <mary@example.com>', 'mary@example.com'],
	['mary@example.com,', 'mary@example.com'],
	['mary@example.com.', 'mary@example.com'],
	['Mary mary@example.com', 'mary@example.com'],
	['Mary Ann Smith-Öz mary@example.com.', 'mary@example.com'],
	['mary@example.com;', 'mary@example.com'],
	['"mary@example.com"', 'mary@example.com'],
	["'mary@example.com'", 'mary@example.com'],
	['MAILTO:Mary%2Bcrm@example.com?subject=Hello', 'mary+crm@example.com'],
	['mary\u200b@example.com', 'mary@example.com'],
	['mary@example.com\u00a0', 'mary@example.com'],
	['\ufeffmary@example.com', 'mary@example.com'],
	['jose\u0301@example.com', 'jos\u00e9@example.com'],
	['mary@EX\u00c4MPLE.org', 'mary@ex\u00e4mple.org'],
	['ｍａｒｙ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'mary@example.com'],
	['"mary smith"@example.com', '"mary smith"@example.com'],
	['mary@xn--exmple-cua.org', 'mary@xn--exmple-cua.org'],
	["o'brien@example.com", "o'brien@example.com"],
	['mary@example.us', 'mary@example.us'],
	['mary@example.net', 'mary@example.net'],
	['Mary < mailto:mary@example.com >', 'mary@example.com'],
	['MAILTO:mary@EXAMPLE.com', 'mary@example.com'],
	['mailto:mary%@example.com', 'mary%@example.com'],
	[',; mary@example.com ;,', 'mary@example.com'],
	['" mary@example.com "', 'mary@example.com'],
	['mary@example.com...', 'mary@example.com'],
	[`${'M'.repeat(981)} <mary@example.com>`, 'mary@example.com'],
	[ofOctets(254), ofOctets(254)],
	['“ann@example.com”', 'ann@example.com'],
	['‘bob@example.com’', 'bob@example.com'],
	['cy@example.com’', 'cy@example.com'],
	['„dan@example.com“', 'dan@example.com'],
	['«eve@example.com»', 'eve@example.com'],
	["'fay@example.com", 'fay@example.com'],
	['"“gus@example.com”"', 'gus@example.com'],
	["“'mary@example.com'”,", 'mary@example.com'],
	['Mary <“mary@example.com”>', 'mary@example.com'],
	['Mary <mary@example.com> ', 'mary@example.com'],
	['mailto:mailto:ann@example.com', 'ann@example.com'],
	['mailto: mailto:ann@example.com?subject=a', 'ann@example.com'],
	['“mailto:ann@example.com”', 'ann@example.com'],
	['İlker@example.com', 'ilker@example.com'],
	['ALİ@EXAMPLE.COM', 'ali@example.com'],
	['I\u0307lker@example.com', 'ilker@example.com'],
	[
		'F1904CF1A9D73A55FA5DE0AC823C4403DED71AFD4C3248D00BDCD0866552BB79',
		'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79',
	],
	[['mary@example.com'], 'mary@example.com'],
	[[{ value: 'a@example.com' }, { value: 'b@example.com', primary: true }], 'b@example.com'],
	[{ value: 'mary@example.com' }, 'mary@example.com'],
	['a@example.com; a@example.com', 'a@example.com'],
	['A@example.com, mailto:a@example.com', 'a@example.com'],
	['Mary <a@example.com>, Mary <a@example.com>', 'a@example.com'],
])('%s is sent as %s', (email, sent) => {
	expect(clean(email)).toEqual({ user: { Email: sent } });
});

it.each<[unknown, ReasonCode]>([
	['mary@example.com john@example.com', 'email_ambiguous'],
	['mary@example.com; john@example.com', 'email_ambiguous'],
	['john@example.com <mary@example.com>', 'email_ambiguous'],
	['a@example.com; a@example.com; b@example.com', 'email_ambiguous'],
	['a@example.com; a@example.com; b@example', 'email_ambiguous'],
	['mary mary@example.com', 'email_invalid'],
	['4915112345678@c.us', 'email_invalid'],
	['4915112345678@s.whatsapp.net', 'email_invalid'],
	['noreply@example.com', 'email_invalid'],
	['no-reply+7@example.com', 'email_invalid'],
	['mary\ud83d@example.com', 'email_invalid'],
	['mary@example', 'email_invalid'],
	['first.o’last@example.com', 'email_invalid'],
	['<test lead: dummy data for email>', 'email_invalid'],
	['n/a@', 'email_invalid'],
	['x"mary@example.com"', 'email_invalid'],
	['mary@example.com x', 'email_invalid'],
	[`${'M'.repeat(982)} <mary@example.com>`, 'email_invalid'],
	[ofOctets(255), 'email_invalid'],
	['mary@[127.0.0.1]', 'email_invalid'],
	['mary@127.0.0.1', 'email_invalid'],
	['mary..x@example.com', 'email_invalid'],
	['.mary@example.com', 'email_invalid'],
	['mary@-example.com', 'email_invalid'],
	['mary@example..com', 'email_invalid'],
	['mary@@example.com', 'email_invalid'],
	['mary @example.com', 'email_invalid'],
	['mary@exa_mple.com', 'email_invalid'],
	['mary@example.123', 'email_invalid'],
	['@', 'email_invalid'],
	[`${'a'.repeat(65)}@example.com`, 'email_invalid'],
	[`${'a'.repeat(64)}@${longDomain}`, 'email_invalid'],
	[`${'é'.repeat(32)}@${'é'.repeat(60)}.${'é'.repeat(60)}.com`, 'email_invalid'],
	['5D41402ABC4B2A76B9719D911017C592', 'hash_md5'],
	[123, 'email_invalid'],
	[true, 'email_invalid'],
	[{ a: 1 }, 'email_invalid'],
])('%s returns %s', (email, reason) => {
	expect(clean(email)).toEqual({ reason });
});

it.each(
	[
		...['noreply', 'no-reply', 'NoReply', 'donotreply', 'do-not-reply', 'donot-reply'],
		...['noreply+7', 'no-reply.shop', 'do-not-reply_eu', 'noreply-1'],
	].map((local) => [`${local}@example.com`]),
)('no one reads what is sent to %s', (email) => {
	expect(clean(email)).toEqual({ reason: 'email_invalid' });
});

it.each([
	...['test@meta.com', 'TEST@fb.com', 'test@facebook.com', 'Lead <test@meta.com>'],
	...['test@test.com', 'none@none.com', 'na@na.org', 'noemail@example.com', 'no-email@shop.com'],
	...['nobody@example.com', 'mailer-daemon@example.com', 'mary@shop.invalid', 'mary@shop.test'],
])("%s is no one's address", (email) => {
	expect(clean(email)).toEqual({ reason: 'email_invalid' });
});

it.each(['c.us', 'g.us', 's.whatsapp.net', 'newsletter.whatsapp.net', 'broadcast.whatsapp.net'])(
	"a WhatsApp ID isn't an address: @%s",
	(domain) => {
		expect(clean(`15550100101@${domain}`)).toEqual({ reason: 'email_invalid' });
		expect(clean(`Mary <15550100101-7@${domain}>`)).toEqual({ reason: 'email_invalid' });
	},
);

it.each([
	...['noreplyhouse@example.com', 'mary.noreply@example.com', 'reply@example.com'],
	...[
		'test@example.com',
		'test@metacorp.com',
		'tester@meta.com',
		'mary@mary.com',
		'mary@latest.com',
	],
	...['mary@music.us', 'mary@a.c.us', 'mary@whatsapp.net', 'mary@cus.net'],
])('%s is sent, though it looks like one of those', (email) => {
	expect(clean(email)).toEqual({ user: { Email: email } });
});

it('returns quickly for texts that are far too long to be an address', () => {
	expect(clean(`a${' ,'.repeat(200_000)}@example.com`)).toEqual({ reason: 'email_invalid' });
});
