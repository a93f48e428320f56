import { Progress } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/run';

/** What is logged and shown of reports, each after these milliseconds. */
function reported(afters: number[]): string[] {
	const logged: string[] = [];
	const shown: string[] = [];
	let now = 0;
	const context = {
		logger: { info: (message: string) => void logged.push(message) },
		sendMessageToUI: (message: string) => void shown.push(message),
	};
	const progress = new Progress({ context, clock: { now: () => now } });
	afters.forEach((after, index) => {
		now += after;
		progress.report(`${index + 1}`);
	});
	expect(shown).toEqual(logged);
	return logged;
}

test('the progress of a long run is reported at most once a second, in the log and the editor', () => {
	expect(reported([900, 100, 500, 499, 1])).toEqual(['2', '5']);
});

test('a short run reports nothing', () => {
	expect(reported([500, 499])).toEqual([]);
});
