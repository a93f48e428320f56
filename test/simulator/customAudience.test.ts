import { ask, type AnswerBody } from './ask';
import { CHANNEL, IDS } from './signedClient';
import { KNOWN } from './simulator';
import { useSimulator } from './useSimulator';

const simulator = useSimulator();

describe('ListCustomAudience', () => {
	const list = (fields: Record<string, string> = {}): Promise<AnswerBody> =>
		ask(simulator, 'ListCustomAudience', { ...CHANNEL, Page: '{"Index":1,"Size":20}', ...fields });

	test('pages through the audiences of a page', async () => {
		const first = await list();
		expect(first.Total).toBe(45);
		expect(Object.keys(first.Data[0] ?? {}).sort()).toEqual(
			'AdAccountId CreateTime CustomAudienceId CustomAudienceName Description PageId Status TokenTotal TokenType UpdateTime UploadType'.split(
				' ',
			),
		);
		const third = await list({ Page: '{"Index":3,"Size":20}' });
		expect(third.Data).toHaveLength(5);
	});

	test.each([
		[{ AdAccountId: '300000000000002' }, 15],
		[{ CustomAudienceId: KNOWN.customAudienceId }, 1],
		[{ CustomAudienceName: 'Audience 4' }, 7],
		[{ TokenType: 'custom' }, 45],
		[{ TokenType: 'other' }, 0],
	])('filters by %o', async (fields, total) => {
		expect((await list(fields)).Total).toBe(total);
	});

	test.each([
		'{"Index":0,"Size":20}',
		'{"Index":1}',
		'{"Index":1,"Size":101}',
		'{"Index":1,"Size":1,"a":1}',
		'1',
		'x',
	])('refuses the page %s', async (Page) => {
		await expect(list({ Page })).resolves.toMatchObject({ Code: 'InvalidParameter' });
	});
});

describe('CreateCustomAudience', () => {
	const { CustomAudienceId: _, ...ids } = IDS;
	const create = (fields: Record<string, string> = {}): Promise<AnswerBody> =>
		ask(simulator, 'CreateCustomAudience', {
			...ids,
			Name: 'New one',
			UploadType: 'intf',
			...fields,
		});

	test('makes an audience that the list holds', async () => {
		const { CustomAudienceId } = await create({ Description: 'from a test' });
		const Page = '{"Index":1,"Size":1}';
		const { Data } = await ask(simulator, 'ListCustomAudience', {
			...CHANNEL,
			Page,
			CustomAudienceId,
		});
		expect(Data).toMatchObject([
			{
				CustomAudienceName: 'New one',
				Description: 'from a test',
				UploadType: 'intf',
				TokenTotal: 0,
			},
		]);
	});

	test('takes intf, or excel with a file', async () => {
		expect(await create({ UploadType: 'csv' })).toMatchObject({ Code: 'InvalidParameter' });
		expect(await create({ UploadType: 'excel' })).toMatchObject({ Code: 'MissingFilePath' });
		expect(await create({ UploadType: 'excel', FilePath: 'a.xlsx' })).toMatchObject({ Code: 'OK' });
	});
});
