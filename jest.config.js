// npm's `node-options` (.npmrc) load an ES module first; processes that tests start with `-r` would then
// know no TypeScript.
process.env.NODE_OPTIONS = '';

/** @type {import('jest').Config} */
module.exports = {
  // Networks run in some tests; a loaded machine takes its time.
  testTimeout: 60_000,
  testEnvironment: '<rootDir>/test/support/native-environment.js',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test/**/*.test.tsx'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '<rootDir>/test/(browser|farm|faults|gimp|krita|psd-tools|soak|triton)/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
      },
    ],
  },
};
