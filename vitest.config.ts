import { defineConfig } from 'vitest/config';

const common = { pool: 'forks' as const, testTimeout: 30_000, hookTimeout: 30_000 };

/** Units first, on all cores; then the whole system in real time, one file after the other so that calls keep their pace. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'units',
          include: [
            '{contracts,agents,functions,media-host,emulators,commands,bench}/**/*.test.ts',
            'test/arrows.test.ts',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'calls',
          include: ['test/*.test.ts'],
          exclude: ['test/arrows.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
