require('./register-typescript');
const { hostProcessor } = require('../../bridge-server/worker/hostProcessor');
const { createFakeProcessor } = require('./fakeProcessor');

// The server's child process in tests: the real boundary, a scripted processor behind it.
void hostProcessor(async () => createFakeProcessor());
