import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Only what a test imports is loaded: no globals, no set-up files.
    globals: false,
    passWithNoTests: false,
    // Two cores are the smallest machine that this must be pleasant on.
    maxWorkers: 2,
    // The limits end what hangs. They are no claims: a busy machine may take four times as long as an idle one.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // Real containers share the kernel's cgroup tree and mount table: one file after the other.
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'specification',
          include: ['test/specification/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'engines',
          include: ['test/engines/**/*.test.ts'],
          // Each file starts an engine of its own, which two cores are enough for.
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
