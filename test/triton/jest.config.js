const shared = require('../../jest.config.js');

/** Needs Linux on x86-64 and the Python of TRITON_PYTHON with requirements.txt, numpy and onnxruntime. */
module.exports = {
  ...shared,
  rootDir: '../..',
  testTimeout: 300_000,
  testMatch: ['<rootDir>/test/triton/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
