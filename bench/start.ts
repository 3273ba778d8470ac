import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { atMost, type Benchmark, machine, rounded } from './result.ts';

/**
 * `npm start -- --once` as a newcomer types it, with nothing built: how long until the caller has heard the agent's first
 * utterance. The terminal shows an utterance when it is over, so the first word came a few seconds earlier still.
 */
export const start: Benchmark = {
  about: 'from the command to the first agent words in the caller’s ear',
  run: async say => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    await rm('dist', { recursive: true, force: true });
    try {
      const began = performance.now();
      const command = spawn('npm', ['start', '--', '--once'], {
        env: { ...process.env, SWITCHBOARD_HOME: home },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const exited = once(command, 'exit');
      let heardMs = Number.NaN;
      let readyMs = Number.NaN;
      for (const stream of [command.stdout, command.stderr]) {
        createInterface({ input: stream }).on('line', line => {
          const ms = performance.now() - began;
          if (/ready in/.test(line)) readyMs = ms;
          if (/\sagent\s/.test(line) && Number.isNaN(heardMs)) heardMs = ms;
          say(`  ${line}`);
        });
      }
      const [code] = (await exited) as [number | null];
      return {
        name: 'start',
        machine: machine(),
        metrics: {
          'everything ready, ms': rounded(readyMs),
          'greeting heard, ms': rounded(heardMs),
          'call and record done, ms': rounded(performance.now() - began),
        },
        promises: [
          atMost('first agent words heard after the command', 20_000, heardMs, 'ms'),
          atMost('exit code', 0, code ?? 255, ''),
        ],
      };
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};
