const shared = require('../../jest.config.js');

/**
 * Real farms on this machine: a Slurm of one node where slurmctld, slurmd and munge are installed and
 * the user is root, OpenJobDescription where `openjd` is on the path; at least one of both.
 */
module.exports = {
  ...shared,
  rootDir: '../..',
  testTimeout: 300_000,
  testMatch: ['<rootDir>/test/farm/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
