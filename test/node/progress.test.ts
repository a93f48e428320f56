import type { IExecuteFunctions } from 'n8n-workflow';
import { Progress } from '../../nodes/AlibabaCloudChatApp/actions/customAudience/sending/send';
import { stillClock } from '../engine/stillClock';

/** What is logged and shown of reports, each so many milliseconds after the one before. */
function reported(afters: number[]): string[] {
	const logged: string[] = [];
	const shown: string[] = [];
	let now = 0;
	const context = {
		logger: { info: (message: string) => logged.push(message) },
		sendMessageToUI: (message: string) => shown.push(message),
	} as unknown as IExecuteFunctions;
	const progress = new Progress({ context, clock: { ...stillClock(), now: () => now } });
	afters.forEach((after, index) => {
		now += after;
		progress.report(`${index + 1}`);
	});
	expect(shown).toEqual(logged);
	return logged;
}

test('reports the progress of a long run at most once a second, in the log and in the editor', () => {
	expect(reported([900, 100, 500, 499, 1])).toEqual(['2', '5']);
});

test('reports nothing of a short run', () => {
	expect(reported([500, 499])).toEqual([]);
});
