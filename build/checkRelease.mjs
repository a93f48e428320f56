// Checks, before a release is built, the package's repository, its version, and its entry in the changelog.
import { readFileSync } from 'node:fs';

const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
const { GITHUB_REPOSITORY = 'OWNER/NAME', GITHUB_REF_NAME = `v${version}` } = process.env;
const wanted = `git+https://github.com/${GITHUB_REPOSITORY}.git`;
const found = [];

if (repository?.url !== wanted) {
	found.push(
		`"repository" in package.json names ${repository?.url}. npm publishes with provenance only what says where it was built: set its "url" to ${wanted}.`,
	);
}
if (GITHUB_REF_NAME !== `v${version}`) {
	found.push(
		`The tag is ${GITHUB_REF_NAME}, but "version" in package.json is ${version}. Make them the same.`,
	);
}
if (!readFileSync('CHANGELOG.md', 'utf8').includes(`## [${version}]`)) {
	found.push(`CHANGELOG.md has no heading "## [${version}]". Say there what is new for users.`);
}
for (const sentence of found) console.error(sentence);
process.exitCode = found.length === 0 ? 0 : 1;
