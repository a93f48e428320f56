/** As Node's own, for values that are texts. */
exports.stringify = (values, separator = '&') =>
	Object.entries(values)
		.map((pair) => pair.map(encodeURIComponent).join('='))
		.join(separator);
