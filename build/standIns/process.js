module.exports = { version: '' };
