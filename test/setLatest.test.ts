import { setLatest } from '../nodes/AlibabaCloudChatApp/setLatest';

test('a key that is set again is the latest, and the oldest entries beyond the limit are removed', () => {
	const map = new Map([
		['a', 1],
		['b', 2],
		['c', 3],
	]);
	setLatest(map, [['a', 4]], 3);
	expect([...map.keys()]).toEqual(['b', 'c', 'a']);
	setLatest(map, Object.entries({ d: 5, e: 6 }), 3);
	expect([...map]).toEqual([
		['a', 4],
		['d', 5],
		['e', 6],
	]);
});
