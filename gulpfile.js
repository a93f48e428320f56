const { dest, parallel, src } = require('gulp');

// tsc emits JavaScript only; icons and codex files have to follow it into dist/.
// `encoding: false` keeps gulp from reading files as UTF-8 text.
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json', { encoding: false }).pipe(dest('dist/nodes'));

exports.default = parallel(icons, codex);
