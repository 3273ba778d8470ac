import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { virtualClock } from './clock.ts';
import { controlPlaneClient } from './control-plane.ts';
import { createMetrics } from './observe/metrics.ts';

const callId = 'a'.repeat(32);
const patienceMs = 2000;

/** Answers one question; undefined leaves it unanswered. */
type Answer = ((response: ServerResponse) => void) | undefined;
const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end();
const hangsUp = (response: ServerResponse) => void response.destroy();

let close = async (): Promise<unknown> => undefined;
afterEach(() => close());

/** A control plane on a real socket; its last answer is the one to all questions that follow. */
async function controlPlane(answers: readonly Answer[]) {
  const asked: IncomingMessage[] = [];
  const answerTo = (question: number) => answers[Math.min(question, answers.length - 1)];
  const server = createServer((request, response) => {
    request.resume();
    answerTo(asked.push(request) - 1)?.(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { asked, answerTo, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Says that the conversation is over and lets time pass until nobody waits for anything any more. */
async function conversationOver(...answers: readonly Answer[]) {
  const { asked, answerTo, url } = await controlPlane(answers);
  const clock = virtualClock();
  const metrics = createMetrics();
  const waitsMs: number[] = [];
  const after = (ms: number, run: () => void) => {
    waitsMs.push(ms);
    return clock.after(ms, run);
  };
  let unheard = 0;
  const control = controlPlaneClient({ BASE_URL: url, CONTROL_KEY: 'the key' }, { ...clock, after }, metrics);
  control.conversationOver(callId, () => unheard++);
  while (clock.waiting() > 0) {
    const [questions, waits] = [asked.length, waitsMs.length];
    clock.advance(waitsMs.at(-1) ?? 0);
    await vi.waitUntil(() => asked.length > questions, { interval: 2, timeout: 10_000 });
    const answered = answerTo(questions) !== undefined;
    if (!answered) clock.advance(patienceMs);
    // Beside the patience with this question: another pause. Without one, it is done or given up.
    const settled = () => waitsMs.length > waits + 1 || unheard > 0 || (answered && clock.waiting() === 0);
    await vi.waitUntil(settled, { interval: 2, timeout: 10_000 });
  }
  return { asked, unheard, unheardCount: metrics.counters()['hang-ups-unheard'] ?? 0 };
}

test('the control plane is shown the key and told of the call', async () => {
  const { asked, unheard } = await conversationOver(status(202));
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    method: 'POST',
    url: `/api/v1/calls/${callId}/conversation-over`,
    headers: { 'x-switchboard-key': 'the key', 'content-type': 'application/json' },
  });
  expect(unheard).toBe(0);
});

test.each<[string, Answer[], number]>([
  ['is away for a moment', [status(503), status(202)], 2],
  ['hangs up, then does not answer in time', [hangsUp, undefined, status(202)], 3],
  ['has ended the call already', [status(409)], 1],
  ['knows no such call any more', [status(404)], 1],
])('a control plane that %s is asked until it is done, and nobody is left on the line', async (_, answers, times) => {
  const { asked, unheard, unheardCount } = await conversationOver(...answers);
  expect(asked).toHaveLength(times);
  expect([unheard, unheardCount]).toEqual([0, 0]);
});

test.each<[string, Answer]>([
  ['refuses the key', status(401)],
  ['is away', status(503)],
  ['hangs up', hangsUp],
  ['never answers', undefined],
])('where the control plane %s to the last, the call is told so once', async (_, answer) => {
  const { asked, unheard, unheardCount } = await conversationOver(answer);
  expect(asked).toHaveLength(4);
  expect([unheard, unheardCount]).toEqual([1, 1]);
});
