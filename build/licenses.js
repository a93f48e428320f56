const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const RULE = `\n\n${'-'.repeat(80)}\n\n`;

/**
 * The licenses of bundled packages as one text.
 * @param folders of the packages, each with its package.json
 */
exports.licensesOf = function licensesOf(folders) {
	return `These libraries are part of the files in this folder.${RULE}${folders.map(licenseOf).join(RULE)}\n`;
};

function licenseOf(folder) {
	const { name, version, license, author } = JSON.parse(
		readFileSync(join(folder, 'package.json'), 'utf8'),
	);
	const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
	const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
	const by = typeof author === 'string' ? author : author?.name;
	const head = [`${name} ${version}`, license, by].filter(Boolean).join(', ');
	return [head, ...(texts.length > 0 ? texts : [standardText(license)])].join('\n\n');
}

// Some packages, Alibaba Cloud's among them, name their license without its text.
function standardText(license) {
	const { licenseText } = require(`spdx-license-list/licenses/${license}`);
	return licenseText.trim();
}
