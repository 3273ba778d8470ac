import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What replaying every kept episode of a host through the same functions finds. */
export interface Replayed {
  episodes: number;
  /** Episodes in which the code decides otherwise than it did. */
  differences: number;
}

export interface KeptEpisodes {
  appDir: string;
  /** Of the host, which may be running. */
  dataDir: string;
  /** Without these the app does not load. */
  settings: Readonly<Record<string, string>>;
}

export async function replayedEpisodes({ appDir, dataDir, settings }: KeptEpisodes): Promise<Replayed> {
  const args = ['emulators/functions-host/replay-check.ts', '--app', appDir, '--data', dataDir];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  const line = said.split('\n').find(each => each.startsWith('{"episodes"'));
  if (line === undefined) throw new Error(`The episodes could not be replayed: ${complained}`);
  const { episodes, differences } = JSON.parse(line) as { episodes: number; differences: unknown[] };
  return { episodes, differences: differences.length };
}
