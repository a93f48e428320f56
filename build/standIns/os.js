module.exports = { platform: () => '', arch: () => '' };
