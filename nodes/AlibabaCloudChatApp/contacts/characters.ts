const FULL_WIDTH = /[\uff01-\uff5e]/g;
const ASCII = /^[\0-\x7f]*$/;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;
// Mathematical digits: five sets of ten, one after the other.
const MATH_DIGITS = 0x1d7ce;
const DIGIT = /\p{Nd}/u;

/** Full-width letters, digits and punctuation, as East Asian keyboards give them, as their ASCII twins. */
export function halfWidth(text: string): string {
	if (ASCII.test(text)) return text;
	return text.replace(FULL_WIDTH, (character) =>
		String.fromCharCode(character.charCodeAt(0) - 0xfee0),
	);
}

/** The decimal digits of every script as 0 to 9; everything else stays. */
export function asciiDigits(text: string): string {
	return text.replace(OTHER_DIGIT, (character) => {
		const code = character.codePointAt(0) ?? 0;
		if (code >= MATH_DIGITS) return String((code - MATH_DIGITS) % 10);
		// A script's ten digits stand in a row that starts at a code point ending in 0 or in 6.
		const row = code & ~0xf;
		return String(DIGIT.test(String.fromCodePoint(row)) ? code - row : code - row - 6);
	});
}
