const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
// What may stand for a person in an answer: an address (plain or URL-encoded), a number, a hash.
const PERSONAL =
	/[^\s"'<>(){}[\],;:=&]+(?:@|%40)[^\s"'<>(){}[\],;:=&]+|[0-9a-f]{32,}|\+?\d(?:[\s().-]{0,2}\d){6,}/gi;
const LONGEST = 300;

/**
 * A text from the server without what could be a person's address, number or hash, or one of `secrets`, cut to
 * 300 characters: a message may quote the contact it complains of.
 */
export function redact(text: string, secrets: string[] = []): string {
	const withoutSecrets = secrets
		.filter((secret) => secret !== '')
		.reduce((shown, secret) => shown.split(secret).join('[hidden]'), text);
	const shown = withoutSecrets.replace(PERSONAL, '[hidden]').replace(/\s+/g, ' ').trim();
	return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** A request ID as it came when it looks like one, otherwise redacted like any text. */
export function redactRequestId(text: string): string {
	return UUID.test(text) ? text : redact(text);
}
