/** However a text nests its encodings, no more than this many readings of it are made. */
const MOST_READINGS = 40;
const ROUNDS = 5;

const NAMES: Record<string, string> = {
	commat: '@',
	period: '.',
	plus: '+',
	lowbar: '_',
	hyphen: '-',
	dash: '-',
	nbsp: ' ',
	quot: '"',
	apos: "'",
	amp: '&',
};

/**
 * The texts that a text may stand for: itself, and what is left when URL encoding, entities, escapes, base64, hex,
 * character codes, ROT13 or mirror writing are taken off it, in any order.
 */
export function readingsOf(text: string): string[] {
	const known = new Set<string>();
	let pending = [text];
	for (let round = 0; round < ROUNDS; round++) {
		const next: string[] = [];
		for (const one of pending) {
			if (known.has(one) || known.size >= MOST_READINGS) continue;
			known.add(one);
			next.push(unescaped(one), ...unpacked(one));
		}
		pending = next;
	}
	for (const one of [unescaped(text), text]) known.add(mirrored(one)).add(rot13(one));
	return [...known];
}

/** One layer of URL encoding, entities and escapes less. */
function unescaped(text: string): string {
	const code = (digits: string, radix: number) => character(parseInt(digits, radix));
	return text
		.replace(/(?:[%=][0-9a-f]{2})+/gi, (run) => {
			return Buffer.from(run.replace(/[%=]/g, ''), 'hex').toString('utf8');
		})
		.replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => code(hex, 16))
		.replace(/&#(\d{1,7});?/g, (_, decimal: string) => code(decimal, 10))
		.replace(/&([a-z]{3,8});/gi, (all, name: string) => NAMES[name.toLowerCase()] ?? all)
		.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => code(hex, 16))
		.replace(/(?:\\u\{|U\+)([0-9a-f]{1,6})\}?/gi, (_, hex: string) => code(hex, 16))
		.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => code(hex, 16))
		.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => code(octal, 8));
}

/** What base64, hex and lists of character codes in a text say. */
function unpacked(text: string): string[] {
	const found: string[] = [];
	for (const one of new Set([text, text.replace(/\s/g, '')])) {
		for (const [run] of one.matchAll(/[A-Za-z0-9+/_-]{6,}/g)) {
			// Where it begins isn't known when letters stand before it.
			for (let at = 0; at < 4; at++) found.push(Buffer.from(run.slice(at), 'base64').toString());
		}
	}
	for (const [run] of text.matchAll(/(?:[0-9a-f]{2}[\s:,-]?){4,}/gi)) {
		found.push(Buffer.from(run.replace(/[^0-9a-f]/gi, ''), 'hex').toString());
	}
	for (const [run] of text.matchAll(/(?:\d{2,3}[\s,;]{1,2}){3,}\d{2,3}/g)) {
		found.push(run.split(/\D+/).map(Number).map(character).join(''));
	}
	return found.filter(isReadable);
}

/** Whether most of a text is letters, digits and punctuation, as what was decoded by mistake is not. */
function isReadable(text: string): boolean {
	const odd = text.match(/[^\x20-\x7e\p{L}\p{N}]/gu)?.length ?? 0;
	return text.length >= 3 && odd * 5 <= text.length;
}

function character(code: number): string {
	return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function mirrored(text: string): string {
	return [...text].reverse().join('');
}

function rot13(text: string): string {
	return text.replace(/[a-z]/gi, (letter) => {
		const first = letter <= 'Z' ? 65 : 97;
		return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
	});
}
