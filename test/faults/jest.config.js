/** Real processes, sockets and a disk that is really full: `npm run test:faults`. */
module.exports = {
  ...require('../../jest.config'),
  rootDir: '../..',
  // Processes are killed at every point here: what the system still holds of them is not waited for.
  forceExit: true,
  testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
