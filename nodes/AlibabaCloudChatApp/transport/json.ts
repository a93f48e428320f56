/** No answer of the API is nested deeper than a few levels; what walks through a deeper one might not come back. */
const DEEPEST = 64;

/** The JSON object in a text; undefined when it holds none, or one that is nested beyond reason. */
export function parseObject(text: string): Record<string, unknown> | undefined {
	if (isTooDeep(text)) return undefined;
	try {
		const value: unknown = JSON.parse(text, withoutPrototype(text));
		return value !== null && typeof value === 'object' && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		// Not the API's JSON: the caller tells it as such, without quoting it.
		return undefined;
	}
}

// Whatever copies such an object key by key would change its prototype. A reviver costs time, so only where it may be needed.
function withoutPrototype(text: string) {
	if (!/__proto__|\\u00[567]/i.test(text)) return undefined;
	return (key: string, value: unknown) => (key === '__proto__' ? undefined : value);
}

function isTooDeep(text: string): boolean {
	let depth = 0;
	let inString = false;
	for (let at = 0; at < text.length; at++) {
		const sign = text[at];
		if (inString) {
			if (sign === '\\') at++;
			else if (sign === '"') inString = false;
		} else if (sign === '"') inString = true;
		else if (sign === '{' || sign === '[') {
			if (++depth > DEEPEST) return true;
		} else if (sign === '}' || sign === ']') depth--;
	}
	return false;
}
