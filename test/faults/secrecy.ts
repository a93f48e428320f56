import { DEFAULT_KEY } from '../simulator/simulator';
import type { Check } from './invariants';
import { CONTACTS, SENT, type Outcome } from './runCase';

// The contacts themselves, and the input's own JSON that n8n passes on, are no leak; everything that we wrote is.
/** Checks that nothing the node wrote names a person, a secret or a URL with its data. */
export function checkSecrecy({ error, main, errorOutput, hints }: Outcome, check: Check) {
	const written = JSON.stringify([
		error,
		error?.message,
		error?.stack,
		hints,
		main.map(({ json }) => [json.customAudience, json.batches, json.warnings]),
		errorOutput.map(({ json }) => [json.error, json.details]),
	]).toLowerCase();
	const secrets = [
		...SENT.filter((user) => user !== undefined),
		...CONTACTS.flatMap(({ email, phone }) => [email, phone]),
		DEFAULT_KEY.accessKeySecret,
		'custspaceid=',
		'signature=',
		'diverted',
	];
	for (const secret of secrets) {
		const text = String(secret ?? ' never').toLowerCase();
		for (const form of [
			text,
			encodeURIComponent(text).toLowerCase(),
			text.replace(/\D/g, '') || ' never',
		]) {
			check(form.length < 7 || !written.includes(form), `'${form}' stands in what the node wrote`);
		}
	}
}
