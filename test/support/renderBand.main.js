require('./register-typescript');
// A thread that renders bands, from its sources.
require('../../bridge-server/compose/renderBand');
