import { createHash } from 'node:crypto';
import { cleanContact, type Cleaned } from '../../nodes/AlibabaCloudChatApp/contacts/contact';
import vectors from './canonical-vectors.json';

type Vector = {
	in: unknown;
	country?: string | null;
	out?: string;
	refused?: boolean;
	absent?: boolean;
	sha256?: string;
};

const KINDS = { phone: 'Phone', email: 'Email' } as const;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const isHash = (text: string) => text.length === 64;

describe.each(['phone', 'email'] as const)('%s vectors', (kind) => {
	const clean = (vector: Vector, hash: 'none' | 'sha256'): Cleaned =>
		cleanContact({ [kind]: vector.in }, { defaultCountry: vector.country ?? '', hash });

	it.each(vectors[kind] as Vector[])('$in ($country) returns its canonical form', (vector) => {
		const cleaned = clean(vector, 'none');
		if (vector.out) expect(cleaned).toMatchObject({ user: { [KINDS[kind]]: vector.out } });
		if (vector.absent) expect(cleaned).toEqual({ reason: 'no_email_or_phone' });
		if (vector.refused) {
			expect(cleaned).toEqual({ reason: expect.stringMatching(`^(${kind}|hash)_`) });
		}
	});

	it.each((vectors[kind] as Vector[]).filter(({ out }) => out))(
		'$in ($country) is hashed in its canonical form, once',
		(vector) => {
			const plain = vector.out as string;
			const expected = vector.sha256 ?? (isHash(plain) ? plain : sha256(plain));
			expect(clean(vector, 'sha256')).toMatchObject({ user: { [KINDS[kind]]: expected } });
		},
	);
});

it("hashes a phone to Meta's published value", () => {
	expect(cleanContact({ phone: '+1 (555) 987-6543' }, { hash: 'sha256' })).toEqual({
		user: { Phone: '1ef970831d7963307784fa8688e8fce101a15685d62aa765fed23f3a2c576a4e' },
	});
});
