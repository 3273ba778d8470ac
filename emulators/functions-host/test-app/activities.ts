import { setTimeout as pause } from 'node:timers/promises';
import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { note } from './journal.ts';

/** Activities that note each run in the journal. */

const failures = new Map<string, number>();

df.app.activity('hello', {
  handler: (name: string, context: InvocationContext) => {
    note(`hello ${name}`);
    return `Hello ${name} from ${context.triggerMetadata?.['instanceId']}`;
  },
});

df.app.activity('show', { handler: (input: unknown) => ({ type: typeof input, input: input ?? null }) });

df.app.activity('nothing', { handler: () => undefined });

df.app.activity('slow', {
  handler: async ({ label, ms }: { label: string; ms: number }) => {
    note(`begin ${label}`);
    await pause(ms);
    note(`end ${label}`);
    return label.toUpperCase();
  },
});

df.app.activity('flaky', {
  handler: ({ key, failures: wanted }: { key: string; failures: number }) => {
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    note(`flaky ${key} ${count}`);
    if (count <= wanted) throw new Error(`attempt ${count}`);
    return count;
  },
});
