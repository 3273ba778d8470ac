import { defineConfig } from 'vitest/config';

const units = [
  '{contracts,agents,functions,media-host,emulators,commands,bench}/**/*.test.ts',
  'test/arrows.test.ts',
  'test/seeds.test.ts',
];
/** Whole systems and conversations in real time: they wait more than they work, and want their pace undisturbed. */
const calls = [
  'test/*.test.ts',
  'commands/system.test.ts',
  'functions/{incoming-call,surviving,surviving-handoff,surviving-silence,call-events,after-call}.test.ts',
  'functions/calls/calls-api.test.ts',
  'functions/effects/effects.test.ts',
];
const common = { pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 60_000, setupFiles: ['test/seed.ts'] };

/** Units first, on all cores; then the calls. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'units',
          include: units,
          exclude: calls.slice(1),
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'calls',
          include: calls,
          exclude: units.slice(1),
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
