import { REASONS } from '../../nodes/AlibabaCloudChatApp/contacts/reasons';

it.each(Object.entries(REASONS))(
	'%s says what is wrong and how to fix it, calmly',
	(_, sentence) => {
		expect(sentence).toMatch(/^[A-Z].+\. [A-Z].+\.$/);
		expect(sentence).not.toMatch(/error|problem|failure|mistake/i);
	},
);
