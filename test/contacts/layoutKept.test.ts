import { layoutOf } from '../../nodes/AlibabaCloudChatApp/contacts/layout';
import { findContact } from '../../nodes/AlibabaCloudChatApp/contacts/mapping';
import { wordsOf } from '../../nodes/AlibabaCloudChatApp/contacts/words';

const objectOf = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, 1]));
const numbered = (count: number, name = 'jupiter') =>
	Array.from({ length: count }, (_, at) => `${name}${at}`);

describe('what was found out about a set of keys', () => {
	const isKept = (keys: string[]) => layoutOf(objectOf(keys)) === layoutOf(objectOf(keys));

	it('is kept for the objects that follow, in the same order of keys alone', () => {
		expect(isKept(['a', 'b'])).toBe(true);
		expect(layoutOf(objectOf(['b', 'a']))).not.toBe(layoutOf(objectOf(['a', 'b'])));
		expect(layoutOf(objectOf(['a']))).not.toBe(layoutOf(objectOf(['a', 'b'])));
	});

	it.each<[what: string, keys: string[], kept: boolean]>([
		['300 keys', numbered(300), true],
		['301 keys', numbered(301), false],
		['a key of 100 characters', ['a', 'k'.repeat(100)], true],
		['a key of 101 characters', ['a', 'k'.repeat(101)], false],
	])('is kept only where it takes little memory: %s', (_, keys, kept) => {
		expect(isKept(keys)).toBe(kept);
	});

	it('is kept for sixteen sets', () => {
		const first = layoutOf(objectOf(['first']));
		for (const key of numbered(15)) layoutOf(objectOf([key]));
		expect(layoutOf(objectOf(['first']))).toBe(first);
		layoutOf(objectOf(['one more']));
		expect(layoutOf(objectOf(['first']))).not.toBe(first);
	});

	it('is of its first 300 keys', () => {
		expect(findContact(objectOf([...numbered(299), 'email'])).email).toBe(1);
		expect(findContact(objectOf([...numbered(300), 'email'])).email).toBeUndefined();
	});
});

it('takes a name apart once, and none that is too long for one', () => {
	expect(wordsOf('workPhone2')).toEqual(['work', 'phone', '2']);
	expect(wordsOf('workPhone2')).toBe(wordsOf('workPhone2'));
	expect(wordsOf(`${'-'.repeat(95)}email`)).toEqual(['email']);
	expect(wordsOf(`${'-'.repeat(96)}email`)).toEqual([]);
	expect(wordsOf('phone'.repeat(8))).toHaveLength(8);
	expect(wordsOf('phone'.repeat(9))).toHaveLength(1);
});
