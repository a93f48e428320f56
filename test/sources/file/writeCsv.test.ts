import { csvOf } from '../../../nodes/AlibabaCloudChatApp/sources/file/writeCsv';
import { rowsIn } from './files';

it('rows are written as a spreadsheet reads them, each with the end of its line', () => {
	expect(
		csvOf(
			[
				['a', 'b;c'],
				['"', 'x\ny'],
				[1, ''],
			],
			';',
		),
	).toBe('a;"b;c"\r\n"""";"x\ny"\r\n1;\r\n');
	expect(csvOf([], ',')).toBe('');
});

it('what is written is read again, and may be joined', async () => {
	const rows = [
		['a', 'b,c'],
		['"', 'x\r\ny'],
	];
	const text = rows.map((row) => csvOf([row], ',')).join('');
	expect((await rowsIn(text, { headerRow: false })).rows).toEqual(rows);
});
