/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // The package of the command has the name of this one.
  modulePathIgnorePatterns: ['<rootDir>/build/'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // The sources are ES modules in TypeScript; so are some of the packages. Jest runs CommonJS.
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@actions|@octokit|universal-user-agent|before-after-hook|json-with-bigint|content-type|@otplib|otplib|@scure|@noble|jose|commander|p-limit|yocto-queue|@aws-sdk/client-(sts|iam)/dist-es)/)',
  ],
  // These packages open their doors to `import` only.
  moduleNameMapper: {
    '^@actions/(core|exec|io)$': '<rootDir>/node_modules/@actions/$1/lib/$1.js',
    '^@actions/http-client$': '<rootDir>/node_modules/@actions/http-client/lib/index.js',
    '^@actions/([a-z-]+/lib/[a-z-]+)$': '<rootDir>/node_modules/@actions/$1.js',
  },
  globalSetup: '<rootDir>/__tests__/kit/global-setup.ts',
  maxWorkers: 2,
  // For a test that hangs. Speed is not tested: a busy machine may take long.
  testTimeout: 180_000,
};
