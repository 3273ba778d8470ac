import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createEpochs, type Lane } from './lane.ts';
import type { FromTurn, ToTurn } from './turn-messages.ts';
import { workerLane } from './worker-lane.ts';

const page = (greeting: string) => `name: desk\ndescription: x\ngreeting: ${greeting}\nprompt: Be kind.\n`;

let folder = '';
let lane: Lane<ToTurn> | undefined;
afterEach(async () => {
  await lane?.close();
  await rm(folder, { recursive: true });
  vi.unstubAllEnvs();
});

test('with AGENTS_RELOAD an edited page reaches the media thread, and a broken edit does not', async () => {
  folder = await mkdtemp(join(tmpdir(), 'reload-'));
  await writeFile(join(folder, 'desk.yaml'), page('One.'));
  const wanted = {
    AGENTS_DIR: folder,
    AGENTS_RELOAD: 'on',
    LOG_LEVEL: 'silent',
    AZURE_OPENAI_API_KEY: 'nobody-is-asked-here',
    BASE_URL: 'http://127.0.0.1:9',
    CONTROL_KEY: 'nobody-is-asked-here',
    CALL_SECRET: 'nobody-is-asked-here',
  };
  for (const [name, value] of Object.entries(wanted)) vi.stubEnv(name, value);
  const greetings: (string | undefined)[] = [];
  let died: Error | undefined;
  const greeting = () => {
    if (died) throw died;
    return greetings.at(-1);
  };
  lane = workerLane<ToTurn, FromTurn>(
    'turn-worker',
    createEpochs(1),
    message => {
      if (message.type === 'ready') greetings.push(message.agents[0]?.greeting.join(' '));
    },
    error => {
      died = error;
      lane = undefined;
    },
  );
  await expect.poll(greeting, { timeout: 10_000 }).toBe('One.');
  await writeFile(join(folder, 'desk.yaml'), page('Two.').replace('name', 'nmae'));
  await writeFile(join(folder, 'other.yaml'), 'name: [');
  await rm(join(folder, 'other.yaml'));
  await writeFile(join(folder, 'desk.yaml'), page('Three.'));
  await expect.poll(greeting, { timeout: 10_000 }).toBe('Three.');
  expect(new Set(greetings)).toEqual(new Set(['One.', 'Three.']));
});
