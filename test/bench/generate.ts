import type { Contact } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import { seeded, type Random } from './random';

/** What a list is made of, in hundredths; what is left of 100 is canonical. */
export interface Mix {
	messy: number;
	bad: number;
}

/** The lists that the bench measures: as CRMs hold them, and each kind alone. */
export const MIXES: Record<'mixed' | 'canonical' | 'messy', Mix> = {
	mixed: { messy: 27, bad: 3 },
	canonical: { messy: 0, bad: 0 },
	messy: { messy: 100, bad: 0 },
};

type Line = { code: string; national: string; trunk: string; country: string };

// Ranges that regulators keep free for fiction; each x is a digit.
const LINES: readonly Line[] = [
	{ code: '1', national: '2xx55501xx', trunk: '', country: 'USA' },
	{ code: '1', national: '7xx55501xx', trunk: '', country: 'US' },
	{ code: '44', national: '7700900xxx', trunk: '0', country: 'UK' },
	{ code: '44', national: '2079460xxx', trunk: '0', country: 'United Kingdom' },
	{ code: '33', national: '63998xxxx', trunk: '0', country: 'FR' },
	{ code: '33', national: '19900xxxx', trunk: '0', country: 'France' },
	{ code: '49', national: '3023125xxx', trunk: '0', country: 'Germany' },
	{ code: '61', national: '25550xxxx', trunk: '0', country: 'AU' },
	{ code: '46', national: '8465004xx', trunk: '0', country: 'Sweden' },
	{ code: '353', national: '20910xxxx', trunk: '0', country: 'Ireland' },
];

const MESSY_PHONES: ReadonlyArray<(line: Line) => string | number> = [
	({ code, national }) =>
		`+${code} (${national.slice(0, 3)}) ${national.slice(3, 6)}-${national.slice(6)}`,
	({ code, national }) => `00${code}${national}`,
	({ code, national, trunk }) =>
		`+${code} (${trunk || '0'})${national.slice(0, 3)} ${national.slice(3)}`,
	({ code, national }) => `tel:+${code}-${national.slice(0, 3)}-${national.slice(3)}`,
	({ code, national }) => `\u202a+${code} ${national.slice(0, 4)}\u00a0${national.slice(4)}\u202c`,
	({ national, trunk }) =>
		`${trunk}${national.slice(0, 3)}.${national.slice(3, 6)}.${national.slice(6)}`,
	({ code, national }) => `${code}${national}.0`,
	({ code, national }) => `+${code}-${national.slice(0, 3)}-${national.slice(3)} ext. 12`,
	({ code, national }) =>
		`${code}${national}`.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
];

const MESSY_EMAILS: ReadonlyArray<(id: number) => string> = [
	(id) => `  User${id}@Example.COM `,
	(id) => `Mary Smith <User${id}@example.com>`,
	(id) => `mailto:user${id}@example.org`,
	(id) => `stanisław${id}@example.org`,
];

const BAD: readonly Contact[] = [
	{ email: 'a@b', phone: '123' },
	{ email: 'in ner@example.com', phone: '1.6505551212E10' },
	{ phone: '+1 650 555 0112 / +1 650 555 0113' },
	{ email: 'n/a', phone: '-' },
];

/** Contacts of a mix, the same for the same seed. */
export function generateContacts(count: number, { messy, bad }: Mix, seed = 1): Contact[] {
	const random = seeded(seed);
	return Array.from({ length: count }, (_, id) => {
		const share = random(100);
		const line = fill(pick(LINES, random), random);
		if (share < bad) return { ...pick(BAD, random) };
		if (share >= bad + messy)
			return { email: `user${id}@example.com`, phone: line.code + line.national };
		return {
			email: pick(MESSY_EMAILS, random)(id),
			phone: pick(MESSY_PHONES, random)(line),
			country: line.country,
		};
	});
}

function fill(line: Line, random: Random): Line {
	return { ...line, national: line.national.replace(/x/g, () => String(random(10))) };
}

function pick<T>(list: readonly T[], random: Random): T {
	return list[random(list.length)] as T;
}
