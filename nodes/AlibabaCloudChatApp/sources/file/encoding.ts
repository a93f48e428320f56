import { looksWide } from './kind';

/** How a file's bytes are read; `auto`: as its beginning tells. */
export type Encoding = 'auto' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes to text, piece by piece; called without bytes at the end. */
export type Decode = (bytes?: Uint8Array) => string;

/** @param head the file's beginning */
export function decoder(encoding: Encoding, head: Uint8Array): Decode {
	const known = encoding === 'auto' ? (looksWide(head) ?? 'auto') : encoding;
	if (known === 'auto') return decodeGuessing();
	return known === 'windows-1252' ? decodeWindows : decodeAs(known);
}

function decodeAs(label: string): Decode {
	const decode = new TextDecoder(label);
	return (bytes) => decode.decode(bytes, { stream: bytes !== undefined });
}

/** UTF-8, unless the first bytes beyond ASCII say otherwise: then Windows-1252, as Excel saves CSV. */
function decodeGuessing(): Decode {
	let decided: Decode | undefined;
	// A sign's first bytes at the end of a piece: whether they are UTF-8 shows with the next.
	let held = new Uint8Array(0);
	return (bytes) => {
		if (decided) return decided(bytes);
		const known = Buffer.concat([held, bytes ?? new Uint8Array(0)]);
		const end = bytes ? wholeUpTo(known) : known.length;
		const whole = known.subarray(0, end);
		held = known.subarray(end);
		const latin = whole.toString('latin1');
		if (!BEYOND_ASCII.test(latin)) return latin;
		decided = isUtf8(whole) ? decodeAs('utf-8') : decodeWindows;
		const text = decided(Buffer.concat([whole, held]));
		return bytes ? text : text + decided();
	};
}

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;

// What follows the last ASCII sign may be cut in the middle.
function wholeUpTo(bytes: Uint8Array): number {
	let end = bytes.length;
	while (end > 0 && bytes.length - end < 3 && (bytes[end - 1] as number) >= 0x80) end--;
	return end;
}

// One broken sign among many good ones doesn't make it another encoding.
function isUtf8(bytes: Uint8Array): boolean {
	const text = new TextDecoder().decode(bytes);
	const broken = text.match(/\ufffd/g)?.length ?? 0;
	return broken === 0 || (text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0) > 2 * broken;
}

/** What Windows-1252 has where Latin-1 has control characters. */
const WINDOWS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

// By hand: Node's own decoder of that name is Latin-1's in several versions (in 20.20, for example).
function decodeWindows(bytes: Uint8Array = new Uint8Array(0)): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
		.toString('latin1')
		.replace(/[\x80-\x9f]/g, (sign) => WINDOWS[sign.charCodeAt(0) - 0x80] as string);
}
