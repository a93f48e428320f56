import { resolveCountry } from '../../nodes/AlibabaCloudChatApp/contacts/country';

it.each([
	['DE', 'DE'],
	['de', 'DE'],
	['DEU', 'DE'],
	['Germany', 'DE'],
	[' germany ', 'DE'],
	['UK', 'GB'],
	['U.K.', 'GB'],
	['Great Britain', 'GB'],
	['England', 'GB'],
	['USA', 'US'],
	['U.S.A.', 'US'],
	['United States', 'US'],
	['United States of America', 'US'],
	['UAE', 'AE'],
	['South Korea', 'KR'],
	['Republic of Korea', 'KR'],
	['Viet Nam', 'VN'],
	['Vietnam', 'VN'],
	['Czech Republic', 'CZ'],
	['Czechia', 'CZ'],
	['The Netherlands', 'NL'],
	['Holland', 'NL'],
	['Côte d’Ivoire', 'CI'],
	['Ivory Coast', 'CI'],
	['Türkiye', 'TR'],
	['Turkey', 'TR'],
	['Hong Kong', 'HK'],
	['Macau', 'MO'],
	['Bosnia & Herzegovina', 'BA'],
	['Kosovo', 'XK'],
	['Russia', 'RU'],
])('%s is %s', (text, code) => {
	expect(resolveCountry(text)).toBe(code);
});

it.each(['Congo', 'Korea', 'Atlantis', 'ZZ', 'constructor', '__proto__', '49', '?'])(
	'%s names no single country',
	(text) => expect(resolveCountry(text)).toBeUndefined(),
);
