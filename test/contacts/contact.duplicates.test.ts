import { createDuplicateFilter } from '../../nodes/AlibabaCloudChatApp/contacts/contact';

it('keeps a user that adds an identifier, and drops one that adds none', () => {
	const isDuplicate = createDuplicateFilter();
	expect(isDuplicate({ Email: 'a@example.com' })).toBe(false);
	expect(isDuplicate({ Email: 'a@example.com' })).toBe(true);
	expect(isDuplicate({ Email: 'a@example.com', Phone: '16505551212' })).toBe(false);
	expect(isDuplicate({ Email: 'a@example.com', Phone: '16505551212' })).toBe(true);
	expect(isDuplicate({ Phone: '16505551212' })).toBe(true);
	expect(isDuplicate({ Email: 'b@example.com', Phone: '16505551212' })).toBe(false);
});

it("doesn't confuse a phone with an email of the same text", () => {
	const isDuplicate = createDuplicateFilter();
	const hash = 'a'.repeat(64);
	expect(isDuplicate({ Email: hash })).toBe(false);
	expect(isDuplicate({ Phone: hash })).toBe(false);
});

it('shares nothing with the filter of another upload', () => {
	createDuplicateFilter()({ Email: 'a@example.com' });
	expect(createDuplicateFilter()({ Email: 'a@example.com' })).toBe(false);
});
