// As a pattern, since it never parts the two halves of a character.
const PIECES = /[^]{1,30000}/gu;

/**
 * A form as the bytes of a body: the same as those of the SDK's own form, which is put together sign by sign and takes half
 * the time of sending a batch. It is encoded in pieces, since V8 keeps texts of more than 128 KB until it tidies up
 * everything: the bodies of a million users took 100 MB.
 * @throws URIError at half a character
 */
export function formBody(form: Record<string, string>): Buffer {
	const pieces = Object.entries(form).flatMap(([name, value], index) => [
		`${index > 0 ? '&' : ''}${encodeURIComponent(name)}=`,
		...(value.match(PIECES) ?? []).map((piece) => encodeURIComponent(piece)),
	]);
	const body = Buffer.allocUnsafeSlow(pieces.reduce((bytes, { length }) => bytes + length, 0));
	let end = 0;
	for (const piece of pieces) end += body.write(piece, end, 'latin1');
	return body;
}
