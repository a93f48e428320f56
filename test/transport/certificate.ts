import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/**
 * A self-signed certificate for localhost and 127.0.0.1, created when it is needed: the repository contains no key, and no
 * tool such as openssl is required.
 * @returns PEM key and certificate; the certificate can be used as its own authority
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function makeCertificate(now = Date.now()): { key: string; cert: string } {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const name = sequence(set(sequence(oid('550403'), der(0x0c, Buffer.from('localhost')))));
	const algorithm = sequence(oid('2a8648ce3d040302'));
	const day = 24 * 60 * 60 * 1000;
	const content = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
		algorithm,
		name,
		sequence(time(now - day), time(now + day)),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
		der(0xa3, sequence(authority(), alternativeNames())),
	);
	const signature = sign('sha256', content, privateKey);
	const certificate = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature));
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		cert: pem(certificate),
	};
}

function authority(): Buffer {
	const isAuthority = sequence(der(0x01, Buffer.from([0xff])));
	return sequence(oid('551d13'), der(0x01, Buffer.from([0xff])), der(0x04, isAuthority));
}

function alternativeNames(): Buffer {
	const names = sequence(
		der(0x82, Buffer.from('localhost')),
		der(0x82, Buffer.from('cams.example.com')),
		der(0x87, Buffer.from([127, 0, 0, 1])),
	);
	return sequence(oid('551d11'), der(0x04, names));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const { length } = content;
	const size =
		length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const set = (...parts: Buffer[]) => der(0x31, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));

function time(at: number): Buffer {
	return der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}

function pem(content: Buffer): string {
	const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
