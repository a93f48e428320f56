import { createHash } from 'node:crypto';

/** How identifiers are sent: in their plain canonical form, or as SHA-256 of that form. */
export type HashMode = 'none' | 'sha256';

const SHA256_HEX = /^[0-9a-f]{64}$/i;
const MD5_HEX = /^[0-9a-f]{32}$/i;

/** Whether the text is a SHA-256 hash already: 64 hex digits, in either case. */
export function isSha256(text: string): boolean {
	return text.length === 64 && SHA256_HEX.test(text);
}

/** Whether the text looks like an MD5 hash: 32 hex digits, in either case. */
export function isMd5(text: string): boolean {
	return text.length === 32 && MD5_HEX.test(text);
}

/**
 * The identifier as it is sent: as it is, or as 64 lower-case hex digits.
 * A value that is a SHA-256 hash already is never hashed twice.
 * @see https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
export function withHash(canonical: string, mode: HashMode): string {
	if (mode === 'none' || isSha256(canonical)) return canonical;
	return createHash('sha256').update(canonical, 'utf8').digest('hex');
}
