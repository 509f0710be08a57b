require('./register-typescript');
// The importing process in tests: the real one, from its sources.
require('../../bridge-server/importer/main');
