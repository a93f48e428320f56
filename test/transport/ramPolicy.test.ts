import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS, wordsFor } from '../../nodes/AlibabaCloudChatApp/transport/advice';

const FOLDER = join(__dirname, '..', '..', 'nodes', 'AlibabaCloudChatApp');

it('a missing permission brings the whole policy along, as JSON to paste', () => {
	const refused = { ofRole: false, status: 403, code: 'NoPermission', said: '' };
	const { what, fix } = wordsFor({ ...refused, action: 'ListInstance' });
	expect(what).toBe("The key lacks the RAM permission 'cams:ListInstance'");
	expect(fix).toContain("'cams:ListInstance'");
	expect(JSON.parse(fix.slice(fix.indexOf('{')))).toEqual({
		Version: '1',
		Statement: [
			{
				Effect: 'Allow',
				Action: ACTIONS.map((action) => `cams:${action}`),
				Resource: '*',
			},
		],
	});
	expect(wordsFor({ ...refused, action: 'AssumeRole' }).fix).not.toContain('{');
});

it('the whole policy allows each call that the node makes, and no other', () => {
	const files = ['transport/api.ts', 'actions/customAudience/sending/batchSender.ts'];
	const sources = files.map((file) => readFileSync(join(FOLDER, file), 'utf8')).join('');
	const called = sources.match(/(?<=')(?:Add|Create|List|Sync)[A-Z]\w+(?=')/g) ?? [];
	expect([...new Set(called)].sort()).toEqual(ACTIONS);
});
