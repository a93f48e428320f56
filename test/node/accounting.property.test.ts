import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { withHash } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { runNode } from '../engine/runNode';
import { ALL_IDS } from '../engine/knownIds';
import { runsOf } from '../faults/share';
import { useSimulator } from '../simulator/useSimulator';
import { Lasting } from '../store/lasting';
import type { MemoryRow } from '../store/memoryTables';

const simulator = useSimulator();

/** Someone whose emails and phone nobody else has. */
interface Person {
	email: boolean;
	secondEmail: boolean;
	phone: 'none' | 'US' | 'DE' | 'invalid';
	saidNo: boolean;
	consented: boolean;
}

const person: fc.Arbitrary<Person> = fc.record({
	email: fc.boolean(),
	secondEmail: fc.boolean(),
	phone: fc.constantFrom('none', 'US', 'DE', 'invalid'),
	saidNo: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
	consented: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
});

const PEOPLE = 9;

/** One of the node's executions. */
type Step =
	| {
			kind: 'add';
			/** Places in the list of people, and whether the row lacks the field that says no. */
			who: Array<{ place: number; isSilent: boolean }>;
			as: 'items' | 'page' | 'file';
			dryRun: boolean;
			invalidContacts: 'skip' | 'stop';
			removeDuplicates: boolean;
			underMinimum: 'collect' | 'hold' | 'warn' | 'stop';
			minimumUsers: number;
			batchSize: number;
			/** The upload request (from 1) that is rejected; 0 for none. */
			rejected: number;
	  }
	| { kind: 'send'; force: boolean }
	| { kind: 'forget'; who: number };

const who = fc.nat({ max: PEOPLE - 1 });
const row = fc.record({ place: who, isSilent: fc.constantFrom(false, false, true) });

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({
			kind: fc.constant('add' as const),
			who: fc.array(row, { minLength: 1, maxLength: 10 }),
			as: fc.constantFrom('items', 'items', 'page', 'file'),
			dryRun: fc.constantFrom(false, false, false, true),
			invalidContacts: fc.constantFrom('skip', 'skip', 'skip', 'stop'),
			removeDuplicates: fc.constantFrom(true, true, false),
			underMinimum: fc.constantFrom('collect', 'collect', 'collect', 'hold', 'warn', 'stop'),
			minimumUsers: fc.integer({ min: 1, max: 6 }),
			batchSize: fc.integer({ min: 1, max: 4 }),
			rejected: fc.constantFrom(0, 0, 1, 2),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('send' as const), force: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), who }) },
);

const shared = fc.record({
	optedOut: fc.constantFrom('leaveOut', 'leaveOut', 'send'),
	consentField: fc.constantFrom('', '', 'agreed'),
	unreachable: fc.constantFrom('send', 'leaveOut'),
	addresses: fc.constantFrom('best', 'all'),
	hash: fc.constantFrom('none', 'sha256'),
	collectUntil: fc.integer({ min: 2, max: 8 }),
	topUp: fc.boolean(),
	keepDays: fc.constantFrom(180, 180, 0),
});

type Shared = typeof shared extends fc.Arbitrary<infer T> ? T : never;

const PHONES = { none: '', invalid: '12', US: '+1415555', DE: '+4915112345' };

function contactOf(
	{ email, secondEmail, phone, saidNo, consented }: Person,
	place: number,
	isSilent = false,
) {
	const ends = { none: '', invalid: '', US: `01${20 + place}`, DE: String(100 + place) };
	return {
		name: `Person ${place}`,
		email: email ? `person${place}@example.com` : '',
		email_2: secondEmail ? `person${place}@work.example` : '',
		phone: PHONES[phone] + ends[phone],
		unsubscribed: saidNo && !isSilent ? 'yes' : '',
		agreed: consented ? 'yes' : '',
	};
}

/** The person whose identifier it is, plain or hashed. */
class Identifiers {
	private readonly owners = new Map<string, number>();

	constructor(people: Person[]) {
		people.forEach((one, place) => {
			const { email, email_2: second, phone } = contactOf(one, place);
			for (const value of [email, second, phone.replace('+', '')]) {
				this.owners.set(value, place).set(withHash(value, 'sha256'), place);
			}
		});
	}

	of(values: unknown[]): number {
		const [value] = values.filter(Boolean);
		return this.owners.get(String(value)) ?? -1;
	}
}

type Counts = Record<string, number>;
type Summary = IDataObject & {
	[Key in 'received' | 'submitted' | 'collected' | 'duplicates' | 'invalid' | 'failed']: number;
} & { held: number; users?: number; batches: Array<{ users: number; status: string }> };

const sum = (counts: unknown) => Object.values((counts ?? {}) as Counts).reduce((a, b) => a + b, 0);

/** A project in which steps follow each other, with one kind of output. */
class World {
	readonly lasting = new Lasting();
	readonly forgotten = new Set<number>();
	/** People who said no in the latest run with them. */
	private readonly saidNo = new Set<number>();
	private readonly identifiers: Identifiers;

	constructor(
		private readonly people: Person[],
		private readonly options: Shared,
		private readonly output: 'summary' | 'users',
	) {
		this.identifiers = new Identifiers(people);
	}

	async do(step: Step): Promise<IDataObject[]> {
		simulator.reset();
		if (step.kind === 'forget') return await this.forget(step.who);
		if (step.kind === 'send') return await this.send(step.force);
		return await this.add(step);
	}

	private async forget(place: number): Promise<IDataObject[]> {
		const contact = contactOf(this.people[place] as Person, place);
		const { output, error } = await runNode({
			...this.common,
			operation: 'customAudience:forgetUsers',
			items: [contact],
		});
		if (!error) this.forgotten.add(place);
		return output;
	}

	private async send(force: boolean): Promise<IDataObject[]> {
		const { collectUntil, topUp, keepDays, hash } = this.options;
		const { output } = await runNode({
			...this.common,
			operation: 'customAudience:sendCollected',
			set: { ...ALL_IDS, collectUntil, topUp, keepDays, hash, force },
			onError: 'continue',
		});
		this.checkWhoIsSent();
		return output;
	}

	private async add(step: Step & { kind: 'add' }): Promise<IDataObject[]> {
		const { kind: _, who: rows, as, rejected, ...options } = step;
		if (rejected > 0) {
			const fault = { kind: 'businessError', code: 'Audience.NotReady' } as const;
			simulator.misbehave(rejected, fault, 'AddCustomAudienceUser');
		}
		const before = JSON.stringify(this.rows);
		const { output } = await runNode({
			...this.common,
			set: { ...ALL_IDS, ...this.options, ...options, output: this.output },
			...inputOf(
				rows.map(({ place, isSilent }) => contactOf(this.people[place] as Person, place, isSilent)),
				as,
			),
			onError: 'continue',
		});
		if (!step.dryRun) {
			const saying = sayingNo(this.people, step);
			for (const { place } of rows) {
				if (saying.has(place)) this.saidNo.add(place);
				else this.saidNo.delete(place);
			}
		}
		this.checkWhoIsSent();
		if (step.dryRun) {
			expect(simulator.attempts).toEqual([]);
			expect(JSON.stringify(this.rows)).toBe(before);
		}
		if (this.output === 'summary') this.checkSummary(step, output[0] as Summary);
		return output;
	}

	private get common() {
		return { simulator, ...this.lasting.run };
	}

	get rows(): MemoryRow[] {
		return this.lasting.tables.tables[0]?.rows.filter(({ status }) => status !== 'lease') ?? [];
	}

	get accepted(): Array<{ users: unknown[] }> {
		return simulator.uploads.flatMap(({ batches }) => batches);
	}

	private contactsOf(users: unknown[]): number[] {
		return users.map((user) => this.identifiers.of(Object.values(user as object)));
	}

	private checkWhoIsSent(): void {
		const { optedOut, consentField, unreachable } = this.options;
		for (const place of this.contactsOf(simulator.attempts.flatMap(({ users = [] }) => users))) {
			const one = this.people[place];
			expect(one).toBeDefined();
			if (optedOut === 'leaveOut') expect([...this.saidNo]).not.toContain(place);
			if (consentField) expect(one?.consented).toBe(true);
			if (unreachable === 'leaveOut') expect(one?.phone).not.toBe('DE');
			expect([...this.forgotten]).not.toContain(place);
		}
		const stored = this.rows.filter(({ status }) => status !== 'forgotten');
		for (const { email, phone } of stored) {
			const place = this.identifiers.of([email, phone]);
			expect([...this.forgotten]).not.toContain(place);
			if (optedOut === 'leaveOut') expect([...this.saidNo]).not.toContain(place);
		}
	}

	private checkSummary(step: Step & { kind: 'add' }, summary: Summary): void {
		const { received, submitted, collected, duplicates, invalid, failed, held } = summary;
		const valid = submitted + collected + failed + held;
		expect(received).toBe(step.who.length);
		expect(valid + duplicates + invalid).toBe(received);
		expect(sum(summary.invalidReasons)).toBe(invalid);
		this.checkReach(summary, step);
		if (step.dryRun) return this.checkPlan(summary);
		const batches = this.accepted;
		const collecting = summary.collecting as Counts | undefined;
		const { sentFromTable = 0, toppedUp = 0, waiting = 0 } = collecting ?? {};
		expect(
			summary.batches.filter(({ status }) => status === 'accepted').length,
		).toBeLessThanOrEqual(batches.length);
		const users = batches.flatMap((batch) => batch.users);
		// A rejected last batch has the one before it sent again.
		const isSentAgain = step.rejected > 0;
		if (!isSentAgain && this.options.addresses === 'best') {
			expect(users).toHaveLength(submitted + sentFromTable + toppedUp);
		}
		if (!isSentAgain && step.removeDuplicates) {
			expect(new Set(this.contactsOf(users)).size).toBe(submitted + sentFromTable + toppedUp);
		}
		if (!isSentAgain && step.removeDuplicates && step.batchSize > 1) {
			// No one has more than two users, which stay in one batch.
			const people = batches.flatMap((batch) => [...new Set(this.contactsOf(batch.users))]);
			expect(new Set(people).size).toBe(people.length);
		}
		if (collecting) expect(waiting).toBe(this.waitingContacts);
		if (this.options.keepDays === 0) {
			expect(this.rows.filter(({ status }) => status === 'sent')).toEqual([]);
			expect(collecting?.keptForTopUp ?? 0).toBe(0);
		}
	}

	private get waitingContacts(): number {
		const waiting = this.rows.filter(({ status }) => status === 'waiting');
		return new Set(waiting.map(({ contact }) => contact)).size;
	}

	private checkReach(summary: Summary, step: Step & { kind: 'add' }): void {
		const { submitted, collected, duplicates, failed, held, invalidReasons } = summary;
		const { messageable = 0, unknown = 0, notMessageable } = (summary.reach ?? {}) as Counts;
		const reached = messageable + unknown + sum(notMessageable);
		const valid = submitted + collected + failed + held;
		expect(reached).toBeGreaterThanOrEqual(valid);
		// The table finds further duplicates and people to forget when contacts are stored.
		const { forgotten = 0 } = invalidReasons as Counts;
		expect(reached).toBeLessThanOrEqual(valid + duplicates + forgotten);
		const saying = sayingNo(this.people, step);
		const ofThem = step.who.filter(({ place }) => saying.has(place));
		expect(sum(summary.optedOut)).toBeLessThanOrEqual(ofThem.length);
		if (this.options.optedOut === 'leaveOut') {
			// A row without the field may be invalid for another reason.
			const flagged = ofThem.filter(({ isSilent }) => !isSilent).length;
			expect(sum(summary.optedOut)).toBeGreaterThanOrEqual(flagged);
			expect((invalidReasons as Counts).opted_out ?? 0).toBe(sum(summary.optedOut));
		}
		if (this.options.unreachable === 'leaveOut') expect(sum(notMessageable)).toBe(0);
	}

	private checkPlan({ held, users, plan, submitted, collected }: Summary): void {
		expect(submitted + collected).toBe(0);
		const { batches } = plan as { batches: Array<{ users: number }> };
		expect(sum(batches.map((batch) => batch.users))).toBe(users ?? held);
	}
}

/** The people who say no in one of a run's rows. */
function sayingNo(people: Person[], { who: rows }: Step & { kind: 'add' }): Set<number> {
	const flagged = rows.filter(({ place, isSilent }) => people[place]?.saidNo && !isSilent);
	return new Set(flagged.map(({ place }) => place));
}

function inputOf(contacts: IDataObject[], as: 'items' | 'page' | 'file') {
	if (as === 'items') return { items: contacts };
	if (as === 'page') return { items: [{ results: contacts, total: contacts.length }] };
	const header = Object.keys(contacts[0] ?? {}).join(',');
	const lines = contacts.map((contact) => Object.values(contact).join(','));
	return { files: [{ name: 'list.csv', content: [header, ...lines].join('\n') }] };
}

function statusCounts(output: IDataObject[]): Counts {
	const counts: Counts = {};
	for (const { customAudience } of output) {
		const { status } = customAudience as { status: string };
		const key = status === 'duplicate' ? 'duplicates' : status;
		counts[key] = (counts[key] ?? 0) + 1;
	}
	return counts;
}

const STATUSES = ['submitted', 'collected', 'duplicates', 'invalid', 'failed', 'held'];

it('the counts add up, and no one is sent who must not be, with any options', async () => {
	const people = fc.array(person, { minLength: PEOPLE, maxLength: PEOPLE });
	const steps = fc.array(step, { minLength: 1, maxLength: 4 });
	await fc.assert(
		fc.asyncProperty(people, shared, steps, async (some, options, list) => {
			const one = new World(some, options, 'summary');
			const other = new World(some, options, 'users');
			for (const next of list) {
				const [summary = {}] = await one.do(next);
				const contacts = await other.do(next);
				if (next.kind !== 'add' || next.as === 'file') continue;
				expect(contacts).toHaveLength(next.who.length);
				const counts = statusCounts(contacts);
				for (const status of STATUSES) expect(counts[status] ?? 0).toBe(summary[status]);
			}
		}),
		{ seed: 20261130, numRuns: runsOf(240) },
	);
}, 300_000);
