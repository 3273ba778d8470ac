import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { machineClock, virtualClock } from '../clock.ts';
import { createMetrics } from '../observe/metrics.ts';
import { controlPlaneClient } from './control-plane.ts';

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
  const bodies: string[] = [];
  const answerTo = (question: number) => answers[Math.min(question, answers.length - 1)];
  const server = createServer((request, response) => {
    const question = asked.push(request) - 1;
    bodies[question] = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      bodies[question] += part;
    });
    request.on('end', () => answerTo(question)?.(response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { asked, bodies, answerTo, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Says that the conversation is over and lets time pass until nobody waits for anything any more. */
async function conversationOver(answers: readonly Answer[], reason?: string) {
  const { asked, bodies, answerTo, url } = await controlPlane(answers);
  const clock = virtualClock();
  const metrics = createMetrics();
  const waitsMs: number[] = [];
  const after = (ms: number, run: () => void) => {
    waitsMs.push(ms);
    return clock.after(ms, run);
  };
  let unheard = 0;
  const control = controlPlaneClient({ BASE_URL: url, CONTROL_KEY: 'the key' }, { ...clock, after }, metrics);
  control.conversationOver(callId, () => unheard++, reason);
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
  return { asked, bodies, unheard, unheardCount: metrics.counters()['hang-ups-unheard'] ?? 0 };
}

test('the control plane is shown the key and told of the call', async () => {
  const { asked, unheard } = await conversationOver([status(202)]);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    method: 'POST',
    url: `/api/v1/calls/${callId}/conversation-over`,
    headers: { 'x-switchboard-key': 'the key', 'content-type': 'application/json' },
  });
  expect(unheard).toBe(0);
});

test.each([
  ['settled', 'settled'],
  ['caller-says-goodbye', 'caller-says-goodbye'],
  [undefined, 'conversation-over'],
  ['Ann Miller is happy', 'conversation-over'],
  ['+15550100', 'conversation-over'],
])('the reason %s is told as %s: it stands in the record, where nothing of what was said may', async (reason, told) => {
  const { bodies } = await conversationOver([status(202)], reason);
  expect(bodies.map(body => JSON.parse(body))).toEqual([{ by: 'agent', reason: told }]);
});

test.each<[string, Answer[], number]>([
  ['is away for a moment', [status(503), status(202)], 2],
  ['hangs up, then does not answer in time', [hangsUp, undefined, status(202)], 3],
  ['has ended the call already', [status(409)], 1],
  ['knows no such call any more', [status(404)], 1],
])('a control plane that %s is asked until it is done, and nobody is left on the line', async (_, answers, times) => {
  const { asked, unheard, unheardCount } = await conversationOver(answers);
  expect(asked).toHaveLength(times);
  expect([unheard, unheardCount]).toEqual([0, 0]);
});

test.each<[string, Answer]>([
  ['refuses the key', status(401)],
  ['is away', status(503)],
  ['hangs up', hangsUp],
  ['never answers', undefined],
])('where the control plane %s to the last, the call is told so once', async (_, answer) => {
  const { asked, unheard, unheardCount } = await conversationOver([answer]);
  expect(asked).toHaveLength(4);
  expect([unheard, unheardCount]).toEqual([1, 1]);
});

describe('an effect', () => {
  const ask = { key: 'turn-1:book-table:abc', tool: 'book-table', arguments: { persons: 4 } };
  const json =
    (code: number, body: unknown, headers = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

  async function asked(...answers: readonly Answer[]) {
    const { asked: questions, url } = await controlPlane(answers);
    // Pauses take no time here.
    const after = (ms: number, run: () => void) => machineClock.after(ms === patienceMs ? ms : 0, run);
    const control = controlPlaneClient(
      { BASE_URL: url, CONTROL_KEY: 'the key' },
      { ...machineClock, after },
      createMetrics(),
    );
    const outcome = await control.effect(callId, ask, new AbortController().signal).then(
      result => ({ result }),
      (error: { code: string }) => ({ code: error.code }),
    );
    return { outcome, questions: questions.map(({ method, url: path }) => `${method} ${path}`) };
  }

  test('that takes its time is asked about at its own place until it is done', async () => {
    const location = `/api/v1/calls/${callId}/effects/one`;
    const { outcome, questions } = await asked(
      json(202, { status: 'running' }, { location, 'retry-after': '1' }),
      json(202, { status: 'running' }, { location: `http://elsewhere.example${location}` }),
      json(200, { status: 'done', result: { table: 1 } }),
    );
    expect(outcome).toEqual({ result: { table: 1 } });
    expect(questions).toEqual([`POST /api/v1/calls/${callId}/effects`, `GET ${location}`, `GET ${location}`]);
  });

  test.each<[string, Answer[], string, number]>([
    ['failed', [json(424, {})], 'TOOL_FAILED', 1],
    ['is refused', [json(422, {})], 'TOOL_FAILED', 1],
    ['cannot be asked for', [hangsUp, status(503)], 'EFFECT_ABANDONED', 4],
    ['has an outcome nobody can read', [json(200, 'garbage')], 'EFFECT_ABANDONED', 1],
  ])('that %s is told as such', async (_, answers, code, times) => {
    const { outcome, questions } = await asked(...answers);
    expect(outcome).toEqual({ code });
    expect(questions).toHaveLength(times);
  });
});

test('a person is asked for until it is heard; a refusal is told once', async () => {
  const { asked, url } = await controlPlane([status(503), status(202), status(409)]);
  const after = (ms: number, run: () => void) => machineClock.after(ms === patienceMs ? ms : 0, run);
  const control = controlPlaneClient(
    { BASE_URL: url, CONTROL_KEY: 'the key' },
    { ...machineClock, after },
    createMetrics(),
  );
  const ask = { reason: 'invoice', summary: '' };
  control.askForPerson(callId, ask, () => expect.unreachable('it was heard'));
  await vi.waitUntil(() => asked.length === 2, { interval: 2, timeout: 10_000 });
  const refused = await new Promise<number>(resolve => control.askForPerson(callId, ask, resolve));
  expect(refused).toBe(409);
  expect(asked.map(({ method, url: path }) => `${method} ${path}`)).toEqual(
    Array.from({ length: 3 }, () => `POST /api/v1/calls/${callId}/handoff`),
  );
});
