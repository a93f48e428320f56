module.exports = require('n8n-bundle').workflow;
