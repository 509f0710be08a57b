/** Takes the guide's pictures anew: `npm run write:screenshots`. Not a test, and run only on purpose. */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/browser/screenshots.ts'],
};
