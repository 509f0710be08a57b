const base = require('../../jest.config.js');

/** Drives a real GIMP 3: `npm run test:gimp`. */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/gimp/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  testTimeout: 120_000,
};
