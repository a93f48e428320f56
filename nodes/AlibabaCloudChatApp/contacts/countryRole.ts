import type { Role } from './fieldRole';
import * as vocabulary from './vocabulary';

/** The role of a key that names a country or the calling code of a phone; undefined for any other. */
export function countryRole(words: readonly string[]): Role {
	const { COUNTRY_WORDS, COUNTRY_RANKS, PLACE_WORDS } = vocabulary;
	const dials = words.some((word) => vocabulary.DIAL_WORDS.has(word));
	const rest = words.filter((word) => !COUNTRY_WORDS.has(word));
	if (rest.length === words.length) return dialRole(words, dials);
	if (dials) return { slot: 'dial', rank: 1 };
	if (rest.some((word) => PLACE_WORDS.has(word))) return { slot: 'placeCountry', rank: 0 };
	const ranks = rest.map((word) => COUNTRY_RANKS.get(word));
	if (ranks.includes(undefined)) return { slot: 'rest', rank: 0 };
	const rank = Math.max(0, ...(ranks as number[]));
	const codes = words.some((word) => ['code', 'iso', 'alpha'].includes(word)) ? 0 : 0.6;
	return { slot: rank >= 20 ? 'addressCountry' : 'country', rank: rank + codes };
}

// "phone_prefix", "dial code".
function dialRole(words: readonly string[], dials: boolean): Role {
	const codes = words.some((word) => word === 'code' || word === 'prefix');
	if (!dials || !codes || words.includes('with') || words.includes('including')) return undefined;
	return { slot: 'dial', rank: 0 };
}
