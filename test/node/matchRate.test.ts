import type { IDataObject } from 'n8n-workflow';
import { AUDIENCE } from '../engine/knownIds';
import { movingClock } from '../engine/movingClock';
import { runNode } from '../engine/runNode';
import { KNOWN } from '../simulator/simulator';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

/** Of every ten people, Meta knows three by their first address, four by their second, and three by neither. */
const PEOPLE = 1000;
const isKnownBy = (place: 'first' | 'second', n: number) =>
	place === 'first' ? n % 10 < 3 : n % 10 >= 3 && n % 10 < 7;
const everyone = Array.from({ length: PEOPLE }, (_, n) => n);

const workEmail = (n: number) => `user${n}@work.example`;
const ownEmail = (n: number) => `user${n}@example.com`;
const phone = (n: number) => `1415556${1000 + n}`;
const otherPhone = (n: number) => `1212556${1000 + n}`;

/** What Meta knows if the first and the second addresses are emails, or phones. */
const accounts = (first: (n: number) => string, second: (n: number) => string) =>
	everyone.flatMap((n) => {
		const known = isKnownBy('first', n) ? first(n) : isKnownBy('second', n) ? second(n) : undefined;
		if (known === undefined) return [];
		return [known.includes('@') ? { Email: known } : { Phone: known }];
	});

async function matchRate(
	contact: (n: number) => IDataObject,
	people: ReturnType<typeof accounts>,
	addresses: 'best' | 'all',
) {
	simulator.reset();
	simulator.match({ people });
	const clock = movingClock();
	const { customAudienceId, custSpaceId, pageId, adAccountId } = KNOWN;
	const set = { customAudienceId, custSpaceId, pageId, adAccountId, addresses };
	const uploaded = await runNode({ simulator, items: everyone.map(contact), set, clock });
	expect(uploaded.output).toMatchObject([{ received: PEOPLE, submitted: PEOPLE }]);
	const { output } = await runNode({
		simulator,
		operation: 'customAudience:getResult',
		set: AUDIENCE,
		items: uploaded.output,
		clock,
	});
	return [output[0]?.matchRate, uploaded.output[0]?.users ?? PEOPLE];
}

const emails = accounts(workEmail, ownEmail);
const phones = accounts(phone, otherPhone);

describe('of 1,000 people, 40% of whom Meta knows by their second address', () => {
	it.each<[string, (n: number) => IDataObject, typeof emails, number, number]>([
		[
			'emails without a label',
			(n) => ({ email: workEmail(n), email_2: ownEmail(n) }),
			emails,
			0.3,
			0.7,
		],
		[
			'phone numbers',
			(n) => ({ phone: `+${phone(n)}`, phone_2: `+${otherPhone(n)}` }),
			phones,
			0.3,
			0.7,
		],
		[
			'emails of which the second is personal',
			(n) => ({ work_email: workEmail(n), home_email: ownEmail(n) }),
			emails,
			0.4,
			0.7,
		],
		[
			'a list of emails of which the second is personal',
			(n) => ({
				emails: [
					{ type: 'work', value: workEmail(n) },
					{ type: 'home', value: ownEmail(n) },
				],
			}),
			emails,
			0.4,
			0.7,
		],
	])('%s', async (_, contact, people, best, all) => {
		expect(await matchRate(contact, people, 'best')).toEqual([best, PEOPLE]);
		expect(await matchRate(contact, people, 'all')).toEqual([all, 2 * PEOPLE]);
	});
});
