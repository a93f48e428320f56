import { reachOf } from '../../nodes/AlibabaCloudChatApp/contacts/reach';

it.each([
	['4915112345678', undefined, { country: 'DE' }],
	['4915112345678', 'US', { country: 'DE' }],
	['14155550123', 'DE', 'messageable'],
	['79161234567', undefined, 'messageable'],
	['447700900123', undefined, { country: 'GB' }],
	['447797123456', undefined, { country: 'GB' }],
	['358181234567', undefined, { country: 'FI' }],
	['262692123456', undefined, { country: 'FR' }],
	['596696123456', undefined, { country: 'FR' }],
	['6281234567890', undefined, 'messageable'],
	['61412345678', undefined, { country: 'AU' }],
	['819012345678', undefined, { country: 'JP' }],
	['821012345678', undefined, { country: 'KR' }],
	[undefined, 'JE', { country: 'GB' }],
	[undefined, 'AX', { country: 'FI' }],
	[undefined, 'RE', { country: 'FR' }],
	[undefined, 'SG', 'messageable'],
	[undefined, undefined, 'unknown'],
	['', '', 'unknown'],
])('%s, %s: %j', (phone, country, reach) => {
	expect(reachOf(phone, country)).toEqual(reach);
});
