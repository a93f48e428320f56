import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { withHash } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { ALL_IDS, byId } from '../engine/knownIds';
import { runNode, type NodeRun } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';
import { Lasting } from '../store/lasting';

const simulator = useSimulator();
let lasting: Lasting;
beforeEach(() => {
	lasting = new Lasting();
});

const EMAIL = 'ann@example.com';
const PHONE = '+14155550101';
const HASH = withHash(EMAIL, 'sha256');
const SECOND = 'ann@work.example';
/** Nothing of Ann may reach the service or stay in the table. */
const ANNS = [EMAIL, '14155550101', SECOND, '491511234567'];
const others = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, n) => ({ email: `p${n}@example.com` }));
const otherFields = (count: number): IDataObject =>
	Object.fromEntries(Array.from({ length: count }, (_, n) => [`field_${n}`, 'x']));
const bob = { email: 'bob@example.com' };
const NO = { unsubscribed: true };

interface Run {
	operation?: 'forgetUsers' | 'sendCollected';
	items?: IDataObject[];
	files?: NodeRun['files'];
	set?: INodeParameters;
	onError?: NodeRun['onError'];
}
const send = (items: IDataObject[], set: INodeParameters = {}): Run => ({
	items,
	set: { underMinimum: 'warn', ...set },
});
const collect = (items: IDataObject[], set: INodeParameters = {}): Run => ({ items, set });
const file = (content: string, set: INodeParameters = {}, name = 'list.csv'): Run => ({
	files: [{ name, content }],
	set: { underMinimum: 'warn', ...set },
});
const force: Run = { operation: 'sendCollected', set: { force: true } };
const forget = (item: IDataObject): Run => ({ operation: 'forgetUsers', items: [item] });

async function run({ operation, set, ...input }: Run) {
	return await runNode({
		simulator,
		operation: operation && `customAudience:${operation}`,
		set: { ...(operation !== 'forgetUsers' && ALL_IDS), ...set },
		onError: 'continue',
		...input,
		...lasting.run,
	});
}

const isOfAnn = (value: unknown) =>
	ANNS.some((each) => value === each || value === withHash(each, 'sha256'));

function sentOfAnn(): unknown[] {
	const users = simulator.attempts.flatMap((attempt) => (attempt.users ?? []) as object[]);
	return users.filter((user) => Object.values(user).some(isOfAnn));
}

function storedOfAnn(): unknown[] {
	const rows = lasting.tables.tables.flatMap((table) => table.rows);
	const contacts = rows.filter(({ status }) => status !== 'forgotten');
	return contacts.filter(({ email, phone }) => isOfAnn(email) || isOfAnn(phone));
}

const COUNTS = ['submitted', 'collected', 'duplicates', 'invalid', 'failed', 'held'] as const;

function expectSum(output: IDataObject[]): void {
	for (const summary of output.filter(({ received }) => received !== undefined)) {
		const sum = COUNTS.reduce((total, name) => total + Number(summary[name]), 0);
		expect(sum).toBe(summary.received);
		const reasons = Object.values(summary.invalidReasons as Record<string, number>);
		expect(reasons.reduce((a, b) => a + b, 0)).toBe(summary.invalid);
	}
}

/** Three rows that are one person: who shares an email or a phone with a row that says no. */
const ONE_PERSON: IDataObject[] = [
	{ email: EMAIL, phone: PHONE },
	{ phone: PHONE },
	{ email: EMAIL, ...NO },
];
const ORDERS = [
	[0, 1, 2],
	[0, 2, 1],
	[1, 0, 2],
	[1, 2, 0],
	[2, 0, 1],
	[2, 1, 0],
];
const inOrder = (order: number[]) => order.map((place) => ONE_PERSON[place] as IDataObject);
const byAudience = { customAudienceId: byId('={{ $json.to }}') };

/** Ways in which someone who must not be sent might be, each as runs that follow each other. */
const SAID_NO: Array<[string, Run[]]> = [
	[
		'in a later item than the one without the flag',
		[send([{ email: EMAIL }, bob, { email: EMAIL, ...NO }])],
	],
	['in an earlier item', [send([{ email: EMAIL, ...NO }, { email: EMAIL }, bob])]],
	[
		'by the phone alone',
		[
			send([
				{ email: EMAIL, phone: PHONE },
				{ phone: PHONE, ...NO },
			]),
		],
	],
	['in another letter case', [send([{ email: EMAIL }, { email: ' ANN@Example.com ', ...NO }])]],
	[
		'with the phone written differently',
		[send([{ phone: PHONE }, { phone: '(415) 555-0101', country: 'US', ...NO }])],
	],
	['as a hash, and sent plain', [send([{ email: EMAIL }, { email: HASH, ...NO }])]],
	['plain, and sent as a hash', [send([{ email: HASH }, { email: EMAIL, ...NO }])]],
	['with hashes sent', [send([{ email: EMAIL }, { email: EMAIL, ...NO }], { hash: 'sha256' })]],
	[
		'with hashes sent, by another address than the plain one that waits',
		[
			collect([{ phone: PHONE }]),
			send(
				[
					{ email: EMAIL, ...NO },
					{ email: EMAIL, phone: PHONE },
				],
				{ hash: 'sha256' },
			),
			force,
		],
	],
	...(['invalidContacts', 'underMinimum'] as const).map((option): [string, Run[]] => [
		`in a run that ends because of ${option}`,
		[
			collect([{ email: EMAIL }]),
			{ items: [{ email: EMAIL, ...NO }], set: { [option]: 'stop' }, onError: 'stop' },
			force,
		],
	]),
	...(['before', 'after'] as const).map((place): [string, Run[]] => {
		const no = { email: EMAIL, ...NO };
		return [
			`${place} an item for which an expression fails, which ends the run`,
			[
				collect([{ email: EMAIL }]),
				{
					items: place === 'before' ? [no, { isOdd: true }] : [{ isOdd: true }, no],
					set: {
						mappingMode: 'defineBelow',
						emailField: "={{ $json.isOdd ? $('Nowhere').first().json.email : $json.email }}",
					},
					onError: 'stop',
				},
				force,
			],
		];
	}),
	[
		'in a file before a row that ends the run',
		[
			collect([{ email: EMAIL }]),
			file(`Email,Unsubscribed\n${EMAIL},yes\nbob@example.com,\n"broken@example.com,x\n`, {
				skipUnreadable: false,
			}),
			force,
		],
	],
	[
		'by the second address',
		[
			send(
				[
					{ email: EMAIL, email_2: SECOND },
					{ email: SECOND, ...NO },
				],
				{ addresses: 'all' },
			),
		],
	],
	[
		'in the second row of a file',
		[file(`Email,Unsubscribed\n${EMAIL},\n${EMAIL},yes\nbob@example.com,`)],
	],
	[
		'in the last of 1,500 rows of a file',
		[
			file(
				[
					'Email,Unsubscribed',
					`${EMAIL},`,
					...Array.from({ length: 1500 }, (_, n) => `q${n}@example.com,`),
					`${EMAIL},1`,
				].join('\n'),
			),
		],
	],
	[
		'in another file',
		[
			{
				files: [
					{ name: 'a.csv', content: `Email\n${EMAIL}\nbob@example.com` },
					{ name: 'b.csv', content: `Email,Unsubscribed\n${EMAIL},yes` },
				],
				set: { underMinimum: 'warn' },
			},
		],
	],
	[
		'beyond the 300th field',
		[send([{ email: EMAIL, ...otherFields(310), unsubscribed: 'yes' }, bob])],
	],
	[
		'among custom fields after 45 other fields',
		[
			send([
				{
					email: EMAIL,
					...otherFields(45),
					custom_fields: [{ name: 'unsubscribed', value: 'yes' }],
				},
				bob,
			]),
		],
	],
	[
		'by the 60th tag',
		[send([{ email: EMAIL, tags: [...Object.keys(otherFields(60)), 'unsubscribed'] }, bob])],
	],
	[
		'in JSON text',
		[send([{ email: EMAIL, preferences: '{"theme":"dark","marketing_opt_in":false}' }, bob])],
	],
	[
		'by a fourth address that waits',
		[
			collect([{ email: EMAIL }]),
			collect([
				{
					email: ['b@one.example', 'b@two.example', 'b@three.example', EMAIL],
					...NO,
				},
			]),
			force,
		],
	],
	[
		'for an audience whose ID is empty',
		[
			collect([{ email: EMAIL, to: '111' }], { customAudienceId: byId('={{ $json.to }}') }),
			send(
				[
					{ email: EMAIL, to: '111' },
					{ email: EMAIL, to: '', ...NO },
				],
				{ customAudienceId: byId('={{ $json.to }}') },
			),
			force,
		],
	],
	[
		'for another audience of the run',
		[
			send(
				[
					{ email: EMAIL, to: '111' },
					{ email: EMAIL, to: '222', ...NO },
				],
				{ customAudienceId: byId('={{ $json.to }}') },
			),
		],
	],
	[
		'in another entry of a page',
		[send([{ results: [{ email: EMAIL }, bob, { email: EMAIL, ...NO }], total: 3 }])],
	],
	[
		'in an event about a page',
		[send([{ event: 'unsubscribe', contacts: [{ email: EMAIL }, bob] }])],
	],
	[
		'with duplicates kept',
		[
			send([{ email: EMAIL }, { email: EMAIL }, { email: EMAIL, ...NO }], {
				removeDuplicates: false,
			}),
		],
	],
	['while contacts are collected', [collect([{ email: EMAIL }, { email: EMAIL, ...NO }]), force]],
	[
		'after being collected',
		[collect([{ email: EMAIL }]), collect([{ email: EMAIL, ...NO }]), force],
	],
	[
		'after being collected as a hash',
		[
			collect([{ email: EMAIL }], { hash: 'sha256' }),
			collect([{ email: EMAIL, ...NO }]),
			{ operation: 'sendCollected', set: { force: true, hash: 'sha256' } },
		],
	],
	[
		'after being collected with another address',
		[
			collect([{ email: EMAIL, email_2: SECOND }], { addresses: 'all' }),
			collect([{ email: SECOND, ...NO }]),
			force,
		],
	],
	...([[{ phone: PHONE }], [{ email: SECOND, phone: PHONE }]] as IDataObject[][]).flatMap((first) =>
		(['none', 'sha256'] as const).map((hash): [string, Run[]] => [
			`after being collected in two rows, of which the no names one: ${JSON.stringify(first)}, ${hash}`,
			[
				collect(first, { hash }),
				collect([{ email: EMAIL, phone: PHONE }], { hash }),
				collect([{ email: EMAIL, ...NO }]),
				force,
			],
		]),
	),
	[
		'in a row that lacks the address that was collected',
		[
			collect([{ email: SECOND }]),
			collect(
				[
					{ email: EMAIL, email_2: SECOND },
					{ email: EMAIL, ...NO },
				],
				{ addresses: 'all' },
			),
			force,
		],
	],
	[
		'and has a valid consent field',
		[send([{ email: EMAIL, agreed: 'yes', ...NO }], { consentField: 'agreed' })],
	],
	[
		'in fields mapped by hand',
		[
			send([{ a: EMAIL, b: { unsubscribed: 'yes' }, unsubscribed: 'yes' }], {
				mappingMode: 'defineBelow',
				emailField: 'a',
			}),
		],
	],
	...ORDERS.map((order): [string, Run[]] => [
		`by an email that another row has with the phone, in the order ${order.join()}`,
		[send([...inOrder(order), bob])],
	]),
	...ORDERS.map((order): [string, Run[]] => [
		`by that email for another audience, in the order ${order.join()}`,
		[
			send(
				inOrder(order).map((item, index) => ({ ...item, to: `${index}11` })),
				byAudience,
			),
		],
	]),
	['by that email, with hashes sent', [send([...ONE_PERSON, bob], { hash: 'sha256' })]],
	['by that email, and the phone waits', [collect([{ phone: PHONE }]), send(ONE_PERSON), force]],
	[
		'by the last of several addresses that connect rows, each with the next',
		[
			send([
				{ phone: '+49 151 1234567' },
				{ email: SECOND, phone: '+49 151 1234567' },
				{ email: SECOND },
				{ phone: PHONE, email: SECOND },
				{ email: EMAIL, phone: PHONE },
				{ email: EMAIL, ...NO },
			]),
		],
	],
	[
		'by that email in the last of 1,500 rows of a file',
		[
			file(
				[
					'Email,Phone,Unsubscribed',
					`,${PHONE},`,
					`${EMAIL},${PHONE},`,
					...Array.from({ length: 1500 }, (_, n) => `q${n}@example.com,,`),
					`${EMAIL},,1`,
				].join('\n'),
			),
		],
	],
	[
		'in another file by an email that is in a third one with the phone',
		[
			{
				files: [
					{ name: 'a.csv', content: `Phone\n${PHONE}\n+14155550199` },
					{ name: 'b.csv', content: `Email,Phone\n${EMAIL},${PHONE}` },
					{ name: 'c.csv', content: `Email,Unsubscribed\n${EMAIL},yes` },
				],
				set: { underMinimum: 'warn' },
			},
		],
	],
	[
		'by a second email that is not sent',
		[send([{ email: EMAIL, email_2: SECOND }, bob, { email: SECOND, ...NO }])],
	],
	[
		'by the email of a contact that is left out for its country, whose phone waits',
		[
			collect([{ phone: '+49 151 1234567' }]),
			send([{ email: EMAIL, phone: '+49 151 1234567' }, bob, { email: EMAIL, ...NO }], {
				unreachable: 'leaveOut',
			}),
			force,
		],
	],
	[
		'in a JSON text',
		[
			send([
				{ email: EMAIL, preferences: '{"marketing":{"email":"opted_out"}}' },
				{ email: EMAIL, opt_out: 'TRUE' },
			]),
		],
	],
];

it.each(SAID_NO)('who said no %s is never sent', async (_, runs) => {
	for (const each of runs) expectSum((await run(each)).output);
	expect(sentOfAnn()).toEqual([]);
	expect(storedOfAnn()).toEqual([]);
});

const LEFT_OUT: Array<[string, Run[]]> = [
	[
		'a country by the phone',
		[send([{ phone: '+49 151 1234567' }, bob], { unreachable: 'leaveOut' })],
	],
	[
		'a country by the name',
		[send([{ email: EMAIL, country: 'Deutschland' }, bob], { unreachable: 'leaveOut' })],
	],
	[
		'the default country',
		[send([{ email: EMAIL }], { unreachable: 'leaveOut', defaultCountry: 'DE' })],
	],
	[
		'a territory that counts as one',
		[send([{ email: EMAIL, country: 'Jersey' }], { unreachable: 'leaveOut' })],
	],
	[
		'no consent',
		[
			send([{ email: EMAIL, agreed: 'no' }, { email: SECOND, agreed: '' }, { phone: PHONE }], {
				consentField: 'agreed',
			}),
		],
	],
	[
		'no consent, of a page',
		[
			send(
				[
					{
						results: [
							{ email: EMAIL, agreed: 'maybe' },
							{ ...bob, agreed: 'yes' },
						],
					},
				],
				{ consentField: 'agreed' },
			),
		],
	],
	[
		'no consent, in a file',
		[file(`Email,Agreed\n${EMAIL},no\nbob@example.com,yes`, { consentField: 'Agreed' })],
	],
	[
		'a no as a hash after being collected',
		[
			collect([{ phone: PHONE }, { email: EMAIL, phone: PHONE }]),
			collect([{ email: HASH, ...NO }]),
			force,
		],
	],
	[
		'no consent after being collected',
		[
			collect([{ email: EMAIL }]),
			collect([{ email: EMAIL, agreed: 'no' }], { consentField: 'agreed' }),
			force,
		],
	],
];

it.each(LEFT_OUT)('who has %s is never sent', async (_, runs) => {
	for (const each of runs) expectSum((await run(each)).output);
	expect(sentOfAnn()).toEqual([]);
	expect(storedOfAnn()).toEqual([]);
});

const FORGOTTEN: Array<[string, Run[]]> = [
	[
		'after being collected',
		[collect([{ email: EMAIL, phone: PHONE }]), forget({ email: EMAIL }), force],
	],
	[
		'after being kept for filling up',
		[
			send([...others(3), { email: EMAIL }], { underMinimum: 'collect', minimumUsers: 2 }),
			forget({ email: EMAIL }),
		],
	],
	['by a hash', [forget({ email: HASH }), send([{ email: EMAIL }, bob])]],
	['by a hash after being collected', [collect([{ email: EMAIL }]), forget({ email: HASH })]],
	['and is sent as a hash', [forget({ email: EMAIL }), send([{ email: HASH }, bob])]],
	['and comes in a file', [forget({ phone: PHONE }), file(`Phone\n${PHONE}\n+14155550199`)]],
	[
		'and comes for another audience',
		[forget({ email: EMAIL }), send([{ email: EMAIL }], { customAudienceId: byId('999') })],
	],
	[
		'and comes with another address',
		[
			forget({ email: EMAIL }),
			send([{ email: SECOND, email_2: EMAIL }, bob], { addresses: 'all' }),
		],
	],
	[
		'with all addresses of a page',
		[
			forget({ results: [{ email: EMAIL, phone: PHONE }, { email: SECOND }, { name: 'x' }] }),
			send([{ phone: PHONE }, { email: SECOND }, bob]),
		],
	],
	[
		'although marked as staff',
		[forget({ email: EMAIL, is_staff: true }), send([{ email: EMAIL }, bob])],
	],
	[
		'although the person opted out',
		[forget({ email: EMAIL, ...NO }), send([{ email: EMAIL }], { optedOut: 'send' })],
	],
	[
		'twice',
		[
			collect([{ email: EMAIL }]),
			forget({ email: EMAIL }),
			collect([{ email: EMAIL }]),
			forget({ email: EMAIL }),
			force,
		],
	],
];

it.each(FORGOTTEN)('who was forgotten %s is never sent again', async (_, runs) => {
	for (const each of runs) {
		const { output } = await run(each);
		if (each.operation === undefined) expectSum(output);
		if (each.operation === 'forgetUsers') simulator.reset();
	}
	expect(sentOfAnn()).toEqual([]);
	expect(storedOfAnn()).toEqual([]);
});

it('counts a person who said no in another row by the field that says so', async () => {
	const { output } = await run(
		send([{ email: EMAIL }, bob, { email: EMAIL, HasOptedOutOfEmail: true }]),
	);
	expect(output).toMatchObject([
		{
			received: 3,
			submitted: 1,
			invalid: 2,
			optedOut: { HasOptedOutOfEmail: 2 },
			invalidReasons: { opted_out: 2 },
			reach: { unknown: 1 },
		},
	]);
});

it('sends such a person like any other where opted-out contacts are sent', async () => {
	const { output } = await run(
		send([{ email: EMAIL }, { phone: PHONE, ...NO }], { optedOut: 'send' }),
	);
	expect(output).toMatchObject([{ submitted: 2 }]);
});

it('connects the rows of a person for an audience, whatever other audiences do with the no', async () => {
	const items = [
		{ email: EMAIL, phone: PHONE, to: '111', rule: 'send' },
		{ phone: PHONE, to: '222', rule: 'leaveOut' },
		{ email: EMAIL, ...NO, to: '111', rule: 'send' },
	];
	const set = { ...byAudience, optedOut: '={{ $json.rule }}' };
	const { output } = await run(send(items, set));
	expect(output).toMatchObject([
		{ customAudienceId: '111', submitted: 1 },
		{ customAudienceId: '222', submitted: 0, optedOut: { unsubscribed: 1 } },
	]);
});

it('counts those who said no and are sent, not their duplicates', async () => {
	const items = [{ email: EMAIL, ...NO }, bob, { email: EMAIL, ...NO }];
	const { output } = await run(send(items, { optedOut: 'send' }));
	expect(output).toMatchObject([{ submitted: 2, duplicates: 1, optedOut: { unsubscribed: 1 } }]);
	expect(String(output[0]?.warnings)).toMatch(/1 contact who said no to marketing is included/);
});

it('reports that a person who said no may still be stored, where the table cannot be changed', async () => {
	const warning = 'People who said no to marketing may still be in the Data Table';
	await run(collect([{ email: EMAIL }]));
	jest.spyOn(lasting.tables, 'delete').mockImplementationOnce(() => {
		throw new Error('size limit exceeded');
	});
	const no = send([{ email: EMAIL, ...NO }, bob]);
	const failed = await run(no);
	expect(failed.output[0]?.warnings).toContainEqual(expect.stringMatching(`^${warning}\\. .*full`));
	const { output } = await run(no);
	expect(JSON.stringify(output)).not.toContain(warning);
});

it('sends no one who said no from the table, although the person could not be removed', async () => {
	await run(collect([{ email: EMAIL }, { email: SECOND }]));
	jest.spyOn(lasting.tables, 'delete').mockImplementationOnce(() => {
		throw new Error('database is locked');
	});
	const list = [...others(3), { email: EMAIL, ...NO }];
	await run({ items: list, set: { minimumUsers: 2 } });
	expect(simulator.attempts.flatMap(({ users }) => users)).toEqual([
		...others(3).map(({ email }) => ({ Email: email })),
		{ Email: SECOND },
	]);
	expect(storedOfAnn()).toMatchObject([{ email: SECOND }]);
});

it('sends a list with a warning where those who asked to be forgotten cannot be read', async () => {
	jest.spyOn(lasting.tables, 'list').mockImplementation(() => {
		throw new Error('size limit exceeded');
	});
	const { output } = await run(send(others(100)));
	jest.restoreAllMocks();
	const warning =
		/^The Data Table could not be read, so people who asked to be forgotten may be among the contacts\. .*full/;
	const warnings = output[0]?.warnings as string[];
	expect(output).toMatchObject([{ submitted: 100 }]);
	expect(warnings.filter((one) => warning.test(one))).toHaveLength(1);
});

it("doesn't forget those who wait if 'Consent Field' isn't in the items", async () => {
	await run(collect([{ email: EMAIL }]));
	const { output } = await run(collect([{ email: EMAIL }], { consentField: 'markting' }));
	expect(output).toMatchObject([{ invalidReasons: { no_consent: 1 } }]);
	expect(storedOfAnn()).toHaveLength(1);
});
