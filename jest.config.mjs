/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // The sources are ES modules in TypeScript; so are some of the packages. Jest runs CommonJS.
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(@actions|@otplib|otplib|@scure|@noble)/)'],
  globalSetup: '<rootDir>/__tests__/support/global-setup.ts',
  maxWorkers: 2,
  testTimeout: 30_000,
};
