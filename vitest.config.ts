import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contracts,agents,functions,media-host,emulators,commands,bench,test}/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
});
