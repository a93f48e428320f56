import { libraryPlan, plansOfCode, type LibraryPlan } from './phoneLibrary';

/** What is needed of a numbering plan to judge a number without parsing it. */
export interface Plan {
	callingCode: string;
	/** Lengths of a national number, in digits, that are possible in every country of the calling code. */
	possible: ReadonlySet<number>;
	/** Lengths that are possible in any country of the calling code. */
	thinkable: ReadonlySet<number>;
	/** National prefixes as they begin a number; undefined when the country has none. */
	prefix?: RegExp;
	/** International prefixes as they are dialled in the country. */
	internationalPrefix?: RegExp;
	/** Lengths that numbers of people have: of landlines and mobiles, in any country of the calling code. */
	usual: ReadonlySet<number>;
	/** The shape of the numbers that the plan has room for. */
	pattern: RegExp;
	/** The shape of the numbers that are really handed out, of every country of the calling code. */
	assigned: () => RegExp;
}

const TYPES =
	'FIXED_LINE MOBILE TOLL_FREE PREMIUM_RATE PERSONAL_NUMBER VOICEMAIL UAN PAGER VOIP SHARED_COST'.split(
		' ',
	);

// Ranges that regulators keep free for examples, as people try things out with them: in North America area code 555 and
// the lines 555-0100 to 0199, in Britain 07700 900, in France 06 39 98, in Ireland 020 91.
const EXAMPLES = /^(?:1555\d{7}|1[2-9]\d{2}55501\d{2}|447700900\d{3}|3363998\d{4}|3532091\d{5})$/;

const plans = new Map<string, Plan | undefined>();
const plansByStart = new Array<Plan | undefined>(1000);
const ZEROS = '0'.charCodeAt(0) * 111;

/**
 * The numbering plan of a country (ISO 3166 alpha-2) or of a calling code ('49'; for shared codes the main country's).
 * @returns undefined when there is none
 */
export function planOf(countryOrCode: string): Plan | undefined {
	const known = plans.get(countryOrCode);
	if (known || plans.has(countryOrCode)) return known;
	const plan = readPlan(countryOrCode);
	plans.set(countryOrCode, plan);
	return plan;
}

/** The plan of the calling code that the digits begin with. No calling code begins with another. */
export function planOfDigits(digits: string): Plan | undefined {
	// Asked several times for each number: the plan is kept by the first three digits as a number.
	const start =
		digits.charCodeAt(0) * 100 + digits.charCodeAt(1) * 10 + digits.charCodeAt(2) - ZEROS;
	let plan = plansByStart[start];
	if (plan !== undefined) return plan;
	plan = planOf(digits.slice(0, 1)) ?? planOf(digits.slice(0, 2)) ?? planOf(digits.slice(0, 3));
	if (start >= 0 && plan) plansByStart[start] = plan;
	return plan;
}

/** Whether the digits, with their country code, are of a shape that their plan has room for. */
export function fitsPlan(digits: string): boolean {
	const plan = planOfDigits(digits);
	return plan?.pattern.test(digits.slice(plan.callingCode.length)) ?? false;
}

/** Whether the digits, with their country code, are of a shape that is handed out: far fewer than fit the plan. */
export function isAssigned(digits: string): boolean {
	if (EXAMPLES.test(digits)) return true;
	const plan = planOfDigits(digits);
	return plan?.assigned().test(digits.slice(plan.callingCode.length)) ?? false;
}

/** Whether the digits, with their country code, are as long as a landline's or a mobile's number of their plan. */
export function hasUsualLength(digits: string): boolean {
	const plan = planOfDigits(digits);
	return plan?.usual.has(digits.length - plan.callingCode.length) ?? false;
}

function readPlan(countryOrCode: string): Plan | undefined {
	const plan = libraryPlan(countryOrCode);
	if (!plan) return undefined;
	const start = (pattern: string | undefined) =>
		pattern ? new RegExp(`^(?:${pattern})`) : undefined;
	const sharing = plansOfCode(plan.callingCode());
	let assigned: RegExp | undefined;
	return {
		...lengthsOf(plan, sharing),
		callingCode: plan.callingCode(),
		usual: new Set([plan, ...sharing].flatMap(usualLengths)),
		prefix: start(plan.nationalPrefixForParsing()),
		internationalPrefix: start(plan.IDDPrefix()),
		pattern: whole(plan.nationalNumberPattern()),
		assigned: () => (assigned ??= whole([plan, ...sharing].flatMap(assignedShapes).join('|'))),
	};
}

function whole(pattern: string): RegExp {
	return new RegExp(`^(?:${pattern})$`);
}

function assignedShapes(plan: LibraryPlan): string[] {
	return TYPES.flatMap((type) => plan.type(type)?.pattern() ?? []);
}

function usualLengths(plan: LibraryPlan): number[] {
	const types = ['FIXED_LINE', 'MOBILE'].flatMap((type) => plan.type(type) ?? []);
	return types.flatMap((type) => type.possibleLengths() ?? plan.possibleLengths());
}

// Countries that share a calling code (+1, +599) differ in their lengths, and the library picks among them by the digits.
function lengthsOf(
	plan: LibraryPlan,
	sharing: LibraryPlan[],
): Pick<Plan, 'possible' | 'thinkable'> {
	const all = [plan, ...sharing].map((each) => each.possibleLengths());
	const thinkable = new Set(all.flat());
	const possible = [...thinkable].filter((length) => all.every((each) => each.includes(length)));
	return { possible: new Set(possible), thinkable };
}
