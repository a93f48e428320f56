import deburr from 'lodash/deburr';
import type { IDataObject, INodeListSearchItems } from 'n8n-workflow';

/** One entry of a list, with its whole name to be searched by. */
export interface ListItem extends INodeListSearchItems {
	value: string;
	/** What is searched; the name that is shown may be shortened. */
	searched: string;
}

/** The open list shows a line of some 50 letters and cuts the rest off, with the figures behind the name. */
const MOST_WIDTH = 20;

// Chinese, Japanese and Korean, and pictures.
const WIDE =
	/[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f000}-\u{3ffff}]/u;

const RIGHT_TO_LEFT =
	/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const MARKS_OF_DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A Messenger channel. A draft is none yet: nothing can be sent through it. */
export function channelItem(entry: IDataObject): ListItem | undefined {
	if (/^draft$/i.test(text(entry.State))) return undefined;
	// A direct customer's channel has no space of its own: there the instance's ID stands for it.
	const value = text(entry.CustSpaceId) || text(entry.InstanceId);
	return listItem(value, text(entry.InstanceName), [value, text(entry.State)]);
}

/** A Meta ad account. */
export function adAccountItem(entry: IDataObject): ListItem {
	const value = text(entry.AdAccountId);
	return listItem(value, text(entry.AdAccountName), [value, text(entry.Currency)]);
}

/** A custom audience, with how many of its people can be messaged. */
export function audienceItem(entry: IDataObject): ListItem {
	const value = text(entry.CustomAudienceId);
	const details = [statusInWords(text(entry.Status)), reachable(entry.TokenTotal), value];
	return listItem(value, text(entry.CustomAudienceName), details);
}

/** Whether an entry holds what a person typed, whatever its case, accents, width and ligatures: `grosse` finds `Größe`. */
export function matches(filter = ''): (item: ListItem) => boolean {
	const wanted = folded(filter.trim());
	return ({ searched }) => folded(searched).includes(wanted);
}

function folded(value: string): string {
	return deburr(value.normalize('NFKD')).toLowerCase();
}

function listItem(value: string, name: string, details: string[]): ListItem {
	const plain = name.replace(MARKS_OF_DIRECTION, '').trim();
	const shown = [isolated(shortened(plain)), ...details].filter(Boolean).join(' · ');
	return { name: shown, value, searched: [plain, ...details].join(' ') };
}

function shortened(name: string): string {
	const characters = [...name];
	let width = 0;
	const end = characters.findIndex((character) => {
		width += WIDE.test(character) ? 2 : 1;
		return width > MOST_WIDTH;
	});
	return end === -1 ? name : `${characters.slice(0, end).join('').trimEnd()}…`;
}

/** A name that is written from right to left would carry the figures behind it to its other side. */
function isolated(name: string): string {
	return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

function reachable(total: unknown): string {
	if (text(total) === '') return '';
	if (Number(total) === 0) return 'nobody yet';
	const count = Number(total).toLocaleString('en-US');
	return count === '1' ? '1 person' : `${count} people`;
}

// Meta's words for a custom audience's `operation_status`: 200 and 'NONE' say that there is nothing to say.
function statusInWords(status: string): string {
	if (/^(?:|none|normal|200)$/i.test(status)) return '';
	if (status === '471') return 'flagged by Meta';
	return status.replace(/_/g, ' ').toLowerCase();
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
