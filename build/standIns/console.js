const silent = () => {};

module.exports = { log: silent, warn: silent, error: silent };
