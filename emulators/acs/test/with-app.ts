import { test } from 'vitest';
import type { App } from './app.ts';
import { startApp } from './app.ts';

/** A test that gets an app of its own, so that tests which mostly wait for audio can wait side by side. */
export function testWithApp(options: Parameters<typeof startApp>[0] = {}) {
  return test.extend<{ app: App }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from this pattern
    app: async ({}, use) => {
      const app = await startApp(options);
      await use(app);
      await app.close();
    },
  });
}
