import { phoneHeadings } from '../headings';

// What stands around a number without being a part of it.
const EXTENSION =
	/[\s,;]*(?:;ext=|\b(?:extension|extn?|ext)(?![a-z])[.:\s]*|(?<=[\d\s.,)])x[.:\s]*|#\s*|,{2,}\s*)\d{1,7}$/i;
// A link or an ID of WhatsApp holds the number with its country code.
const WHATSAPP_LINK =
	/^(?:https?:\/\/)?(?:www\.)?(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?(?:.*&)?phone=|whatsapp:\/\/send\/?\?(?:.*&)?phone=)(?:\+|%2b)?\s*(\d+)(?:[/?&#].*)?$/i;
const WHATSAPP_ID = /^(\d{7,15})(?::\d+)?@(?:c\.us|s\.whatsapp\.net)$/i;
const LABEL_BEFORE = /^(\p{L}[\p{L}\p{M}. -]{0,30}?)\s*[.:]+\s*(?:\/\/)?(?=[+(\d])/u;
const LABEL_BESIDE = /^(\p{L}[\p{L}\p{M}]{1,20})\.?\s+(?=[+(\d])/u;
const LABEL_AFTER = /\s*\(([\p{L}\p{M} .-]{1,20})\)$/u;
const SHORT_LABELS =
	'tel phone ph mobile mob mobil cell cellular whatsapp wa sms callto handy gsm fon fone tél movil cel celular portable t p m h w c o home work office business private privat direct main personal primary'.split(
		' ',
	);
let labels: Set<string> | undefined;

/** Without quotes, a formula's sign and square brackets; the number in a link or an ID of WhatsApp with a plus. */
export function withoutWrapping(text: string): string {
	const bare = text.trim().replace(/^'/, '').trim();
	const unquoted = /^=?\s*(["'])(.*)\1$/.exec(bare)?.[2] ?? bare;
	const number = WHATSAPP_LINK.exec(unquoted)?.[1] ?? WHATSAPP_ID.exec(unquoted)?.[1];
	if (number !== undefined) return `+${number}`;
	return unquoted.replaceAll('[', '(').replaceAll(']', ')').trim();
}

/** Without a label before or behind the number and without its extension. A label that is none of a phone's stays. */
export function withoutAdditions(text: string): string {
	return text
		.replace(LABEL_BEFORE, unlessUnknown)
		.replace(LABEL_BESIDE, unlessUnknown)
		.replace(LABEL_AFTER, unlessUnknown)
		.replace(EXTENSION, '')
		.replace(/[\s,;]+$/, '');
}

function unlessUnknown(all: string, label: string): string {
	labels ??= new Set([...SHORT_LABELS, ...phoneHeadings().map(plain)]);
	return labels.has(plain(label)) ? '' : all;
}

function plain(label: string): string {
	return label.toLowerCase().replace(/[.\s]+$/, '');
}
