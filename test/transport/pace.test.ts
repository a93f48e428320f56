import { Pace } from '../../nodes/AlibabaCloudChatApp/transport/pace';

test('a call is expected to take a second until one was measured', () => {
	expect(new Pace('none yet').current).toBe(1000);
});

test('a pace is that of the calls before, a fifth of it the newest', () => {
	const pace = new Pace('some');
	pace.note(500);
	expect(pace.current).toBe(500);
	pace.note(1000);
	expect(pace.current).toBe(600);
	pace.note(100);
	expect(pace.current).toBe(500);
});

test('a pace is known to all that call the same, and to nobody else', () => {
	new Pace('https://a.example uploads').note(200);
	expect(new Pace('https://a.example uploads').current).toBe(200);
	expect(new Pace('https://b.example uploads').current).toBe(1000);
});
