const globals = { Map, Symbol, '__core-js_shared__': undefined };

module.exports = new Proxy(globals, {
	get(target, name) {
		if (!(name in target)) throw new Error(`lodash now needs the global ${String(name)}`);
		return target[name];
	},
});
