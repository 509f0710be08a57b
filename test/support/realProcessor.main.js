require('./register-typescript');
const { hostProcessor } = require('../../bridge-server/worker/hostProcessor');
const { openProcessor } = require('../../bridge-server/openProcessor');

// The inference process as it is, from its sources.
void hostProcessor(() => openProcessor());
