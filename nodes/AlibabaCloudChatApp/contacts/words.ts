import * as vocabulary from './vocabulary';

const MAX_NAME = 100;
const NAMES_KEPT = 2000;
const wordsKept = new Map<string, readonly string[]>();
let known: ReadonlySet<string> | undefined;

/** A name without case, accents, spaces and punctuation: "E-Mail Adresse" and "emailadresse" are one. */
export function compact(name: string): string {
	return name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/ı/g, 'i')
		.replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The words of a key: `hs_phoneNumber`, "E-Mail Address" and `workphone1` are taken apart.
 * @returns none for a key that is too long to name a field
 */
export function wordsOf(name: string): readonly string[] {
	if (name.length > MAX_NAME) return [];
	const kept = wordsKept.get(name);
	if (kept) return kept;
	const words = takeApart(name);
	if (wordsKept.size >= NAMES_KEPT) wordsKept.clear();
	wordsKept.set(name, words);
	return words;
}

function takeApart(name: string): string[] {
	return (
		name
			.normalize('NFKD')
			.replace(/\p{M}/gu, '')
			// JotForm numbers its questions: q3_email.
			.replace(/^q\d+(?:_|(?=\p{Lu}))/u, '')
			.replace(/e[.\s_-]?164/gi, ' international ')
			.replace(/whats\s?app/gi, ' whatsapp ')
			.replace(/iPhone/g, 'iphone')
			.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
			.replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
			.replace(/(\p{L})(\p{N})/gu, '$1 $2')
			.replace(/(\p{N})(\p{L})/gu, '$1 $2')
			.toLowerCase()
			.replace(/\be[^\p{L}\p{N}]?mail/gu, 'email')
			.split(/[^\p{L}\p{N}]+/u)
			.filter((word) => word !== '')
			.flatMap(apart)
	);
}

// "mobilephone" is two words that are known; "automobile" is none.
function apart(word: string): string[] {
	known ??= loadKnown();
	if (known.has(word) || word.length > 40) return [word];
	for (let end = word.length - 1; end >= 2; end--) {
		const first = word.slice(0, end);
		if (!known.has(first)) continue;
		const rest = apart(word.slice(end));
		if (rest.every((each) => known?.has(each))) return [first, ...rest];
	}
	return [word];
}

function loadKnown(): Set<string> {
	const { OTHERS, ABOUT, EMAIL_WORDS, PHONE_WORDS, COUNTRY_WORDS, ADDRESS_WORDS } = vocabulary;
	const { SHIPPING_WORDS, PLACE_WORDS, MODIFIERS, WRAPPERS, PERHAPS, COUNTRY_RANKS, DIAL_WORDS } =
		vocabulary;
	const lists = [OTHERS, ABOUT, EMAIL_WORDS, PHONE_WORDS.keys(), COUNTRY_WORDS, ADDRESS_WORDS];
	const more = [SHIPPING_WORDS, PLACE_WORDS, MODIFIERS.keys(), WRAPPERS, PERHAPS];
	const words = [...lists, ...more, COUNTRY_RANKS.keys(), DIAL_WORDS].flatMap((each) => [...each]);
	return new Set(words.filter((word) => word.length > 1));
}
