import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createEpochs, type Lane } from './lane.ts';
import type { FromTurn, ToTurn } from './turn-messages.ts';
import { workerLane } from './worker-lane.ts';

const page = (greeting: string) => `name: desk\ndescription: x\ngreeting: ${greeting}\nprompt: Be kind.\n`;

let folder = '';
const lanes: Lane<ToTurn>[] = [];
afterEach(async () => {
  await Promise.all(lanes.splice(0).map(lane => lane.close()));
  await rm(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** A turn lane over the folder; the greetings it has told of. */
function lane(reload: 'on' | 'off') {
  const wanted = {
    AGENTS_DIR: folder,
    AGENTS_RELOAD: reload,
    LOG_LEVEL: 'silent',
    AZURE_OPENAI_API_KEY: 'nobody-is-asked-here',
    BASE_URL: 'http://127.0.0.1:9',
    CONTROL_KEY: 'nobody-is-asked-here',
    CALL_SECRET: 'nobody-is-asked-here',
  };
  for (const [name, value] of Object.entries(wanted)) vi.stubEnv(name, value);
  const greetings: (string | undefined)[] = [];
  let died: Error | undefined;
  const started = workerLane<ToTurn, FromTurn>(
    'turn-worker',
    createEpochs(1),
    message => {
      if (message.type === 'ready') greetings.push(message.agents[0]?.greeting.join(' '));
    },
    error => {
      died = error;
      lanes.splice(lanes.indexOf(started), 1);
    },
  );
  lanes.push(started);
  const greeting = () => {
    if (died) throw died;
    return greetings.at(-1);
  };
  return { greetings, tells: (words: string) => expect.poll(greeting, { timeout: 10_000 }).toBe(words) };
}

const write = (greeting: string) => writeFile(join(folder, 'desk.yaml'), page(greeting));

test('with AGENTS_RELOAD an edited page reaches the media thread, and a broken edit does not; without, none does', async () => {
  folder = await mkdtemp(join(tmpdir(), 'reload-'));
  await write('One.');
  const [on, off] = [lane('on'), lane('off')];
  await Promise.all([on.tells('One.'), off.tells('One.')]);
  await writeFile(join(folder, 'desk.yaml'), page('Two.').replace('name', 'nmae'));
  await writeFile(join(folder, 'other.yaml'), 'name: [');
  await rm(join(folder, 'other.yaml'));
  await write('Three.');
  await on.tells('Three.');
  expect(new Set(on.greetings)).toEqual(new Set(['One.', 'Three.']));
  // Once more, so that whoever watches has had the time to tell of the third.
  await write('Four.');
  await on.tells('Four.');
  expect(off.greetings).toEqual(['One.']);
});
