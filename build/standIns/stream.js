module.exports = { Readable: class Readable {} };
