const shared = require('../../jest.config.js');

/** Needs Python with requirements.txt, and ImageMagick; kept out of `npm test`. */
module.exports = {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/psd-tools/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
