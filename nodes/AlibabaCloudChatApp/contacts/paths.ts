import get from 'lodash/get';
import toPath from 'lodash/toPath';
import type { FieldPaths, RawContact } from './contact';
import { optOutOf } from './findContact';

/** 'Map Each Field': reads the fields at the given paths. A path is parsed once, not for each item. */
export function contactReader(paths: FieldPaths): (json: Record<string, unknown>) => RawContact {
	const email = valueReader(paths.email);
	const phone = valueReader(paths.phone);
	const country = valueReader(paths.country);
	const at = given(paths);
	return (json) => {
		const raw: RawContact = { email: email(json), phone: phone(json), country: country(json), at };
		const optedOutBy = optOutOf(json);
		if (optedOutBy !== undefined) raw.optedOutBy = optedOutBy;
		return raw;
	};
}

function given(paths: FieldPaths): FieldPaths {
	const entries = Object.entries(paths).map(([field, path]) => [field, path?.trim()] as const);
	return Object.fromEntries(entries.filter(([, path]) => path));
}

/** Reads the value at a data path; undefined where there is none. */
export function valueReader(path: string | undefined): (json: Record<string, unknown>) => unknown {
	const written = path?.trim();
	if (!written) return () => undefined;
	const keys = toPath(written);
	// A path that leads nowhere may be a key that holds the dot itself, as spreadsheet headers do.
	return (json) => get(json, keys, Object.hasOwn(json, written) ? json[written] : undefined);
}
