/** What ElectroDB finds where it requires `@aws-sdk/lib-dynamodb`: electrodb.mjs puts the commands in. */
module.exports = {};
