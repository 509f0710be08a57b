/** Long runs, outside of `npm test`: `npm run test:soak`. */
module.exports = {
  ...require('../../jest.config'),
  rootDir: '../..',
  testMatch: ['<rootDir>/test/soak/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
