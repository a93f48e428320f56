import type { Level } from './level';
import { compact } from './words';

const NAME_KEYS = ['name', 'fullname', 'displayname'];
const FIRST_KEYS = ['firstname', 'givenname', 'fname'];
const LAST_KEYS = ['lastname', 'surname', 'familyname', 'lname'];
const MAX_NAME = 200;

/** Whether a delivery goes to the contact: a gift goes to somebody else, whose number is in the address. */
export function isOwnShipping(shipping: Level, levels: Level[]): boolean {
	const recipient = nameIn(shipping.json);
	// Nothing says that it is somebody else's.
	if (recipient === undefined) return true;
	const billing = levels.flatMap(({ json, layout }) => layout.address.map(({ key }) => json[key]));
	return [...levels.map(({ json }) => json as unknown), ...billing].some(
		(each) => nameIn(each) === recipient,
	);
}

function nameIn(json: unknown): string | undefined {
	if (typeof json !== 'object' || json === null) return undefined;
	const texts = new Map<string, string>();
	for (const [key, value] of Object.entries(json).slice(0, 100)) {
		if (key.length <= 30 && typeof value === 'string' && value.length <= MAX_NAME) {
			texts.set(compact(key), compact(value));
		}
	}
	const first = FIRST_KEYS.map((key) => texts.get(key)).find(Boolean);
	const last = LAST_KEYS.map((key) => texts.get(key)).find(Boolean);
	const whole = NAME_KEYS.map((key) => texts.get(key)).find(Boolean);
	return first || last ? `${first ?? ''}${last ?? ''}` : whole;
}
