import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../engine/runNode';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

const ANN = { email: 'ann@example.com', phone: '+12025550111' };
const BOB = { email: 'bob@example.com', phone: '+12025550122' };
const MAPPED = { mappingMode: 'defineBelow' };

/** The addresses that are sent, and each contact's reason or status. */
async function run(item: IDataObject, set: Record<string, unknown> = {}) {
	const { calls, output } = await runNode({
		simulator,
		items: [item],
		set: { output: 'users', ...set },
	});
	return {
		users: calls.flatMap(({ users }) => users),
		results: output.map(({ customAudience }) => {
			const { reason, status } = customAudience as IDataObject;
			return reason ?? status;
		}),
	};
}

describe('a page in which not everyone may be sent', () => {
	it.each(['email', 'results[0].email'])('leaves out staff if the field is %s', async (path) => {
		const page = { results: [ANN, { ...BOB, role: 'agent' }], total: 2 };
		const { users, results } = await run(page, { ...MAPPED, emailField: path });
		expect(users).toEqual([{ Email: ANN.email }]);
		expect(results).toEqual(['submitted', 'staff']);
	});

	it.each([true, 1, '1', 'true', 'TRUE'])('leaves out staff whose flag is %p', async (is_staff) => {
		const { results } = await run({ results: [ANN, { ...BOB, is_staff }], total: 2 });
		expect(results).toEqual(['submitted', 'staff']);
		expect((await run({ ...BOB, is_staff })).results).toEqual(['staff']);
	});

	it.each([0, false, '', 'no', null])('sends someone whose flag is %p', async (is_staff) => {
		expect((await run({ ...BOB, is_staff })).results).toEqual(['submitted']);
	});

	it("doesn't give one entry's phone to the others", async () => {
		const phoneField = '={{ $json.results[0].phone.trim() }}';
		const set = { ...MAPPED, emailField: 'email', phoneField };
		const { users } = await run({ results: [ANN, BOB], total: 2 }, set);
		expect(users).toEqual([{ Email: ANN.email }, { Email: BOB.email }]);
		const ofOne = await run({ results: [ANN], total: 1 }, set);
		expect(ofOne.users.slice(2)).toEqual([{ Email: ANN.email, Phone: '12025550111' }]);
	});

	it.each([
		[{ event: 'unsubscribe', contacts: [ANN, BOB] }],
		[{ body: { status: 'unsubscribed', contacts: [ANN, BOB] } }],
	])('sends no one if the item says no for all: %j', async (page) => {
		expect(await run(page)).toEqual({ users: [], results: ['opted_out', 'opted_out'] });
	});

	it('leaves out the person at a path into a list if their entry says no', async () => {
		const record = { id: 4, attendees: [{ ...ANN, unsubscribed: true }, BOB] };
		const of = async (emailField: string) => await run(record, { ...MAPPED, emailField });
		expect(await of('attendees[0].email')).toEqual({ users: [], results: ['opted_out'] });
		expect((await of('attendees[1].email')).users).toEqual([{ Email: BOB.email }]);
	});

	it('sends no one from a list in an event that says no', async () => {
		const event = { type: 'unsubscribe', fired_at: '2026-01-01', data: [ANN, BOB] };
		expect(await run(event)).toEqual({ users: [], results: ['opted_out'] });
	});

	it.each([[{ 0: ANN, 1: BOB }], [{ contacts: { 0: ANN, 1: BOB }, total: 2 }]])(
		'sends everyone in a list that became an object: %j',
		async (page) => {
			const { users } = await run(page);
			expect(users).toMatchObject([{ Email: ANN.email }, { Email: BOB.email }]);
		},
	);

	it.each([
		['ok', ['submitted', 'no_consent']],
		['results[0].ok', ['submitted', 'no_consent']],
		['={{ $json.results[0].ok }}', ['submitted', 'no_consent']],
		// It says nothing about the other entries.
		['={{ $json.results[0].ok.trim() }}', ['no_consent', 'no_consent']],
		['={{ $json["results"][0].ok }}', ['submitted', 'no_consent']],
		["={{ $json[['re', 'sults'].join('')][0].ok }}", ['no_consent', 'no_consent']],
		['={{ Object.values($json)[0][0].ok }}', ['no_consent', 'no_consent']],
		['={{ $input.first().json[$json.list][0].ok }}', ['no_consent', 'no_consent']],
		["={{ $('Start').item.json.results[0].ok }}", ['no_consent', 'no_consent']],
		["={{ $('Start').first().json['res' + 'ults'][0].ok }}", ['no_consent', 'no_consent']],
		["={{ $json.source === 'newsletter' }}", ['submitted', 'submitted']],
		["={{ $json['source']?.trim() === 'newsletter' }}", ['submitted', 'submitted']],
		["={{ ['newsletter', 'shop'].includes($input.item.json.source) }}", ['submitted', 'submitted']],
		['={{ true }}', ['submitted', 'submitted']],
	])("uses each entry's own consent if 'Consent Field' is %s", async (consentField, expected) => {
		const results = [
			{ ...ANN, ok: 'yes' },
			{ ...BOB, ok: 'no' },
		];
		const page = { results, total: 2, source: 'newsletter', list: 'results' };
		expect((await run(page, { consentField })).results).toEqual(expected);
	});

	describe.each([
		['Default Country', (country: string) => ({ defaultCountry: country })],
		[
			'Country Field',
			(countryField: string) => ({ ...MAPPED, phoneField: 'results[0].phone', countryField }),
		],
	])("if '%s' is an expression", (_, settings) => {
		const results = [
			{ name: 'Ann', phone: '0151 12345678', market: 'DE' },
			{ name: 'Bob', phone: '(11) 96123-4567', market: 'BR' },
		];
		const phones = async (expression: string, item: IDataObject = { results, total: 2 }) =>
			(await run(item, settings(expression))).users.map((user) => (user as IDataObject).Phone);

		it.each(['={{ $json.results[0].market }}', '={{ $json["results"][0].market }}'])(
			"reads a number in its own entry's country: %s",
			async (expression) => {
				await expect(phones(expression)).resolves.toEqual(['4915112345678', '5511961234567']);
			},
		);

		it.each([
			'={{ $json.results[0].market.toUpperCase() }}',
			"={{ $json[['re', 'sults'].join('')][0].market }}",
			"={{ $('Start').item.json.results[0].market }}",
		])("reads no number in another entry's country: %s", async (expression) => {
			await expect(phones(expression)).resolves.toEqual([]);
		});

		it('reads all numbers in the country that the item names for them', async () => {
			const [ann] = results;
			const page = { results: [ann, { phone: '0160 1234567' }], total: 2, locale: 'de_DE' };
			await expect(phones("={{ $json.locale.split('_').pop() }}", page)).resolves.toEqual([
				'4915112345678',
				'491601234567',
			]);
		});
	});

	it.each([
		'results[0].email',
		'results.0.email',
		'["results"][0].email',
		"={{ $json['results'][0].email }}",
		'={{ $json["results"][0]["email"] }}',
	])('sends everyone in a page if the field is %s', async (emailField) => {
		const { results } = await run({ results: [ANN, BOB], total: 2 }, { ...MAPPED, emailField });
		expect(results).toEqual(['submitted', 'submitted']);
	});

	it('continues after an entry that is not an object', async () => {
		const many = Array.from({ length: 60 }, (_, at) => ({
			email: `u${at}@example.com`,
			ok: 'yes',
		}));
		const page = { results: [...many, null, 'x'], total: 62 };
		const { results } = await run(page, { consentField: 'ok' });
		expect(results.slice(-3)).toEqual(['submitted', 'no_consent', 'no_consent']);
	});
});
