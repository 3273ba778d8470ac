import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { type Chat, startChat } from '../../emulators/chat/chat.ts';
import { createEpochs, type Lane, setEpoch } from './lane.ts';
import type { FromTurn, ToTurn } from './turn-messages.ts';
import { workerLane } from './worker-lane.ts';

const story = 'word '
  .repeat(600)
  .trim()
  .replaceAll(/((?:word ){9})word/g, '$1end.');
const callers = 24;

let chat: Chat | undefined;
let lane: Lane<ToTurn> | undefined;
afterEach(async () => {
  await lane?.close();
  await chat?.close();
  lane = undefined;
  chat = undefined;
  vi.unstubAllEnvs();
});

test('a barge-in closes the HTTP stream of its call while the lane is busy with others, and it is not asked again', async () => {
  chat = await startChat({ rules: [{ say: story, ttftMs: 5, gapMs: 40 }], models: ['gpt-test'] });
  vi.stubEnv('AZURE_OPENAI_ENDPOINT', chat.url);
  vi.stubEnv('AZURE_OPENAI_API_KEY', chat.key);
  vi.stubEnv('LLM_MODEL', 'gpt-test');
  vi.stubEnv('BASE_URL', 'http://127.0.0.1:9');
  vi.stubEnv('CONTROL_KEY', 'nobody-is-asked-here');
  vi.stubEnv('CALL_SECRET', 'a-secret-for-tests-only');
  vi.stubEnv('AGENTS_DIR', join(import.meta.dirname, '../../agents'));
  const epochs = createEpochs(callers);
  const speaking = new Map<number, PromiseWithResolvers<void>>();
  const numbers = Array.from({ length: callers }, (_, call) => call);
  for (const call of numbers) speaking.set(call, Promise.withResolvers());
  const sentencesAfterCut: number[] = [];
  const cut = new Set<number>();
  lane = await new Promise<Lane<ToTurn>>((resolve, reject) => {
    const made = workerLane<ToTurn, FromTurn>(
      'turn-worker',
      epochs,
      message => {
        if (message.type === 'ready') resolve(made);
        else if (message.type === 'not-ready') reject(new Error(message.message));
        else if (message.type === 'sentence') {
          if (cut.has(message.call)) sentencesAfterCut.push(message.call);
          speaking.get(message.call)?.resolve();
        }
      },
      reject,
    );
  });
  for (const call of numbers) {
    const callId = String(call).padStart(32, '0');
    lane.post({ type: 'open', call, cell: call, callId, agent: 'reception', direction: 'in' });
    setEpoch(epochs, call, 1);
    lane.post({ type: 'take', call, turn: 1, epoch: 1, said: `I am caller ${call}.` });
  }
  await Promise.all([...speaking.values()].map(({ promise }) => promise));

  const hushedAt = new Map<number, number>();
  const recordOf = (call: number) => chat?.requests.find(({ lastUser }) => lastUser === `I am caller ${call}.`);
  for (const call of [3, 11, 17]) {
    hushedAt.set(call, Date.now());
    setEpoch(epochs, call, 2);
    lane.post({ type: 'hush', call, epoch: 2 });
    await expect.poll(() => recordOf(call)?.outcome, { interval: 5 }).toBe('aborted');
    // What was on its way between the threads at the barge-in is dropped by its epoch.
    cut.add(call);
  }
  const closedMs = [...hushedAt].map(([call, at]) => {
    const record = recordOf(call);
    return Date.parse(record?.at ?? '') + (record?.abortedAfterMs ?? Number.NaN) - at;
  });
  console.log(
    `HTTP stream closed after the barge-in, ${callers} calls streaming: ${closedMs.map(Math.round).join(', ')} ms`,
  );

  expect(chat.requests).toHaveLength(callers);
  expect(chat.requests.filter(({ outcome }) => outcome === 'open')).toHaveLength(callers - 3);
  for (const call of hushedAt.keys()) expect(recordOf(call)?.sent.length).toBeLessThan(story.length / 2);
  expect(sentencesAfterCut).toEqual([]);
});
